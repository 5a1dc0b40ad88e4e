using Hone.Model;

namespace Hone.Grains.Telemetry;

/// <summary>What a shared training tells of itself, by its method.</summary>
internal static class TrainingTelemetry
{
    /// <summary>It goes on.</summary>
    /// <param name="method">The study's.</param>
    /// <param name="progress">Of all shards together; null: nothing was heard.</param>
    public static void Heard(string method, Progress? progress)
    {
        foreach (Figure figure in progress?.Values ?? [])
            if (figure.Name == "loss") HoneMeter.TrainingLoss.Record(figure.Value, Label.Method.Of(method));
            else if (figure.Name == "images/s") HoneMeter.TrainingRate.Record(figure.Value, Label.Method.Of(method));
    }

    /// <summary>It ended, or cannot go on.</summary>
    public static void Ended(string method) => HoneMeter.TrainingRate.Record(0, Label.Method.Of(method));
}
