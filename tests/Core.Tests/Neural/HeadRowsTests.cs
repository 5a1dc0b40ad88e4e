using Hone.Neural.Fused;
using Hone.Neural.Quantize;

namespace Hone.Core.Tests.Neural;

public class HeadRowsTests
{
    private static float[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(i => i % 97 == 13 ? float.NaN : (i - 40) * 1.01f)];

    private static ushort[] Halves(int count) => [.. Numbers(count).Select(Brains.Write)];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(17)]
    [InlineData(33)]
    public void ARowOfBFloat16IsReadAndWrittenAsItsNumbersAre(int count)
    {
        float[] numbers = Numbers(count), read = new float[count + 1];
        ushort[] written = new ushort[count + 1];
        Brains.Write(numbers, written);
        Assert.Equal([.. numbers.Select(Brains.Write), 0], written);
        Brains.Read(written.AsSpan(0, count), read);
        Assert.Equal([.. written[..count].Select(Brains.Read), 0], read);
    }

    [Theory]
    [InlineData(1, 8)]
    [InlineData(2, 16)]
    [InlineData(7, 24)]
    [InlineData(8, 8)]
    [InlineData(51, 16)]
    public void HeadsAreTakenTurnedAndGivenBack(int rows, int d)
    {
        Check<float, Singles>(Numbers(rows * 3 * d), rows, d);
        Check<ushort, Brains>(Halves(rows * 3 * d), rows, d);
    }

    private static void Check<T, S>(T[] wide, int rows, int d) where T : unmanaged where S : IStorage<T>
    {
        int stride = 3 * d, row = (rows + 7) / 8 * 8;
        float[] taken = new float[rows * d], turned = [.. Enumerable.Repeat(5f, d * row)];
        T[] given = new T[wide.Length];
        HeadRows.Take<T, S>(wide.AsSpan(d), stride, taken, rows, d);
        HeadRows.Turn<T, S>(wide.AsSpan(d), stride, turned, row, rows, d);
        HeadRows.Give<T, S>(taken, given.AsSpan(d), stride, rows, d);
        for (int c = 0; c < stride; c++)
            for (int i = 0; i < row; i++)
            {
                bool own = c >= d && c < 2 * d;
                float expected = own && i < rows ? S.Read(wide[(i * stride) + c]) : 0;
                if (own) Assert.Equal(expected, turned[((c - d) * row) + i]);
                if (own && i < rows) Assert.Equal(expected, taken[(i * d) + c - d]);
                if (i < rows) Assert.Equal(expected, S.Read(given[(i * stride) + c]));   // other heads' columns stay
            }
    }

    [Fact]
    public void SizesThatDoNotFitAreRefused()
    {
        Assert.Contains("squares of 4", Assert.Throws<ArgumentException>(() => HeadRows.Turn<float, Singles>(new float[64], 8, new float[64], 10, 8, 6)).Message);
        Assert.Contains("squares of 4", Assert.Throws<ArgumentException>(() => HeadRows.Turn<float, Singles>(new float[63], 8, new float[64], 8, 8, 8)).Message);
    }
}
