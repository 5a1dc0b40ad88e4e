namespace Hone.Devices.Cpu.Gemm;

/// <summary>What follows a product, where workers shared its outputs and not its rows: once all are through, they share the rows.</summary>
internal sealed unsafe class AfterStep : Step
{
    private IAfter? _after;
    private float* _y;
    private int _rows;

    public void Run(IAfter after, float* y, int rows, Workers workers)
    {
        _after = after;
        _y = y;
        _rows = rows;
        workers.Run(this);
        _after = null;
    }

    protected internal override void Part(int part, int parts)
    {
        (int from, int to) = Share(_rows, part, parts);
        _after!.Rows(_y, from, to);
    }
}
