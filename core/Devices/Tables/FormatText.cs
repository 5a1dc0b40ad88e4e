using System.Text;
using Hone.Model;

namespace Hone.Devices.Tables;

/// <summary>Number formats as short text: "i8" (signed), "u6", "i4r" (a scale per row), "i4g32" (per group of 32), "f32", "s1x256" (stochastic, 256 bits long).</summary>
internal static class FormatText
{
    private const string Letters = "fiplbs";   // in the order of NumberKind

    public static void Append(StringBuilder text, NumberFormat format)
    {
        if (!format.Signed) text.Append('u');
        if (format.Signed || format.Kind != NumberKind.Int) text.Append((int)format.Kind is >= 0 and < 6 and int kind ? Letters[kind] : '?');
        text.Append(format.Bits);
        if (format.Grain == Granularity.Row) text.Append('r');
        if (format.Grain == Granularity.Group) text.Append('g').Append(format.Group);
        if (format.Kind == NumberKind.Stochastic) text.Append('x').Append(format.Stream);
    }

    public static string Of(NumberFormat format)
    {
        var text = new StringBuilder(8);
        Append(text, format);
        return text.ToString();
    }

    /// <summary>Without what the other fields make meaningless: a group's size unless groups share a scale, a stream's length unless it is stochastic.</summary>
    public static NumberFormat Plain(NumberFormat format)
    {
        int group = format.Grain == Granularity.Group ? format.Group : 0, stream = format.Kind == NumberKind.Stochastic ? format.Stream : 0;
        return group == format.Group && stream == format.Stream ? format : format with { Group = group, Stream = stream };
    }

    /// <summary>The format that <see cref="Of"/> writes so; null when it is none.</summary>
    public static NumberFormat? Parse(ReadOnlySpan<char> text)
    {
        bool signed = !Take(ref text, 'u');
        NumberKind kind = NumberKind.Int;
        if (text.Length > 0 && Letters.IndexOf(text[0]) is >= 0 and int letter)
        {
            kind = (NumberKind)letter;
            text = text[1..];
        }
        else if (signed) return null;
        if (!Number(ref text, out int bits)) return null;
        int group = 0, stream = 0;
        Granularity grain = Take(ref text, 'r') ? Granularity.Row : Take(ref text, 'g') ? Granularity.Group : Granularity.Tensor;
        if (grain == Granularity.Group && !Number(ref text, out group)) return null;
        if (kind == NumberKind.Stochastic && !(Take(ref text, 'x') && Number(ref text, out stream))) return null;
        return text.IsEmpty ? new NumberFormat(kind, bits, signed, grain, group, stream) : null;
    }

    private static bool Take(ref ReadOnlySpan<char> text, char letter)
    {
        if (text.IsEmpty || text[0] != letter) return false;
        text = text[1..];
        return true;
    }

    private static bool Number(ref ReadOnlySpan<char> text, out int value)
    {
        int end = text.IndexOfAnyExcept("0123456789");
        if (end < 0) end = text.Length;
        bool read = int.TryParse(text[..end], out value);
        text = text[end..];
        return read;
    }
}
