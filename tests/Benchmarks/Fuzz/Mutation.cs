using System.Text;
using Hone.Model;

namespace Hone.Benchmarks.Fuzz;

/// <summary>Spoils a good input a little, in the ways in which inputs go wrong: bytes, structure, and the values that parsers stumble over.</summary>
internal sealed class Mutation(Chance chance)
{
    private static readonly string[] Interesting =
    [
        "null", "true", "[]", "{}", "-1", "0", "1e999", "-0", "1e-400", "9007199254740993", "2147483648", "18446744073709551616", "NaN", "Infinity", "0x10", "1_000", "\"\"", "''", "~",
        "\\ud800", "\\u0000", "\u0000", "\u202e", "\ufeff", "\ud83d\ude00", "\u0441", "../../etc/passwd", "%2e%2e%2f", "<img src=x onerror=alert(1)>", "${jndi:ldap://x}", "'; drop table studies; --",
        "&a [*a,*a,*a]", "&x", "*x", "<<: *x", "!!binary aGk=", "!!python/object:os.system", "---", "...", "%YAML 1.1", "? ", "- ", ": ", "|", ">-", "\t", "\r", "\n\n", "#", ",", "}", "]", "\"",
        "$type", "__proto__", "is", "zdt1", "quasar-vit", "synthetic", "one", "one:", "hone_", "device:x",
    ];

    /// <summary>One to six changes to a text.</summary>
    public string Of(string good)
    {
        var text = new StringBuilder(good);
        for (int i = 1 + chance.Next(6); i > 0; i--) Change(text, good);
        return text.ToString();
    }

    /// <summary>The text's bytes, sometimes with some that are no UTF-8.</summary>
    public byte[] Bytes(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        if (bytes.Length > 0 && chance.Happens(0.1)) bytes[chance.Next(bytes.Length)] = (byte)chance.Next(256);
        return bytes;
    }

    public string Word() => Interesting[chance.Next(Interesting.Length)];

    /// <summary>Structure that grows or nests beyond reason.</summary>
    public string Bomb() => chance.Next(6) switch
    {
        0 => new string('[', 1 + chance.Next(3_000)) + new string(']', chance.Next(3_000)),
        1 => string.Concat(Enumerable.Repeat("{\"a\":", 1 + chance.Next(2_000))) + "1" + new string('}', chance.Next(2_000)),
        2 => "a: &a [x,x,x,x,x,x,x,x,x]\n" + string.Concat(Enumerable.Range(0, 12).Select(i => $"{(char)('b' + i)}: &{(char)('b' + i)} [{string.Join(',', Enumerable.Repeat($"*{(char)('a' + i)}", 9))}]\n")),
        3 => "{\"model\":[" + string.Join(',', Enumerable.Repeat("0", 1 + chance.Next(40_000))) + "]}",
        4 => "study: " + new string((char)('!' + chance.Next(90)), chance.Next(200_000)),
        _ => string.Concat(Enumerable.Range(0, 1 + chance.Next(2_000)).Select(i => $"k{i}: {i}\n")),
    };

    private void Change(StringBuilder text, string good)
    {
        int at = text.Length == 0 ? 0 : chance.Next(text.Length + 1), span = Math.Min(1 + chance.Next(24), text.Length - at);
        switch (chance.Next(8))
        {
            case 0: text.Remove(at, span); break;
            case 1: text.Insert(at, text.ToString(at, span)); break;
            case 2: text.Insert(at, Word()); break;
            case 3: text.Remove(at, span).Insert(at, Word()); break;
            case 4 when span > 0: text[at] = (char)(chance.Happens(0.8) ? 32 + chance.Next(95) : chance.Next(0xD800)); break;
            case 5 when good.Length > 0: text.Insert(at, good[chance.Next(good.Length)..]); break;
            case 6: Number(text); break;
            default: text.Length = at; break;
        }
    }

    // Another number in the place of one.
    private void Number(StringBuilder text)
    {
        for (int tries = 0; tries < 16 && text.Length > 0; tries++)
        {
            int at = chance.Next(text.Length), end = at;
            while (end < text.Length && char.IsAsciiDigit(text[end])) end++;
            if (end == at) continue;
            string[] other = ["0", "-1", "1", "2", "1e9", "2147483647", "4294967296", "0.5", "1e308", $"{chance.Next(100_000)}"];
            text.Remove(at, end - at).Insert(at, other[chance.Next(other.Length)]);
            return;
        }
    }
}
