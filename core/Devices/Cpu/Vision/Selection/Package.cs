using Hone.Devices.Cpu.Runtime.Functions;
using Hone.Model;

namespace Hone.Devices.Cpu.Vision.Selection;

/// <summary>Which tokens a selector's scores keep, and what becomes of the others (<see cref="PackageRule"/>).</summary>
internal static unsafe class Package
{
    /// <summary>Plans the rows that go on; where one comes from is negative for a package that is to be made. Returns whether anything was dropped.</summary>
    public static bool Plan(VisionBatch batch, ScoreStep scores)
    {
        PackageRule rule = scores.Selector.Package;
        batch.Plan();
        int next = 0;
        for (int image = 0; image < batch.Images; image++)
        {
            int start = batch.Start(image), end = start + batch.Count(image), dropped = 0;
            for (int row = start; row < end; row++)
                if (Dropped(batch, scores, row)) dropped++;
            bool made = dropped > 0 && rule != PackageRule.None;
            for (int row = start; row < end; row++)
                if (batch.Place(row) == VisionToken.Package ? !made || rule == PackageRule.PerStage : !Dropped(batch, scores, row)) batch.Add(next++, row, batch.Place(row));
            if (made) batch.Add(next++, -1, VisionToken.Package);
            batch.Close(image, next);
        }
        return next < batch.Rows || Made(batch);
    }

    /// <summary>An image's new package, (C).</summary>
    public static void Make(VisionBatch batch, ScoreStep scores, int image, float* to)
    {
        PackageRule rule = scores.Selector.Package;
        new Span<float>(to, batch.Width).Clear();
        float all = 0;
        for (int row = batch.Start(image); row < batch.Start(image) + batch.Count(image); row++)
        {
            if (!(Dropped(batch, scores, row) || (rule == PackageRule.Merged && batch.Place(row) == VisionToken.Package))) continue;
            all += scores.Keeps[row];
            Rows.AddTimes(batch.X.Row(row), scores.Keeps[row], to, batch.Width);
        }
        if (rule == PackageRule.PerStage) return;
        Rows.Times(to, 1 / Math.Max(all, TokenSelector.LeastWeight), to, batch.Width);
        for (int row = batch.Start(image); row < batch.Start(image) + batch.Count(image) && rule == PackageRule.Running; row++)
            if (batch.Place(row) == VisionToken.Package)
            {
                Rows.AddTimes(batch.X.Row(row), 1, to, batch.Width);
                return;
            }
    }

    // A dropped patch and a new package: as many rows as before, but not the same.
    private static bool Made(VisionBatch batch)
    {
        for (int row = 0; row < batch.NextRows; row++)
            if (batch.From[row] < 0) return true;
        return false;
    }

    private static bool Dropped(VisionBatch batch, ScoreStep scores, int row) => batch.Place(row) >= 0 && !(scores.Margins[row] >= scores.Selector.Threshold);
}
