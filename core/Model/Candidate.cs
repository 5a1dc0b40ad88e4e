namespace Hone.Model;

/// <summary>A point of a search space. Its canonical key text is its identity: equality, hash and grain key.</summary>
public sealed class Candidate : IEquatable<Candidate>
{
    private readonly int[] _choices;
    private string? _key;

    internal Candidate(SearchSpace space, int[] choices) => (Space, _choices) = (space, choices);

    public SearchSpace Space { get; }

    /// <summary>"name=value" of the active genes in the space's order, joined by commas. Written when it is first asked for: a search draws many more candidates than it keeps.</summary>
    public string Key => _key ??= Space.KeyOf(_choices);

    /// <summary>The choice index per gene, in the space's order.</summary>
    public ReadOnlySpan<int> Choices => _choices;

    /// <summary>The value of a gene as text.</summary>
    public string this[string gene] => Space.Genes[Space.IndexOf(gene)].Choices[_choices[Space.IndexOf(gene)]];

    /// <summary>The value of a gene as a number.</summary>
    public double Number(string gene) => Space.NumberOf(Space.IndexOf(gene), _choices[Space.IndexOf(gene)]);

    /// <summary>The active genes with their values, in the space's order.</summary>
    public IEnumerable<(string Name, string Value)> Active()
    {
        for (int i = 0; i < _choices.Length; i++)
            if (Space.IsActive(i, _choices)) yield return (Space.Genes[i].Name, Space.Genes[i].Choices[_choices[i]]);
    }

    public bool Equals(Candidate? other) => other is not null && Key == other.Key;

    public override bool Equals(object? obj) => Equals(obj as Candidate);

    public override int GetHashCode() => Key.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Key;
}
