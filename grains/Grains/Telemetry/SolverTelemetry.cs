using Hone.Contracts;
using Hone.Model;

namespace Hone.Grains.Telemetry;

/// <summary>What solvers tell of themselves, by their study's method.</summary>
internal static class SolverTelemetry
{
    /// <summary>The residuals of a moment; null where the work tells none.</summary>
    public static SolverPoint? Point(Progress progress)
    {
        double? Value(string name) => progress.Values.FirstOrDefault(v => v.Name == name)?.Value;
        return Value(SolverFigures.Primal) is { } primal && Value(SolverFigures.Dual) is { } dual ? new SolverPoint(progress.Step, Value(SolverFigures.Rho) ?? 0, primal, dual) : null;
    }

    /// <summary>A solver goes on.</summary>
    public static void Heard(string method, double primal, double dual)
    {
        HoneMeter.Residual.Record(primal, Label.Method.Of(method), Label.Residual.Of("primal"));
        HoneMeter.Residual.Record(dual, Label.Method.Of(method), Label.Residual.Of("dual"));
    }

    /// <summary>A solver ended, and its trial says with which residuals.</summary>
    public static void Ended(string method, ValueList<Measurement> found)
    {
        double? Value(string metric) => found.FirstOrDefault(m => m.Metric == metric)?.Value;
        if (Value(SolverFigures.PrimalMetric) is not { } primal || Value(SolverFigures.DualMetric) is not { } dual) return;
        HoneMeter.Solved.Record(primal, Label.Method.Of(method), Label.Residual.Of("primal"));
        HoneMeter.Solved.Record(dual, Label.Method.Of(method), Label.Residual.Of("dual"));
    }
}
