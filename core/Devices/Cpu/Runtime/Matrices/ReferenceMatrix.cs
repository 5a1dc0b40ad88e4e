using Hone.Devices.Cpu.Gemm;

namespace Hone.Devices.Cpu.Runtime.Matrices;

/// <summary>The product one element after the other, for weights that no fast kernel covers.</summary>
internal sealed unsafe class ReferenceMatrix : Matrix
{
    private readonly Elements _elements;
    private readonly AfterStep _after = new();

    /// <param name="weights">[N][K].</param>
    /// <param name="bias">[N].</param>
    public ReferenceMatrix(float[] weights, int outputs, int inputs, float[] bias) : base(outputs, inputs, InstructionSet.Scalar) => _elements = new Elements(weights, outputs, inputs, bias);

    public override void Run(ReadOnlySpan<float> x, Span<float> y, int rows, Workers workers, IAfter? after = null)
    {
        fixed (float* from = x, to = y)
        {
            _elements.Run(from, to, rows, workers);
            if (after is not null) _after.Run(after, to, rows, workers);
        }
    }

    private sealed class Elements(float[] weights, int outputs, int inputs, float[] bias) : Step
    {
        private float* _x, _y;
        private int _rows;

        public void Run(float* x, float* y, int rows, Workers workers)
        {
            _x = x;
            _y = y;
            _rows = rows;
            workers.Run(this);
        }

        protected internal override void Part(int part, int parts)
        {
            (int from, int to) = Share(_rows * outputs, part, parts);
            for (int i = from; i < to; i++)
            {
                int n = i % outputs;
                float* x = _x + (nint)(i / outputs) * inputs;
                float sum = bias[n];
                for (int k = 0; k < inputs; k++) sum += x[k] * weights[n * inputs + k];
                _y[i] = sum;
            }
        }
    }
}
