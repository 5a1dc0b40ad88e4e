using System.Text;

namespace Hone.Cluster.Tests.Telemetry;

/// <summary>One trace as a tree.</summary>
internal sealed record SpanTree(OtlpSpan Span, IReadOnlyList<SpanTree> Children)
{
    /// <summary>The trace's root with all that lies in it, by time.</summary>
    /// <exception cref="InvalidOperationException">It has no root or several.</exception>
    public static SpanTree Of(IReadOnlyCollection<OtlpSpan> trace)
    {
        ILookup<string, OtlpSpan> children = trace.OrderBy(s => s.Begin).ToLookup(s => s.Parent);
        return Under(children[""].Single());

        SpanTree Under(OtlpSpan span) => new(span, [.. children[span.Id].Select(Under)]);
    }

    public IEnumerable<SpanTree> All => Children.SelectMany(c => c.All).Prepend(this);

    /// <summary>A line per span: when it began and how long it was, in ms, and who made it.</summary>
    public string Text()
    {
        var text = new StringBuilder();
        Write(this, "", "");
        return text.ToString();

        void Write(SpanTree at, string first, string rest)
        {
            OtlpSpan s = at.Span;
            string name = first + s.Name;
            text.AppendLine(System.Globalization.CultureInfo.InvariantCulture, $"{name,-54} {(s.Begin - Span.Begin) / 1e6,9:0.00} {(s.End - s.Begin) / 1e6,9:0.00}  {s.Process}");
            for (int i = 0; i < at.Children.Count; i++)
                Write(at.Children[i], rest + (i == at.Children.Count - 1 ? "└─ " : "├─ "), rest + (i == at.Children.Count - 1 ? "   " : "│  "));
        }
    }
}
