namespace Hone.Silo.Blobs;

/// <summary>Reads forward what comes in pieces; an empty piece is the end.</summary>
/// <param name="next">The piece at an offset.</param>
internal sealed class PieceStream(Func<long, byte[]> next) : Stream
{
    private byte[] _piece = [];
    private int _at;
    private long _read;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => _read; set => throw new NotSupportedException(); }

    public override int Read(Span<byte> buffer)
    {
        if (_at == _piece.Length) (_piece, _at) = (next(_read), 0);
        int count = Math.Min(buffer.Length, _piece.Length - _at);
        _piece.AsSpan(_at, count).CopyTo(buffer);
        (_at, _read) = (_at + count, _read + count);
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
