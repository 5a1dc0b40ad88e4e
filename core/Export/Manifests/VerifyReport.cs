using Hone.Model;

namespace Hone.Export;

/// <summary>One thing that was verified.</summary>
/// <param name="Name">hashes, probe or accuracy.</param>
/// <param name="Text">What came, against what was expected.</param>
public sealed record Check(string Name, bool Passed, string Text);

/// <summary>The outcome of verifying a model folder.</summary>
public sealed record VerifyReport(string Folder, Manifest Manifest, ValueList<Check> Checks)
{
    public bool Passed => Checks.All(check => check.Passed);

    /// <exception cref="HoneException">A check failed; the message lists those that did.</exception>
    public void ThrowIfFailed()
    {
        if (!Passed) throw new HoneException($"{Folder} is not what its manifest says: {string.Join("; ", Checks.Where(check => !check.Passed).Select(check => check.Text))}");
    }
}
