namespace Hone.Quantum.CompVqc;

/// <summary>Adam (Kingma and Ba, ICLR 2015) with frozen values and a pull.</summary>
internal static class Adam
{
    /// <param name="slopes">Sets the loss's slopes at values.</param>
    /// <returns>The values after so many steps with fresh moments.</returns>
    public static double[] Run(double[] start, int steps, double rate, CompVqcConfig config, bool[]? frozen, Pull? pull, Action<double[], double[]> slopes)
    {
        int n = start.Length;
        double[] values = [.. start], gradient = new double[n], first = new double[n], second = new double[n];
        for (int step = 1; step <= steps; step++)
        {
            slopes(values, gradient);
            double grown1 = 1 - Math.Pow(config.Beta1, step), grown2 = 1 - Math.Pow(config.Beta2, step);
            for (int p = 0; p < n; p++)
            {
                if (frozen is not null && frozen[p]) continue;
                double g = gradient[p] + (pull is null ? 0 : pull.Rho * (values[p] - pull.Values[p]));
                first[p] = config.Beta1 * first[p] + (1 - config.Beta1) * g;
                second[p] = config.Beta2 * second[p] + (1 - config.Beta2) * g * g;
                values[p] -= rate * (first[p] / grown1) / (Math.Sqrt(second[p] / grown2) + config.Epsilon);
            }
        }
        return values;
    }
}
