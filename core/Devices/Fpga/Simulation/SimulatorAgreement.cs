namespace Hone.Devices.Fpga.Simulation;

/// <summary>A simulated machine that the formula is held against.</summary>
/// <param name="Real">Whether it has <see cref="Fabric.Real"/> around it.</param>
/// <param name="Bound">Whether the formula's figure is no less than the traffic's time, as studies price; else the ports alone decide.</param>
public sealed record SimulatedMachine(string Name, Control Control, bool Real, bool Bound);

/// <summary>How far one machine is from the formula, in % of the formula's cycles; positive: the machine takes longer.</summary>
/// <param name="Columns">Which products: those of few columns, of many, or all of a net one after another.</param>
/// <param name="Median">Of the signed difference.</param>
/// <param name="P95">95th percentile of the difference's size.</param>
/// <param name="Worst">The signed difference of the largest size.</param>
/// <param name="Product">The product with the worst one.</param>
public sealed record SimulatorLine(SimulatedMachine Machine, string Columns, int Products, double Median, double P95, double Worst, string Product);

/// <summary>One product: its columns, and cycles simulated over the formula's for each machine of <see cref="SimulatorBench.Machines"/>.</summary>
public sealed record SimulatorPoint(int Columns, double[] Ratios);

/// <summary>All machines beside the formula.</summary>
/// <param name="Lines">One per machine and size of product, and one for whole nets.</param>
/// <param name="Cycles">Simulated in all.</param>
public sealed record SimulatorAgreement(List<SimulatorLine> Lines, List<SimulatorPoint> Points, long Cycles);
