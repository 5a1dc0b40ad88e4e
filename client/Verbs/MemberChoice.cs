using System.Globalization;
using Hone.Client.Results;
using Hone.Contracts;
using Hone.Model;

namespace Hone.Client.Verbs;

/// <summary>Which members' models are wanted: trial numbers, as <c>hone front</c> shows them.</summary>
internal static class MemberChoice
{
    /// <summary>"3,17" as numbers.</summary>
    /// <exception cref="SpecException">Something else.</exception>
    public static IReadOnlyList<int> Parse(string text)
    {
        string[] parts = text.Split(',', StringSplitOptions.TrimEntries);
        var numbers = new List<int>();
        foreach (string part in parts)
            numbers.Add(int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number
                : throw new SpecException($"--members: expected trial numbers such as 3,17, got '{text}'; `hone front` shows them"));
        return numbers;
    }

    /// <summary>The artifacts without the models of members that are not wanted. A member's model lies in models/n, n being its place in front.json from 1 on.</summary>
    /// <exception cref="SpecException">A number that is no member's.</exception>
    public static ValueList<Artifact> Of(ValueList<Artifact> artifacts, FrontFile front, IReadOnlyList<int> wanted)
    {
        int[] members = [.. front.Members.Select(m => m.Ordinal)];
        foreach (int number in wanted)
            if (!members.Contains(number))
                throw new SpecException($"--members: expected members of the front of '{front.Study}' ({string.Join(", ", members.Order())}), got {number}; `hone front` shows them");
        HashSet<string> folders = [.. wanted.Select(number => $"{Array.IndexOf(members, number) + 1}")];
        return artifacts.Where(a => a.Path.Split('/') is not ["models", var folder, ..] || folders.Contains(folder)).ToValueList();
    }
}
