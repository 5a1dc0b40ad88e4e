namespace Hone.Devices.Cpu.Vision.Stages;

/// <summary>Which row of the batch holds the patch at each place of each image; -1 for none.</summary>
/// <param name="images">At most.</param>
/// <param name="places">Of the largest grid.</param>
internal sealed class GridTable(int images, int places)
{
    private readonly int[] _rows = new int[checked(images * places)];

    public ReadOnlySpan<int> Of(int image) => _rows.AsSpan(image * places, places);

    public void Take(VisionBatch batch)
    {
        Array.Fill(_rows, -1);
        for (int image = 0; image < batch.Images; image++)
            for (int row = batch.Start(image); row < batch.Start(image) + batch.Count(image); row++)
                if (batch.Place(row) is >= 0 and int place) _rows[image * places + place] = row;
    }
}
