using Hone.Contracts;
using Hone.Model;

namespace Hone.Grains.Driving;

/// <summary>How many trials go into one message: large messages hold up everything else on the link.</summary>
internal static class TrialPage
{
    public const int Most = 256, MostCharacters = 64 << 10;

    /// <summary>The first of the lines that fit; one always does.</summary>
    public static ValueList<TrialLine> Of(IEnumerable<TrialLine> lines)
    {
        List<TrialLine> page = [];
        int characters = 0;
        foreach (TrialLine line in lines)
        {
            characters += line.Line.Length;
            if (page.Count == Most || (page.Count > 0 && characters > MostCharacters)) break;
            page.Add(line);
        }
        return page.ToValueList();
    }
}
