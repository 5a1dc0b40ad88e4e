using Hone.Model;
using Hone.Quantum.Backends;
using Hone.Quantum.Circuits;
using Hone.Quantum.Gates;

namespace Hone.Quantum.Noise;

/// <summary>The noise of a calibrated machine: a channel behind every gate, a wrong reading now and then. Qubits that wait do not err unless delays say so.</summary>
public sealed class NoiseModel
{
    private readonly Backend _backend;
    private readonly Dictionary<GateFigures, Channel> _channels = [];

    public NoiseModel(Backend backend)
    {
        _backend = backend;
        foreach (GateFigures figures in backend.GateFigures)
            _channels[figures] = figures.Seconds == 0 && figures.Error == 0 ? new Channel(0, figures.Qubits.AsEnumerable().Select(_ => Relaxation.None).ToValueList())
                : Channel.Of(figures.Error, figures.Qubits.AsEnumerable().Select(q => After(figures.Seconds, q)).ToValueList());
    }

    /// <summary>What goes wrong behind an instruction on the machine's qubits; null for what has no noise.</summary>
    /// <exception cref="HoneException">The machine does not run this gate there: the circuit was not transpiled for it.</exception>
    public Channel? Behind(Instruction instruction) => instruction switch
    {
        Instruction.Apply apply => _channels[Figures(apply)] is { IsNothing: false } channel ? channel : null,
        Instruction.Delay delay => new Channel(0, delay.Qubits.AsEnumerable().Select(q => After(delay.Samples ? delay.Duration * _backend.SampleSeconds : delay.Duration, q)).ToValueList()),
        Instruction.When conditional => Behind(conditional.Body),
        Instruction.Unitary => throw new HoneException($"a unitary matrix has no figures on {_backend.Name}: transpile the circuit for it first"),
        _ => null,
    };

    /// <summary>The probability that a qubit is read as 1.</summary>
    /// <param name="one">Whether it is.</param>
    public double ReadAsOne(int qubit, bool one) => one ? 1 - _backend.QubitFigures[qubit].ZeroForOne : _backend.QubitFigures[qubit].OneForZero;

    private GateFigures Figures(Instruction.Apply apply) => _backend.Figures(apply.Gate, apply.Qubits)
        ?? throw new HoneException($"{_backend.Name} does not run {apply.Gate} on {string.Join(", ", apply.Qubits)}: transpile the circuit for it first");

    private Relaxation After(double seconds, int qubit) => Relaxation.After(seconds, _backend.QubitFigures[qubit].T1, _backend.QubitFigures[qubit].T2);
}
