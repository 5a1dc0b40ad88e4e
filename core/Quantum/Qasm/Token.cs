namespace Hone.Quantum.Qasm;

internal enum TokenKind { Name, Number, Text, Symbol, End }

/// <summary>A word of OpenQASM and where it stands (line and column from 1).</summary>
internal readonly record struct Token(TokenKind Kind, string Text, int Line, int Column)
{
    public bool Is(string symbol) => Kind is TokenKind.Symbol or TokenKind.Name && Text == symbol;

    public QasmException Error(string message) => new(message, Line, Column);

    /// <summary>For messages.</summary>
    public override string ToString() => Kind switch { TokenKind.End => "the end of the text", TokenKind.Text => $"\"{Text}\"", _ => $"'{Text}'" };
}
