using Hone.Model;

namespace Hone.Devices.Cpu.Vision.Selection;

/// <summary>The patches whose numbers vary most, in the arithmetic of <see cref="VisionReference"/>, so that the same are chosen; the workers share the images.</summary>
/// <param name="net">Its stem is one convolution whose patches do not overlap.</param>
/// <param name="count">Of an image.</param>
/// <param name="images">At most.</param>
internal sealed unsafe class VarianceChoice(VisionNet net, int count, int images) : Step, IChoice
{
    private readonly int _places = net.Grid * net.Grid;
    private readonly double[] _variances = new double[images * net.Grid * net.Grid];   // (images, places)
    private byte* _pixels;
    private int _images;

    public long Plan(byte* pixels, VisionBatch batch, Workers workers)
    {
        _pixels = pixels;
        _images = batch.Images;
        workers.Run(this);
        batch.Plan();
        int next = 0;
        for (int image = 0; image < batch.Images; image++)
        {
            int start = batch.Start(image), lead = batch.Place(start) < 0 ? 1 : 0;
            ReadOnlySpan<double> variances = _variances.AsSpan(image * _places, _places);
            if (lead > 0) batch.Add(next++, start, batch.Place(start));
            for (int place = 0; place < _places; place++)
                if (Before(variances, place) < count) batch.Add(next++, start + lead + place, place);
            batch.Close(image, next);
        }
        return 0;
    }

    // How many vary more, or as much and come first.
    private static int Before(ReadOnlySpan<double> variances, int place)
    {
        int before = 0;
        for (int other = 0; other < variances.Length; other++)
            if (variances[other] > variances[place] || (variances[other] == variances[place] && other < place)) before++;
        return before;
    }

    protected internal override void Part(int part, int parts)
    {
        (int from, int to) = Share(_images, part, parts);
        for (int image = from; image < to; image++)
            for (int place = 0; place < _places; place++) _variances[(image * _places) + place] = Variance(image, place);
    }

    private double Variance(int image, int place)
    {
        PixelInput input = net.Input;
        int patch = net.Stem[0].Kernel, side = input.Side, top = place / net.Grid * patch, left = place % net.Grid * patch, count = input.Channels * patch * patch;
        double sum = 0, squares = 0;
        for (int channel = 0; channel < input.Channels; channel++)
            for (int row = top; row < top + patch; row++)
            {
                byte* line = _pixels + ((((((nint)image * input.Channels) + channel) * side) + row) * side) + left;
                for (int x = 0; x < patch; x++)
                {
                    double value = (line[x] * input.Scale[channel]) + input.Offset[channel];
                    (sum, squares) = (sum + value, squares + (value * value));
                }
            }
        return (squares / count) - (sum / count * (sum / count));
    }
}
