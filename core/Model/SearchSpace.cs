using System.Numerics;
using System.Text;

namespace Hone.Model;

/// <summary>Ordered genes with finite choices. Every candidate is canonical: inactive genes stand at their first choice.</summary>
public sealed class SearchSpace
{
    private readonly Dictionary<string, int> _index = new(StringComparer.Ordinal);
    private readonly int[] _parents;
    private readonly double[][] _numbers;

    /// <exception cref="ArgumentException">A name twice, no choices, or a condition on a gene that does not stand before.</exception>
    public SearchSpace(params ReadOnlySpan<Gene> genes)
    {
        Genes = ValueList.Create(genes);
        _parents = new int[genes.Length];
        _numbers = new double[genes.Length][];
        for (int i = 0; i < genes.Length; i++)
        {
            Gene gene = genes[i];
            if (gene.Choices.Count == 0) throw new ArgumentException($"gene '{gene.Name}' has no choices");
            _parents[i] = gene.When is null ? -1
                : _index.TryGetValue(gene.When.Parent, out int parent) ? parent
                : throw new ArgumentException($"gene '{gene.Name}' depends on '{gene.When.Parent}', which does not stand before it");
            if (!_index.TryAdd(gene.Name, i)) throw new ArgumentException($"gene '{gene.Name}' stands twice");
            _numbers[i] = new double[gene.Choices.Count];
            for (int c = 0; c < gene.Choices.Count; c++)
                _numbers[i][c] = double.TryParse(gene.Choices[c], out double number) ? number : double.NaN;
        }
    }

    public ValueList<Gene> Genes { get; }

    /// <summary>The number of distinct canonical candidates.</summary>
    public BigInteger Size
    {
        get
        {
            BigInteger product = BigInteger.One;
            for (int i = 0; i < Genes.Count; i++)
                if (_parents[i] < 0) product *= SizeBelow(i);
            return product;
        }
    }

    /// <exception cref="ArgumentException">No such gene.</exception>
    public int IndexOf(string gene) => _index.TryGetValue(gene, out int index) ? index
        : throw new ArgumentException($"the space has no gene '{gene}'; it has {string.Join(", ", _index.Keys)}");

    public double NumberOf(int gene, int choice) => _numbers[gene][choice];

    /// <summary>Whether a gene matters under these choices.</summary>
    public bool IsActive(int gene, ReadOnlySpan<int> choices)
    {
        for (int i = gene; _parents[i] >= 0; i = _parents[i])
            if (choices[_parents[i]] < Genes[i].When!.AtLeast) return false;
        return true;
    }

    /// <summary>The canonical candidate of these choices; shape: one index per gene.</summary>
    public Candidate Canonical(ReadOnlySpan<int> choices)
    {
        if (choices.Length != Genes.Count) throw new ArgumentException($"expected {Genes.Count} choices, got {choices.Length}");
        int[] canonical = choices.ToArray();
        for (int i = 0; i < canonical.Length; i++)
        {
            if (canonical[i] < 0 || canonical[i] >= Genes[i].Choices.Count)
                throw new ArgumentException($"gene '{Genes[i].Name}' has choices 0..{Genes[i].Choices.Count - 1}, got {canonical[i]}");
            if (!IsActive(i, canonical)) canonical[i] = 0;
        }
        return new Candidate(this, canonical);
    }

    /// <summary>The key of canonical choices; shape: one index per gene.</summary>
    internal string KeyOf(ReadOnlySpan<int> canonical)
    {
        var key = new StringBuilder();
        for (int i = 0; i < canonical.Length; i++)
        {
            if (!IsActive(i, canonical)) continue;
            if (key.Length > 0) key.Append(',');
            key.Append(Genes[i].Name).Append('=').Append(Genes[i].Choices[canonical[i]]);
        }
        return key.ToString();
    }

    /// <summary>Reads a key back.</summary>
    /// <exception cref="FormatException">The text is not the canonical key of a candidate of this space.</exception>
    public Candidate Parse(string key)
    {
        int[] choices = new int[Genes.Count];
        foreach (string part in key.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0 || !_index.TryGetValue(part[..equals], out int gene))
                throw new FormatException($"'{part}' names no gene of the space; expected name=value");
            choices[gene] = Genes[gene].Choices.Span.IndexOf(part[(equals + 1)..]);
            if (choices[gene] < 0)
                throw new FormatException($"'{part}': expected one of {string.Join(", ", Genes[gene].Choices)}");
        }
        Candidate candidate = Canonical(choices);
        return candidate.Key == key ? candidate : throw new FormatException($"'{key}' is not canonical; expected '{candidate.Key}'");
    }

    /// <summary>Every gene drawn uniformly from its choices.</summary>
    public Candidate Sample(Chance chance)
    {
        int[] choices = new int[Genes.Count];
        for (int i = 0; i < choices.Length; i++) choices[i] = chance.Next(Genes[i].Choices.Count);
        return Canonical(choices);
    }

    private BigInteger SizeBelow(int gene)
    {
        BigInteger sum = BigInteger.Zero;
        for (int choice = 0; choice < Genes[gene].Choices.Count; choice++)
        {
            BigInteger product = BigInteger.One;
            for (int child = gene + 1; child < Genes.Count; child++)
                if (_parents[child] == gene && choice >= Genes[child].When!.AtLeast) product *= SizeBelow(child);
            sum += product;
        }
        return sum;
    }
}
