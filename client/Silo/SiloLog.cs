namespace Hone.Client.Silo;

/// <summary>What a silo says, appended to DATA/silo.log; remembers the last line of its errors. Only the start of a stack trace is a line.</summary>
internal sealed class SiloLog : IDisposable
{
    private readonly Lock _gate = new();
    private StreamWriter? _writer;

    public SiloLog(string path)
    {
        var stream = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        _writer = new StreamWriter(stream) { AutoFlush = true };
    }

    /// <summary>Without the program's own name; null when nothing was said.</summary>
    public string? LastError { get; private set; }

    public void Output(string? line) => Append(line);

    public void Error(string? line)
    {
        if (string.IsNullOrWhiteSpace(line)) return;
        if (!line.StartsWith("   ", StringComparison.Ordinal)) LastError = line.StartsWith("hone-silo: ", StringComparison.Ordinal) ? line["hone-silo: ".Length..] : line;
        Append(line);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _writer?.Dispose();
            _writer = null;
        }
    }

    private void Append(string? line)
    {
        if (line is null) return;
        lock (_gate)
        {
            try
            {
                _writer?.WriteLine(line);
            }
            catch (IOException)
            {
                _writer = null;   // A full disk: the silo says so itself where it matters; its log stops.
            }
        }
    }
}
