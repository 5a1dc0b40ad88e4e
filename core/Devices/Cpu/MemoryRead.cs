using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hone.Devices.Cpu;

/// <summary>Reads a buffer larger than the caches once, each worker a part: the speed of memory, which products of one row are judged against. No pattern is the fastest everywhere, so that there are several.</summary>
public sealed unsafe class MemoryRead : Step
{
    private const int Line = 64, LinesOfARound = 4;
    private readonly Buffer64<byte> _buffer;
    private readonly Vector512<int>[] _sums;
    private (int Streams, int Ahead) _pattern;

    /// <param name="workers">That will run it.</param>
    public MemoryRead(long bytes, int workers)
    {
        (_buffer, _sums) = (new Buffer64<byte>(checked((int)bytes)), new Vector512<int>[workers]);
        _buffer.Span.Fill(1);   // pages that nobody wrote to are all one page, which stays in the cache
    }

    /// <summary>Places read from in turns, and how many bytes ahead of the loads the processor is told to fetch; 0: it is told nothing.</summary>
    public static IReadOnlyList<(int Streams, int Ahead)> Patterns { get; } = [.. from streams in new[] { 1, 2, 4, 8 } from ahead in new[] { 0, 2 << 10 } where ahead == 0 || Sse.IsSupported select (streams, ahead)];

    public void Run((int Streams, int Ahead) pattern, Workers workers)
    {
        _pattern = pattern;
        workers.Run(this);
    }

    protected internal override void Part(int part, int parts)
    {
        (int from, int to) = Share(_buffer.Count / (Line * LinesOfARound), part, parts);
        nint stream = (nint)(to - from) / _pattern.Streams * Line * LinesOfARound;
        byte* start = _buffer.Pointer + (nint)from * Line * LinesOfARound;
        Vector512<int> a = default, b = default, c = default, d = default;
        for (nint at = 0; at < stream; at += Line * LinesOfARound)
        {
            byte* x = start + at;
            for (int i = 0; i < _pattern.Streams; i++, x += stream)
            {
                if (_pattern.Ahead > 0)
                    for (int line = 0; line < LinesOfARound; line++) Sse.PrefetchNonTemporal(x + _pattern.Ahead + line * Line);
                a += Vector512.Load((int*)x);
                b += Vector512.Load((int*)(x + Line));
                c += Vector512.Load((int*)(x + 2 * Line));
                d += Vector512.Load((int*)(x + 3 * Line));
            }
        }
        _sums[part] = a + b + c + d;
    }
}
