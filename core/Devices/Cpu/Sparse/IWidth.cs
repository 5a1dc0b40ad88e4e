namespace Hone.Devices.Cpu.Sparse;

/// <summary>How many vectors of columns a tile has, a constant to the compiler, which drops the code of the others.</summary>
internal interface IWidth
{
    static abstract int Vectors { get; }
}

internal readonly struct One : IWidth
{
    public static int Vectors => 1;
}

internal readonly struct Two : IWidth
{
    public static int Vectors => 2;
}

internal readonly struct Three : IWidth
{
    public static int Vectors => 3;
}

internal readonly struct Four : IWidth
{
    public static int Vectors => 4;
}
