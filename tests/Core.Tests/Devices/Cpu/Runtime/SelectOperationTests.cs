using Hone.Devices.Cpu.Gemm;
using Hone.Devices.Cpu.Runtime.Matrices;
using Hone.Devices.Cpu.Runtime.Operations;

namespace Hone.Core.Tests.Devices.Cpu.Runtime;

public class SelectOperationTests
{
    private const double Bound = 1e-5;   // of the largest element

    [Fact]
    public void TheBestTokensStayInTheirOrderAndTheOthersArePackedByTheirScores()
    {
        const int batch = 3;
        foreach (int from in Operands.Awkward)
        foreach (int width in new[] { 1, 7, 8, 17 })
        foreach (int packages in new[] { 0, 1, 2 })
        foreach (int to in new[] { 1, (from + 1) / 2, from })
        {
            float[] w = Operands.Draw(2 * width, 1), bias = Operands.Draw(2, 2), x = Operands.Draw(batch * from * width, 3);
            var scorer = new GemmOperation(new GemmMatrix(new FloatGemm(w, 2, width, bias)), batch * from, []);
            // The scores of one token's two outputs: the second product takes the first's, so that its first output is the token's score.
            var second = new GemmOperation(new GemmMatrix(new FloatGemm([1, -1, 0, 1], 2, 2, default)), batch * from, []);
            float[] y = Operands.Run(_ => new SelectOperation([scorer, second], [1, 2], batch, from, to, packages, width), x);
            Operands.Near([.. Reference(batch, from, to, packages, width, w, bias, x), 1], [.. y, 1], Bound, $"{to} of {from} x {width}, {packages} packages");
        }
    }

    private static IEnumerable<double> Reference(int batch, int from, int to, int packages, int width, float[] w, float[] bias, float[] x)
    {
        for (int b = 0; b < batch; b++)
        {
            double[][] tokens = [.. Enumerable.Range(0, from).Select(t => Enumerable.Range(0, width).Select(c => (double)x[(b * from + t) * width + c]).ToArray())];
            double Output(int token, int row) => bias[row] + tokens[token].Select((v, c) => v * w[row * width + c]).Sum();
            double[] scores = [.. Enumerable.Range(0, from).Select(t => Output(t, 0) - Output(t, 1))];
            int[] best = [.. Enumerable.Range(0, from).OrderByDescending(t => scores[t]).Take(to).Order()], rest = [.. Enumerable.Range(0, from).Except(best)];
            foreach (int token in best)
                foreach (double v in tokens[token]) yield return v;
            for (int p = 0; p < packages; p++)
            {
                int[] part = rest[(rest.Length * p / packages)..(rest.Length * (p + 1) / packages)];
                double all = part.Sum(t => 1 / (1 + Math.Exp(-scores[t])));
                for (int c = 0; c < width; c++) yield return part.Length == 0 ? 0 : part.Sum(t => tokens[t][c] / (1 + Math.Exp(-scores[t]))) / all;
            }
        }
    }
}
