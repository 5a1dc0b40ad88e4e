namespace Hone.Devices.Tables;

/// <summary>A feature's values in ascending order, with the rows that have them.</summary>
internal sealed record SortedFeature(int Feature, (int Row, double Value)[] Rows);
