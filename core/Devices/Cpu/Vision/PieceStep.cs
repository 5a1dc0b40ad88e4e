namespace Hone.Devices.Cpu.Vision;

/// <summary>
/// Work on the rows of images, a piece of one image at a time. Pieces of an image are as large as one another but for one row, and depend on its count alone, so that no bit depends on the workers; these share the
/// pieces by what they cost.
/// </summary>
internal abstract unsafe class PieceStep : Step
{
    private VisionBatch _batch = null!;
    private int _first, _last, _most;
    private bool _squares;

    protected VisionBatch Batch => _batch;

    /// <summary>The first image of the run.</summary>
    protected int First => _first;

    /// <param name="images">The first, and the one after the last.</param>
    /// <param name="most">Rows of a piece.</param>
    /// <param name="squares">Whether a row costs as much as its image has rows.</param>
    protected void Run(VisionBatch batch, (int First, int Last) images, int most, bool squares, Workers workers)
    {
        (_batch, (_first, _last), _most, _squares) = (batch, images, most, squares);
        workers.Run(this);
    }

    /// <summary>Pieces of an image of so many rows.</summary>
    protected static int Pieces(int rows, int most) => (rows + most - 1) / most;

    protected internal sealed override void Part(int part, int parts)
    {
        long all = 0, at = 0;
        for (int image = _first; image < _last; image++) all += Cost(image);
        (long from, long to) = (all * part / parts, all * (part + 1) / parts);
        for (int image = _first; image < _last && at < to; at += Cost(image), image++)
        {
            if (at + Cost(image) <= from) continue;
            int rows = _batch.Count(image), pieces = Pieces(rows, _most);
            bool entered = false;
            for (int piece = 0; piece < pieces; piece++)
            {
                (int row, int end) = Share(rows, piece, pieces);
                long start = at + row * Each(image);
                if (start < from || start >= to) continue;
                if (!entered) Enter(part, image);
                entered = true;
                Piece(part, image, piece, row, end);
            }
        }
    }

    /// <summary>Called by a worker before its first piece of an image.</summary>
    protected abstract void Enter(int part, int image);

    /// <param name="from">The first row of the piece, counted from the image's first.</param>
    /// <param name="to">The one after its last.</param>
    protected abstract void Piece(int part, int image, int piece, int from, int to);

    private long Each(int image) => _squares ? _batch.Count(image) : 1;

    private long Cost(int image) => _batch.Count(image) * Each(image);
}
