namespace Hone.Quantum.Qasm;

/// <summary>Cuts OpenQASM 2 or 3 into words; comments and white space fall away. One token is looked ahead.</summary>
internal sealed class Lexer
{
    private static readonly string[] Pairs = ["->", "==", "!=", "<=", ">=", "**", "&&", "||", "++"];
    private readonly string _text;
    private readonly Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> _words;   // each word's text once, however often it comes
    private int _at, _line = 1, _lineStart;

    public Lexer(string text)
    {
        _text = text;
        _words = new Dictionary<string, string>(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
        Next = Read();
    }

    /// <summary>The token that comes.</summary>
    public Token Next { get; private set; }

    /// <summary>Hands over the token that comes.</summary>
    public Token Take()
    {
        Token token = Next;
        if (token.Kind != TokenKind.End) Next = Read();
        return token;
    }

    /// <summary>Where reading stands, to come back to.</summary>
    public (int At, int Line, int LineStart, Token Next) Mark => (_at, _line, _lineStart, Next);

    /// <summary>Goes back to a mark.</summary>
    public void Return((int At, int Line, int LineStart, Token Next) mark) => (_at, _line, _lineStart, Next) = mark;

    /// <summary>Whether this symbol or word comes; if so it is taken.</summary>
    public bool TakeIf(string symbol)
    {
        if (!Next.Is(symbol)) return false;
        Take();
        return true;
    }

    /// <summary>Takes this symbol or word, or says that it was expected.</summary>
    public Token Expect(string symbol, string after) =>
        Next.Is(symbol) ? Take() : throw Next.Error($"expected '{symbol}' {after}, got {Next}");

    /// <summary>Takes a name, or says what it should have named.</summary>
    public Token ExpectName(string what) =>
        Next.Kind == TokenKind.Name ? Take() : throw Next.Error($"expected {what}, got {Next}");

    private Token Read()
    {
        SkipBlanks();
        int start = _at;
        if (_at == _text.Length) return Made(TokenKind.End, start);
        char c = _text[_at];
        if (char.IsLetter(c) || c is '_' or '$') return Run(TokenKind.Name, start, static d => char.IsLetterOrDigit(d) || d == '_');
        if (char.IsAsciiDigit(c) || (c == '.' && _at + 1 < _text.Length && char.IsAsciiDigit(_text[_at + 1]))) return Number(start);
        if (c == '"') return Quoted(start);
        foreach (string pair in Pairs)
            if (_text.AsSpan(_at).StartsWith(pair, StringComparison.Ordinal))
            {
                _at += 2;
                return Made(TokenKind.Symbol, start);
            }
        _at++;
        return Made(TokenKind.Symbol, start);
    }

    private Token Run(TokenKind kind, int start, Func<char, bool> goesOn)
    {
        _at++;
        while (_at < _text.Length && goesOn(_text[_at])) _at++;
        return Made(kind, start);
    }

    private Token Number(int start)
    {
        Digits();
        if (_at < _text.Length && _text[_at] == '.')
        {
            _at++;
            Digits();
        }
        if (_at < _text.Length && _text[_at] is 'e' or 'E')
        {
            int mark = _at++;
            if (_at < _text.Length && _text[_at] is '+' or '-') _at++;
            if (_at < _text.Length && char.IsAsciiDigit(_text[_at])) Digits();
            else _at = mark;
        }
        return Made(TokenKind.Number, start);
    }

    private void Digits()
    {
        while (_at < _text.Length && (char.IsAsciiDigit(_text[_at]) || _text[_at] == '_')) _at++;
    }

    private Token Quoted(int start)
    {
        int end = _text.AsSpan(start + 1).IndexOfAny('"', '\n');
        if (end < 0 || _text[start + 1 + end] == '\n') throw new QasmException("expected '\"' at the end of a text, got the end of the line", _line, start - _lineStart + 1);
        _at = start + end + 2;
        return new Token(TokenKind.Text, _text.Substring(start + 1, end), _line, start - _lineStart + 1);
    }

    private void SkipBlanks()
    {
        while (_at < _text.Length)
        {
            if (_text[_at] == '\n') NewLine();
            else if (char.IsWhiteSpace(_text[_at])) _at++;
            else if (_text.AsSpan(_at).StartsWith("//", StringComparison.Ordinal))
            {
                int end = _text.IndexOf('\n', _at);
                _at = end < 0 ? _text.Length : end;
            }
            else if (_text.AsSpan(_at).StartsWith("/*", StringComparison.Ordinal)) SkipBlock();
            else return;
        }
    }

    private void SkipBlock()
    {
        (int line, int column) = (_line, _at - _lineStart + 1);
        for (_at += 2; _at < _text.Length;)
        {
            if (_text.AsSpan(_at).StartsWith("*/", StringComparison.Ordinal))
            {
                _at += 2;
                return;
            }
            if (_text[_at] == '\n') NewLine();
            else _at++;
        }
        throw new QasmException("expected '*/' at the end of a comment, got the end of the text", line, column);
    }

    private void NewLine()
    {
        _at++;
        _line++;
        _lineStart = _at;
    }

    private Token Made(TokenKind kind, int start)
    {
        ReadOnlySpan<char> word = _text.AsSpan(start, _at - start);
        if (!_words.TryGetValue(word, out string? text))
        {
            text = word.ToString();
            _words[word] = text;
        }
        return new Token(kind, text, _line, start - _lineStart + 1);
    }
}
