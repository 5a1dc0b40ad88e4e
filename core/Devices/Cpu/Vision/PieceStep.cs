namespace Hone.Devices.Cpu.Vision;

/// <summary>
/// Work on images, piece by piece. Into how many pieces an image is cut depends on its number of rows alone, so that no bit depends on the workers; these share the pieces by what they cost.
/// </summary>
internal abstract class PieceStep : Step
{
    private bool _squares;

    protected VisionBatch Batch { get; private set; } = null!;

    /// <param name="squares">Whether an image costs what the square of its rows is; else what these are.</param>
    protected void Run(VisionBatch batch, bool squares, Workers workers)
    {
        (Batch, _squares) = (batch, squares);
        workers.Run(this);
    }

    protected internal sealed override void Part(int part, int parts)
    {
        long all = 0, at = 0;
        for (int image = 0; image < Batch.Images; image++) all += Cost(image);
        (long from, long to) = (all * part / parts, all * (part + 1) / parts);
        for (int image = 0; image < Batch.Images && at < to; at += Cost(image), image++)
        {
            long cost = Cost(image);
            if (at + cost <= from) continue;
            int pieces = Pieces(Batch.Count(image));
            bool entered = false;
            for (int piece = 0; piece < pieces; piece++)
            {
                long start = at + (cost * piece / pieces);
                if (start < from || start >= to) continue;
                if (!entered) Enter(part, image);
                entered = true;
                Piece(part, image, piece, pieces);
            }
        }
    }

    /// <summary>Into how many pieces an image of so many rows is cut.</summary>
    protected abstract int Pieces(int rows);

    /// <summary>Called by a worker before its first piece of an image.</summary>
    protected abstract void Enter(int part, int image);

    protected abstract void Piece(int part, int image, int piece, int pieces);

    private long Cost(int image) => Batch.Count(image) * (_squares ? (long)Batch.Count(image) : 1);
}
