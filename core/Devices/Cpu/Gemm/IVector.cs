namespace Hone.Devices.Cpu.Gemm;

/// <summary>The sums of so many outputs, in whatever form a kernel keeps them while K runs; in Y they have four bytes each.</summary>
internal unsafe interface IVector<TSums>
{
    /// <summary>Outputs in a vector.</summary>
    static abstract int Outputs { get; }

    static abstract TSums Zero { get; }

    /// <summary>y = sums, four bytes each, or y += sums.</summary>
    static abstract void Put(byte* y, TSums sums, bool first);
}
