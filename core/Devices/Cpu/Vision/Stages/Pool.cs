using Hone.Devices.Cpu.Runtime.Functions;
using Hone.Model;

namespace Hone.Devices.Cpu.Vision.Stages;

/// <summary>A depthwise convolution over the patches that are left, at the places where one of them is seen; a linear layer for the class token and packages. Letters: C channels, f outputs of a channel.</summary>
internal sealed unsafe class Pool : Step, IEntry
{
    private readonly ConvLayer _conv;
    private readonly Linear _others;
    private readonly GridTable _table;
    private readonly RowBuffer _from, _to, _sums;
    private readonly Buffer64<float> _weights, _bias;   // [kernel][kernel][f][C], [f][C]
    private readonly int _factor;
    private VisionBatch _batch = null!;

    /// <param name="parts">Workers.</param>
    /// <param name="others">Class tokens and packages of a run, at most.</param>
    public Pool(StageEntry.Pool entry, GridTable table, int parts, int others)
    {
        (_conv, _others, _table) = (entry.Patches, new Linear(entry.ClassToken), table);
        int channels = _conv.Inputs, places = _conv.Kernel * _conv.Kernel;
        _factor = _conv.M / channels;
        (_from, _to, _sums) = (new RowBuffer(RowBuffer.Floats(others, channels)), new RowBuffer(RowBuffer.Floats(others, _conv.M)), new RowBuffer(RowBuffer.Floats(parts, _conv.M)));
        (_weights, _bias) = (new Buffer64<float>(places * _conv.M), new Buffer64<float>(_conv.M));
        for (int m = 0; m < _conv.M; m++)
        {
            int turned = (m % _factor * channels) + (m / _factor);
            _bias.Span[turned] = _conv.Bias[m];
            for (int at = 0; at < places; at++) _weights.Span[(at * _conv.M) + turned] = _conv.Weights[(m * places) + at];
        }
    }

    public long Run(VisionBatch batch, Workers workers)
    {
        _batch = batch;
        _table.Take(batch);
        int size = _conv.Out(batch.Grid), next = 0, others = 0;
        TokenRows from = _from.As(CountOthers(batch), batch.Width);
        batch.Plan();
        for (int image = 0; image < batch.Images; image++)
        {
            int row = batch.Start(image), end = row + batch.Count(image);
            for (; row < end && batch.Place(row) == VisionToken.Class; row++) Other(row);
            for (int place = 0; place < size * size; place++)
                if (Sees(_table.Of(image), batch.Grid, size, place)) batch.Add(next++, -1, place);
            for (; row < end; row++)
                if (batch.Place(row) == VisionToken.Package) Other(row);
            batch.Close(image, next);
        }
        batch.Lay(_conv.M);
        _others.Run(from, _to.As(others, _conv.M), others, workers);
        workers.Run(this);
        batch.Turn(_conv.M, size, linked: false);
        return (others * _others.Macs) + ((long)(next - others) * _conv.M * _conv.Kernel * _conv.Kernel);

        void Other(int row)
        {
            batch.Add(next++, others, batch.Place(row));
            new ReadOnlySpan<float>(batch.X.Row(row), batch.Width).CopyTo(new Span<float>(from.Row(others++), batch.Width));
        }
    }

    protected internal override void Part(int part, int parts)
    {
        (int row, int to) = Share(_batch.NextRows, part, parts);
        TokenRows others = _to.As(0, _conv.M);
        float* sums = _sums.As(parts, _conv.M).Row(part);
        int image = 0, channels = _batch.Width, size = _conv.Out(_batch.Grid);
        for (; row < to; row++)
        {
            while (row >= _batch.NextStart(image) + _batch.NextCount(image)) image++;
            var y = new Span<float>(_batch.Next.Row(row), _conv.M);
            if (_batch.From[row] >= 0)
            {
                new ReadOnlySpan<float>(others.Row(_batch.From[row]), _conv.M).CopyTo(y);
                continue;
            }
            _bias.Span.CopyTo(new Span<float>(sums, _conv.M));
            for (int at = 0; at < _conv.Kernel * _conv.Kernel; at++)
            {
                int seen = Seen(_table.Of(image), _batch.Grid, size, _batch.NextPlace(row), at);
                for (int f = 0; f < _factor && seen >= 0; f++) Rows.AddProduct(_batch.X.Row(seen), _weights.Pointer + (at * _conv.M) + (f * channels), sums + (f * channels), channels);
            }
            for (int m = 0; m < y.Length; m++) y[m] = sums[(m % _factor * channels) + (m / _factor)];
            if (_conv.Relu) Map.Run<Relu>(_batch.Next.Row(row), _batch.Next.Row(row), _conv.M);
        }
    }

    private bool Sees(ReadOnlySpan<int> table, int grid, int size, int place)
    {
        for (int at = 0; at < _conv.Kernel * _conv.Kernel; at++)
            if (Seen(table, grid, size, place, at) >= 0) return true;
        return false;
    }

    // The row that a place of the kernel sees; -1: none.
    private int Seen(ReadOnlySpan<int> table, int grid, int size, int place, int at)
    {
        int row = (place / size * _conv.Stride) - _conv.Padding + (at / _conv.Kernel), column = (place % size * _conv.Stride) - _conv.Padding + (at % _conv.Kernel);
        return row >= 0 && row < grid && column >= 0 && column < grid ? table[(row * grid) + column] : -1;
    }

    private static int CountOthers(VisionBatch batch)
    {
        int others = 0;
        for (int row = 0; row < batch.Rows; row++)
            if (batch.Place(row) < 0) others++;
        return others;
    }
}
