namespace Hone.Devices.Cpu.Sparse;

/// <summary>Rows of W that share columns: all weights where they meet are stored.</summary>
internal readonly record struct Rectangle(int[] Rows, ushort[] Columns);
