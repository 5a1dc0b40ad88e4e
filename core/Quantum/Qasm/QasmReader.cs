using Hone.Model;
using Hone.Quantum.Circuits;

namespace Hone.Quantum.Qasm;

/// <summary>
/// Reads OpenQASM 2 and 3 into circuits. Gates that a text defines are spelt out, loops are unrolled, <c>if</c> becomes conditional
/// instructions; what a circuit cannot hold is refused at its line and column, never passed over.
/// Sources: Cross et al., "Open Quantum Assembly Language" (arXiv 1707.03429); OpenQASM 3 live specification.
/// </summary>
public static class QasmReader
{
    /// <summary>A text that becomes more than this is refused, so that a few lines of nested definitions cannot fill the memory.</summary>
    public const long MostInstructions = 10_000_000;

    /// <summary>Reads a text.</summary>
    /// <exception cref="QasmException">It is not OpenQASM, or holds what a circuit cannot.</exception>
    public static Circuit Read(string text) => Read(text, out _);

    /// <summary>Reads a text.</summary>
    /// <param name="three">Whether it is OpenQASM 3; otherwise it is 2.</param>
    /// <exception cref="QasmException">It is not OpenQASM, or holds what a circuit cannot.</exception>
    public static Circuit Read(string text, out bool three)
    {
        var lexer = new Lexer(text);
        if (!lexer.Next.Is("OPENQASM")) throw lexer.Next.Error($"expected 'OPENQASM 2.0;' or 'OPENQASM 3.0;' at the beginning, got {lexer.Next}");
        lexer.Take();
        Token version = lexer.Take();
        three = version.Text switch { "2" or "2.0" => false, "3" or "3.0" or "3.1" => true, _ => throw version.Error($"expected version 2.0 or 3.0, got {version}") };
        lexer.Expect(";", "behind the version");
        return new QasmStatements(lexer, three).Read();
    }
}
