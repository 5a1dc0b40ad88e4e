using Hone.Model;
using Hone.Quantum.Gates;

namespace Hone.Core.Tests.Quantum;

/// <summary>Gates of machines.</summary>
internal static class Bases
{
    public static readonly ValueList<Gate> Cx = [StandardGates.Cx, StandardGates.Rz, StandardGates.Sx, StandardGates.X], Cz = [StandardGates.Cz, StandardGates.Rz, StandardGates.Sx, StandardGates.X],
        Ecr = [StandardGates.Ecr, StandardGates.Rz, StandardGates.Sx, StandardGates.X];
}
