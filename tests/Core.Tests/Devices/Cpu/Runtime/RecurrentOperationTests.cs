using Hone.Devices.Cpu.Gemm;
using Hone.Devices.Cpu.Runtime.Matrices;
using Hone.Devices.Cpu.Runtime.Operations;
using Hone.Model;

namespace Hone.Core.Tests.Devices.Cpu.Runtime;

public class RecurrentOperationTests
{
    private const double Bound = 1e-5;   // of the largest state, after up to nine steps

    [Theory]
    [InlineData(Cell.Gru, 3)]
    [InlineData(Cell.Lstm, 4)]
    public void ACellIsThatOfTheReferenceAtAwkwardSizes(Cell cell, int gates)
    {
        foreach (int hidden in Operands.Awkward)
        foreach (int inputs in new[] { 1, 7, 17 })
        foreach (int batch in new[] { 1, 3 })
        foreach (int steps in new[] { 1, 2, 9 })
        {
            int rows = gates * hidden;
            float[] wx = Operands.Draw(rows * inputs, 1), wh = Operands.Draw(rows * hidden, 2, range: 1 / MathF.Sqrt(hidden)), bx = Operands.Draw(rows, 3), bh = Operands.Draw(rows, 4), x = Operands.Draw(steps * batch * inputs, 5);
            float[] y = Operands.Run(_ => new RecurrentOperation(cell, new GemmMatrix(new FloatGemm(wx, rows, inputs, bx)), new GemmMatrix(new FloatGemm(wh, rows, hidden, bh)), steps, batch), x);
            Operands.Near(Reference(cell, wx, bx, wh, bh, hidden, inputs, batch, steps, x), y, Bound, $"{cell} {hidden} x {inputs}, batch {batch}, {steps} steps");
        }
    }

    // By the definition (torch.nn.GRU, torch.nn.LSTM), in double.
    private static double[] Reference(Cell cell, float[] wx, float[] bx, float[] wh, float[] bh, int hidden, int inputs, int batch, int steps, float[] x)
    {
        double[] y = new double[steps * batch * hidden];
        for (int b = 0; b < batch; b++)
        {
            double[] h = new double[hidden], c = new double[hidden];
            for (int t = 0; t < steps; t++)
            {
                double[] before = [.. h];
                double X(int row) => bx[row] + Enumerable.Range(0, inputs).Sum(k => (double)wx[row * inputs + k] * x[(t * batch + b) * inputs + k]);
                double H(int row) => bh[row] + Enumerable.Range(0, hidden).Sum(k => wh[row * hidden + k] * before[k]);
                double Both(int row) => X(row) + H(row);
                for (int j = 0; j < hidden; j++)
                {
                    if (cell == Cell.Gru)
                    {
                        double r = Sigmoid(Both(j)), z = Sigmoid(Both(hidden + j)), n = Math.Tanh(X(2 * hidden + j) + r * H(2 * hidden + j));
                        h[j] = (1 - z) * n + z * before[j];
                    }
                    else
                    {
                        c[j] = Sigmoid(Both(hidden + j)) * c[j] + Sigmoid(Both(j)) * Math.Tanh(Both(2 * hidden + j));
                        h[j] = Sigmoid(Both(3 * hidden + j)) * Math.Tanh(c[j]);
                    }
                    y[(t * batch + b) * hidden + j] = h[j];
                }
            }
        }
        return y;
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
}
