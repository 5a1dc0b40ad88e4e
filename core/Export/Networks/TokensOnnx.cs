namespace Hone.Export;

/// <summary>Tokens on their way through a graph: the class token, the alive patches in the grid's order, the packages.</summary>
/// <param name="X">Shape (N, n, C); N is 1 where <paramref name="Places"/> is not null.</param>
/// <param name="Grid">Side of the stage's grid.</param>
/// <param name="ClassToken">Whether the first one is the class token.</param>
/// <param name="Patches">How many patches there are where that is known: everywhere but where <paramref name="Places"/> is not null.</param>
/// <param name="Places">Which patches of the grid are alive, shape (p), whole numbers; null before any selector.</param>
/// <param name="Packages">Whether there may be packages.</param>
/// <param name="Links">Which tokens see each other, shape (N, 1, n, n), truth values; null: all.</param>
/// <param name="Rows">Which patch of the grid each patch is, shape (N, p), kept up where best patches are kept; empty while it is each in its order, null where nobody asks.</param>
internal sealed record TokensOnnx(string X, int Grid, bool ClassToken, int Patches, string? Places = null, bool Packages = false, string? Links = null, string? Rows = null)
{
    /// <summary>The number of patches, shape (1).</summary>
    public string Count(OnnxScope scope) => Places is null ? scope.Graph.Whole(Patches) : scope.Length("count", Places, 0);

    /// <summary>The places of the alive patches, shape (p).</summary>
    public string Alive(OnnxScope scope) => Places ?? scope.Graph.Whole([.. Enumerable.Range(0, Patches).Select(i => (long)i)]);

    /// <summary>The class token, shape (N, 1, C).</summary>
    public string Class(OnnxScope scope) => scope.Slice("class", X, 1, 0, 1);

    /// <summary>All but the class token, (N, m, C).</summary>
    public string Rest(OnnxScope scope) => ClassToken ? scope.Slice("rest", X, 1, 1) : X;

    /// <summary>The class token (N, 1, C), the patches (N, p, C) and the packages (1, k, C).</summary>
    public (string? Class, string Patches, string? Packages) Parts(OnnxScope scope)
    {
        string? first = ClassToken ? Class(scope) : null;
        if (!Packages) return (first, Rest(scope), null);
        string rest = Rest(scope), count = Count(scope), axis = scope.Graph.Whole(1);
        return (first, scope.Node("Slice", "alive_patches", [rest, scope.Graph.Whole(0), count, axis]), scope.Node("Slice", "packages", [rest, count, scope.Graph.Whole(int.MaxValue), axis]));
    }
}
