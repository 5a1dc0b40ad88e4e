namespace Hone.Devices.Cpu.Gemm;

/// <summary>What follows a product, row by row: done by whoever finished the rows, while they are in a near cache.</summary>
public unsafe interface IAfter
{
    /// <param name="y">[M][N], all of Y.</param>
    /// <param name="from">The first row that is finished and not yet followed up.</param>
    /// <param name="to">The one after the last.</param>
    void Rows(float* y, int from, int to);
}
