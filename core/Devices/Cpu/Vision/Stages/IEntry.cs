using Hone.Model;

namespace Hone.Devices.Cpu.Vision.Stages;

/// <summary>Brings tokens from one stage to the next (<see cref="StageEntry"/>).</summary>
internal interface IEntry
{
    /// <summary>Returns the multiplications.</summary>
    long Run(VisionBatch batch, Workers workers);
}
