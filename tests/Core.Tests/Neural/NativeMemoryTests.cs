using System.Diagnostics;
using Hone.Neural.Quantize;
using static TorchSharp.torch;

namespace Hone.Core.Tests.Neural;

public class NativeMemoryTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void CodesLeaveNoNativeMemoryBehind(bool gradients)
    {
        using var scope = NewDisposeScope();
        Tensor u = ones(1 << 20, requires_grad: gradients);   // 4 MiB
        Run(20);
        long before = Resident();
        Run(200);
        Assert.InRange(Resident() - before, long.MinValue, 200L << 20);   // a leak would hold 800 MiB

        void Run(int times)
        {
            for (int i = 0; i < times; i++)
            {
                using var step = NewDisposeScope();
                Tensor codes = FakeQuantizer.Codes(u, -32, 31, ScalarType.Float32);
                if (gradients) codes.sum().backward();
            }
        }

        static long Resident()
        {
            using var process = Process.GetCurrentProcess();
            return process.WorkingSet64;
        }
    }
}
