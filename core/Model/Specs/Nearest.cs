namespace Hone.Model;

/// <summary>The nearest known name to a mistyped one.</summary>
public static class Nearest
{
    /// <summary>The known name with the least edit distance, or null when none is within half of the name's length plus one.</summary>
    public static string? Of(string name, IEnumerable<string> known)
    {
        string? best = null;
        int least = name.Length / 2 + 2;
        foreach (string candidate in known)
        {
            int distance = Distance(name.ToLowerInvariant(), candidate.ToLowerInvariant());
            if (distance < least) (best, least) = (candidate, distance);
        }
        return best;
    }

    /// <summary>Levenshtein distance: insertions, deletions and replacements.</summary>
    public static int Distance(string a, string b)
    {
        int[] row = new int[b.Length + 1];   // (b + 1): distances of a's prefix to every prefix of b
        for (int j = 0; j < row.Length; j++) row[j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.Length];
    }
}
