using Hone.Devices.Cpu;
using Hone.Devices.Cpu.Gemm;
using Hone.Model;

namespace Hone.Core.Tests.Devices.Cpu;

public class MixedGemmTests
{
    [Fact]
    public void EveryPartGivesWhatItsOwnProductGivesAndKeepsToItsColumns()
    {
        using var workers = new Workers(2);
        foreach (int m in new[] { 1, 9, 30 })
        foreach (int k in new[] { 5, 64, 130 })
        {
            CodePart[] parts = [new(17, 4), new(40, 8), new(0, 4), new(3, 4, 32), new(33, 8, 64)];
            int n = parts.Sum(p => p.Outputs);
            var chance = new Chance(3, Streams.Sampling, (uint)(m * 1_000 + k));
            var sample = new Sample(m, n, k);
            List<sbyte> w = [];
            foreach (CodePart part in parts)
                for (int i = 0; i < part.Outputs * k; i++) w.Add((sbyte)(chance.Next(1 << part.Bits) - (1 << (part.Bits - 1))));
            float[] scales = [.. Enumerable.Range(0, parts.Sum(p => p.Outputs * p.Scales(k))).Select(_ => chance.Next(64) / 64f)];
            float[] y = new float[m * n + 2 * Sample.Canaries];
            Array.Fill(y, Sample.Canary);
            new MixedGemm([.. w], parts, k, scales, sample.Bias, m).Run(sample.X, y.AsSpan(Sample.Canaries, m * n), m, workers);
            Assert.All(y[..Sample.Canaries].Concat(y[^Sample.Canaries..]), v => Assert.Equal(Sample.Canary, v));
            int from = 0, scale = 0;
            foreach (CodePart part in parts.Where(p => p.Outputs > 0))
            {
                int count = part.Outputs * part.Scales(k);
                float[] alone = new float[m * part.Outputs], bias = sample.Bias[from..(from + part.Outputs)], own = scales[scale..(scale + count)];
                sbyte[] codes = [.. w[(from * k)..((from + part.Outputs) * k)]];
                IGemm gemm = part.Bits == 4 ? new NibbleGemm(codes, part.Outputs, k, own, bias, m, part.Group) : new ByteGemm(codes, part.Outputs, k, own, bias, m, part.Group);
                gemm.Run(sample.X, alone, m, workers);
                for (int i = 0; i < m; i++) Assert.Equal(alone[(i * part.Outputs)..((i + 1) * part.Outputs)], y[(Sample.Canaries + i * n + from)..(Sample.Canaries + i * n + from + part.Outputs)]);
                (from, scale) = (from + part.Outputs, scale + count);
            }
        }
    }

    [Fact]
    public void WhatDoesNotFitIsRefused()
    {
        Assert.Contains("expected 4 or 8 bits, got 5", Assert.Throws<ArgumentException>(() => new MixedGemm([1], [new CodePart(1, 5)], 1, [1], default, 1)).Message);
        Assert.Contains("expected 3 scales, got 2", Assert.Throws<ArgumentException>(() => new MixedGemm(new sbyte[128], [new CodePart(1, 4), new CodePart(1, 8, 32)], 64, [1, 1], default, 1)).Message);
        Assert.Contains("expected codes from -8 to 7, got 8", Assert.Throws<ArgumentException>(() => new MixedGemm([8], [new CodePart(1, 4)], 1, [1], default, 1)).Message);
    }
}
