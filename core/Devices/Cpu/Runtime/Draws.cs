using Hone.Model;

namespace Hone.Devices.Cpu.Runtime;

/// <summary>The random numbers of one operation, a pure function of the seed and the operation's place.</summary>
internal sealed class Draws(ulong seed, uint operation)
{
    private readonly Chance _chance = new(seed, Streams.Weights, operation);

    /// <summary>Uniform within <paramref name="range"/> around <paramref name="centre"/>; two of each draw of 64 bits.</summary>
    public float[] Floats(int count, float range, float centre = 0)
    {
        float[] values = new float[count];
        float unit = range / 0x8000_0000u;
        for (int i = 0; i < count; i += 2)
        {
            ulong bits = _chance.NextBits();
            values[i] = centre + (int)(bits >> 32) * unit;
            if (i + 1 < count) values[i + 1] = centre + (int)bits * unit;
        }
        return values;
    }

    /// <summary>Uniform codes from -127 to 127; eight of each draw.</summary>
    public sbyte[] Codes(int count)
    {
        sbyte[] codes = new sbyte[count];
        ulong bits = 0;
        for (int i = 0; i < count; i++, bits >>= 8)
        {
            if (i % 8 == 0) bits = _chance.NextBits();
            codes[i] = (sbyte)Math.Max((sbyte)bits, (sbyte)-127);
        }
        return codes;
    }

    public bool Happens(double probability) => _chance.Happens(probability);
}
