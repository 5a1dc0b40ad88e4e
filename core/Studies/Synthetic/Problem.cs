namespace Hone.Studies.Synthetic;

/// <summary>
/// A multi-objective problem with a known front, after Zitzler, Deb and Thiele (2000, "Comparison of multiobjective evolutionary algorithms")
/// and Deb et al. (2002, "Scalable multi-objective optimization test problems").
/// </summary>
/// <param name="Name">As in the study file's model.problem.</param>
/// <param name="Objectives">How many values it gives, f1...</param>
/// <param name="Of">x in [0, 1], shape (n), to losses, shape (objectives).</param>
internal sealed record Problem(string Name, int Objectives, Func<double[], double[]> Of)
{
    public static readonly Problem[] All =
    [
        new("zdt1", 2, x => Zdt(x, (f1, g) => 1 - Math.Sqrt(f1 / g))),
        new("zdt2", 2, x => Zdt(x, (f1, g) => 1 - f1 / g * (f1 / g))),
        new("zdt3", 2, x => Zdt(x, (f1, g) => 1 - Math.Sqrt(f1 / g) - f1 / g * Math.Sin(10 * Math.PI * f1))),
        new("dtlz2", 3, Dtlz2),
    ];

    private static double[] Zdt(double[] x, Func<double, double, double> h)
    {
        double g = 1 + 9 * x.Skip(1).Average();
        return [x[0], g * h(x[0], g)];
    }

    private static double[] Dtlz2(double[] x)
    {
        double g = x.Skip(2).Sum(v => (v - 0.5) * (v - 0.5)), a = x[0] * Math.PI / 2, b = x[1] * Math.PI / 2;
        return [(1 + g) * Math.Cos(a) * Math.Cos(b), (1 + g) * Math.Cos(a) * Math.Sin(b), (1 + g) * Math.Sin(a)];
    }
}
