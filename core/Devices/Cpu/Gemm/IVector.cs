namespace Hone.Devices.Cpu.Gemm;

/// <summary>The sums, of four bytes each, of so many outputs.</summary>
internal unsafe interface IVector<TSums>
{
    /// <summary>Outputs in a vector.</summary>
    static abstract int Outputs { get; }

    static abstract TSums Zero { get; }

    static abstract TSums Add(TSums a, TSums b);

    static abstract TSums Load(byte* y);

    static abstract void Store(byte* y, TSums sums);
}
