namespace Hone.Devices.Cpu.Sparse;

/// <summary>A vector of floats in some instruction set, as the sparse tiles need it.</summary>
internal unsafe interface IFloats<T> where T : unmanaged
{
    /// <summary>Floats in a vector.</summary>
    static abstract int Lanes { get; }

    /// <summary>Vectors of columns in a tile of four rows: as many as leave registers for four weights and an input.</summary>
    static abstract int Vectors { get; }

    /// <summary>One float in all lanes.</summary>
    static abstract T Broadcast(float* from);

    static abstract T Load(float* from);

    /// <summary>The first <paramref name="count"/> floats, fewer than all; nothing beyond is read.</summary>
    static abstract T Load(float* from, int count);

    static abstract void Store(T values, float* to);

    /// <summary>Nothing beyond the first <paramref name="count"/> floats is written.</summary>
    static abstract void Store(T values, float* to, int count);

    static abstract T Add(T a, T b);

    /// <summary>a b + sum, rounded once.</summary>
    static abstract T MultiplyAdd(T a, T b, T sum);
}
