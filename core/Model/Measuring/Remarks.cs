namespace Hone.Model;

/// <summary>
/// What a runtime does in another way than a workload says: "b1.fc1: sparse weights run dense" of one operation, "sparse weights run dense (12 operations)" of several.
/// </summary>
public static class Remarks
{
    private const string Mark = ": ", Counted = " operations)";

    /// <summary>The same remarks, one line of each kind, in the order of the first.</summary>
    public static ValueList<string> Together(IEnumerable<string> remarks) => remarks.GroupBy(Kind, StringComparer.Ordinal)
        .Select(of => of.Count() == 1 ? of.First() : $"{of.Key} ({of.Sum(Operations)}{Counted}").ToValueList();

    /// <summary>Without the operation, or the count of operations.</summary>
    public static string Kind(string remark)
    {
        if (Count(remark) is var (start, _)) return remark[..start];
        return remark.IndexOf(Mark, StringComparison.Ordinal) is var at and > 0 && !remark[..at].Contains(' ') ? remark[(at + Mark.Length)..] : remark;   // an operation's name is one word
    }

    private static int Operations(string remark) => Count(remark)?.Number ?? 1;

    private static (int Start, int Number)? Count(string remark) =>
        remark.EndsWith(Counted, StringComparison.Ordinal) && remark.LastIndexOf(" (", StringComparison.Ordinal) is var start and >= 0 && int.TryParse(remark.AsSpan(start + 2, remark.Length - Counted.Length - start - 2), out int number)
            ? (start, number) : null;
}
