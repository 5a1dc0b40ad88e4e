namespace Hone.Devices.Cpu.Sparse;

/// <summary>How many rows or vectors of columns a tile has, a constant to the compiler, which drops the code of the others.</summary>
internal interface ICount
{
    static abstract int Value { get; }
}

internal readonly struct One : ICount
{
    public static int Value => 1;
}

internal readonly struct Two : ICount
{
    public static int Value => 2;
}

internal readonly struct Three : ICount
{
    public static int Value => 3;
}

internal readonly struct Four : ICount
{
    public static int Value => 4;
}
