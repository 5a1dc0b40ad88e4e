using System.Globalization;

namespace Hone.Model;

/// <summary>Sizes as people write them: 512MiB, 50GiB, 2TiB, or plain bytes.</summary>
public static class ByteSize
{
    private static readonly (string Unit, int Shift)[] Units = [("KiB", 10), ("MiB", 20), ("GiB", 30), ("TiB", 40), ("", 0)];

    /// <summary>Bytes.</summary>
    /// <param name="option">Named in the error.</param>
    /// <param name="text">What was given.</param>
    /// <exception cref="SpecException">Not a size of at least a byte.</exception>
    public static long Parse(string option, string text)
    {
        var (unit, shift) = Units.First(u => text.EndsWith(u.Unit, StringComparison.Ordinal));
        return long.TryParse(text[..^unit.Length], NumberStyles.None, CultureInfo.InvariantCulture, out long size) && size > 0 && size <= long.MaxValue >> shift ? size << shift
            : throw new SpecException($"{option}: expected a size such as 512MiB or 50GiB, got '{text}'");
    }

    /// <summary>For people: 1.5 GiB.</summary>
    public static string Text(long bytes)
    {
        var (unit, shift) = Units.OrderByDescending(u => u.Shift).First(u => bytes >= 1L << u.Shift || u.Shift == 0);
        return shift == 0 ? $"{bytes} bytes" : string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << shift):0.#} {unit}");
    }
}
