using System.Numerics;
using System.Runtime.CompilerServices;
using Hone.Quantum.Circuits;
using Hone.Quantum.Simulation.Lanes;

namespace Hone.Quantum.Simulation.Engine;

/// <summary>
/// A plan run on one sample whose lowest qubits are the lanes [V][re, im][L], in blocks that fit the cache, chunks of a block side by side on
/// several threads.
/// </summary>
internal sealed class SinglePass<TLanes, TVector, T> : IGroup
    where TLanes : struct, ILanes<TVector, T>
    where TVector : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Plan _plan;
    private readonly List<Block> _blocks;
    private readonly int _inputs, _lanes, _vectorBits, _chunkBits, _threads;
    private readonly AlignedBuffer<T> _psi, _scratchP;                       // [V][2][L]; [threads][2^c][2][L]
    private AlignedBuffer<T>? _lam, _scratchL;
    private readonly double[] _parameters;
    private readonly Su2[] _su2;                                            // [steps]
    private readonly Turn<TLanes, TVector, T>[] _turns, _undo;              // [steps], of qubits that number vectors
    private readonly LaneTurn<TLanes, TVector, T>[] _laneTurns, _laneUndo;  // [steps], of qubits that number lanes

    /// <param name="chunkBits">A chunk is 2^this vectors.</param>
    public SinglePass(Plan plan, int inputs, int threads, int chunkBits)
    {
        (_plan, _inputs, _threads, _lanes) = (plan, inputs, threads, BitOperations.Log2((uint)TLanes.Count));
        _parameters = new double[plan.Parameters];
        _vectorBits = plan.Qubits - _lanes;
        _chunkBits = Math.Min(Math.Max(chunkBits, 2), _vectorBits);   // a step on two qubits must fit
        _blocks = Blocks.Of(plan, _lanes, _chunkBits);
        (_psi, _scratchP) = (new(Vector << _vectorBits), new(threads * (Vector << _chunkBits)));
        int steps = plan.Steps.Count;
        (_su2, _turns, _undo) = (new Su2[steps], new Turn<TLanes, TVector, T>[steps], new Turn<TLanes, TVector, T>[steps]);
        (_laneTurns, _laneUndo) = (new LaneTurn<TLanes, TVector, T>[steps], new LaneTurn<TLanes, TVector, T>[steps]);
    }

    private static nuint L => (nuint)TLanes.Count;

    /// <summary>Numbers in a vector of amplitudes.</summary>
    private static long Vector => 2 * TLanes.Count;

    private int Chunks => 1 << (_vectorBits - _chunkBits);

    public void Share(ReadOnlySpan<double> shared) => shared.CopyTo(_parameters.AsSpan(_inputs));

    public void Take(ReadOnlySpan<double> inputs, int samples)
    {
        inputs[.._inputs].CopyTo(_parameters);
        for (int s = 0; s < _su2.Length; s++)
        {
            Step step = _plan.Steps[s];
            Su2 turn = Su2.Identity;
            foreach (Factor factor in step.Factors) turn = factor.At(_parameters) * turn;
            _su2[s] = turn;
            if (step.Kind is StepKind.Flip or StepKind.Parity) continue;
            if (step.Qubit < _lanes)
            {
                int control = step.Other >= 0 && step.Other < _lanes ? step.Other : -1;
                (_laneTurns[s], _laneUndo[s]) = (new(turn, step.Qubit, control), new(turn.Adjoint(), step.Qubit, control));
            }
            else (_turns[s], _undo[s]) = (Spread(turn, step.Other), Spread(turn.Adjoint(), step.Other));
        }
    }

    public void Forth()
    {
        _psi.Span.Clear();
        _psi.Start = T.One;
        foreach (Block block in _blocks) ForEachChunk((chunk, thread) => Forth(block, chunk, thread));
    }

    public void Expectations(Span<double> z, int samples)
    {
        int size = 1 << _chunkBits, chunks = Chunks;
        double[] low = new double[chunks * (_chunkBits + _lanes)], totals = new double[chunks];
        ForEachChunk((chunk, thread) =>
        {
            ref T psi = ref Unsafe.Add(ref _psi.Start, (nint)(chunk * (Vector << _chunkBits)));
            ref T p = ref Scratch(_scratchP, thread);
            for (int v = 0; v < size; v++)
            {
                nuint at = (nuint)(v * Vector);
                TVector re = TLanes.Load(ref psi, at), im = TLanes.Load(ref psi, at + L);
                TLanes.Store(TLanes.MultiplyAdd(re, re, TLanes.Multiply(im, im)), ref p, (nuint)v * L);
            }
            Span<double> mine = low.AsSpan(chunk * (_chunkBits + _lanes), _chunkBits + _lanes);
            for (int bit = _chunkBits - 1; bit >= 0; bit--)
            {
                int half = 1 << bit;
                TVector sum = TLanes.Spread(T.Zero);
                for (int v = 0; v < half; v++)
                {
                    TVector zero = TLanes.Load(ref p, (nuint)v * L), one = TLanes.Load(ref p, (nuint)(v + half) * L);
                    sum = TLanes.Add(sum, TLanes.Subtract(zero, one));
                    TLanes.Store(TLanes.Add(zero, one), ref p, (nuint)v * L);
                }
                mine[_lanes + bit] = double.CreateChecked(TLanes.Sum(sum));
            }
            TVector all = TLanes.Load(ref p, 0);
            totals[chunk] = double.CreateChecked(TLanes.Sum(all));
            for (int lane = 0; lane < _lanes; lane++)
                mine[lane] = double.CreateChecked(TLanes.Sum(TLanes.Select(TLanes.LaneMask(lane), TLanes.Negate(all), all)));
        });
        z.Clear();
        for (int qubit = 0; qubit < _plan.Qubits; qubit++)
        {
            int named = _plan.Places.IndexOf(qubit), high = qubit - _lanes - _chunkBits;
            for (int chunk = 0; chunk < chunks; chunk++)
                z[named] += high < 0 ? low[chunk * (_chunkBits + _lanes) + qubit] : (chunk >> high & 1) == 0 ? totals[chunk] : -totals[chunk];
        }
    }

    public void Back(ReadOnlySpan<double> weights, int samples, Span<double> shared, Span<double> inputs)
    {
        _lam ??= new(_psi.Length);
        _scratchL ??= new(_scratchP.Length);
        Observe(weights.ToArray());
        int chunks = Chunks;
        double[] sums = new double[_su2.Length * chunks * 3];
        for (int b = _blocks.Count - 1; b >= 0; b--)
        {
            Block block = _blocks[b];
            ForEachChunk((chunk, thread) => Back(block, chunk, thread, sums));
        }
        for (int s = 0; s < _su2.Length; s++)
        {
            double x = 0, y = 0, z = 0;
            for (int chunk = 0; chunk < chunks; chunk++)
            {
                int at = (s * chunks + chunk) * 3;
                (x, y, z) = (x + sums[at], y + sums[at + 1], z + sums[at + 2]);
            }
            Distribute(_plan.Steps[s], (x, y, z), shared, inputs);
        }
    }

    private void ForEachChunk(Action<int, int> run)
    {
        int chunks = Chunks, threads = Math.Min(_threads, chunks);
        if (threads == 1)
            for (int chunk = 0; chunk < chunks; chunk++) run(chunk, 0);
        else
            Parallel.For(0, threads, thread =>
            {
                for (int chunk = thread; chunk < chunks; chunk += threads) run(chunk, thread);
            });
    }

    private ref T Scratch(AlignedBuffer<T> scratch, int thread) => ref Unsafe.Add(ref scratch.Start, (nint)(thread * (Vector << _chunkBits)));

    /// <summary>A block's chunk where its steps can run: in place where its vectors lie side by side, else brought together.</summary>
    private ref T Gather(Block block, int chunk, AlignedBuffer<T> state, AlignedBuffer<T> scratch, int thread)
    {
        if (block.Run == _chunkBits) return ref Unsafe.Add(ref state.Start, (nint)(chunk * (Vector << _chunkBits)));
        Move(block, chunk, state, scratch, thread, back: false);
        return ref Scratch(scratch, thread);
    }

    private void Scatter(Block block, int chunk, AlignedBuffer<T> state, AlignedBuffer<T> scratch, int thread)
    {
        if (block.Run < _chunkBits) Move(block, chunk, state, scratch, thread, back: true);
    }

    private void Move(Block block, int chunk, AlignedBuffer<T> state, AlignedBuffer<T> scratch, int thread, bool back)
    {
        long start = block.Base(chunk, _vectorBits);
        int run = (int)(Vector << block.Run), first = (int)(thread * (Vector << _chunkBits));
        for (int piece = 0; piece < 1 << (_chunkBits - block.Run); piece++)
        {
            Span<T> there = state.Span.Slice((int)((start + block.Spread(piece << block.Run)) * Vector), run), here = scratch.Span.Slice(first + piece * run, run);
            if (back) here.CopyTo(there);
            else there.CopyTo(here);
        }
    }

    private void Forth(Block block, int chunk, int thread)
    {
        ref T psi = ref Gather(block, chunk, _psi, _scratchP, thread);
        int vectors = 1 << _chunkBits;
        for (int i = 0; i < block.Steps.Length; i++)
        {
            LocalStep step = block.Steps[i];
            if (step.Step.Kind == StepKind.Turn && i + 1 < block.Steps.Length && block.Steps[i + 1] is { Step.Kind: StepKind.Turn } next && Math.Min(step.Qubit, next.Qubit) >= _lanes && step.Qubit != next.Qubit)
            {
                Kernels<TLanes, TVector, T>.Turn(ref psi, vectors, step.Qubit - _lanes, _turns[step.Index], next.Qubit - _lanes, _turns[next.Index]);
                i++;
            }
            else Run(ref psi, vectors, step, back: false);
        }
        Scatter(block, chunk, _psi, _scratchP, thread);
    }

    private void Back(Block block, int chunk, int thread, double[] sums)
    {
        ref T psi = ref Gather(block, chunk, _psi, _scratchP, thread);
        ref T lam = ref Gather(block, chunk, _lam!, _scratchL!, thread);
        int vectors = 1 << _chunkBits, chunks = Chunks;
        for (int i = block.Steps.Length - 1; i >= 0; i--)
        {
            LocalStep step = block.Steps[i];
            Span<double> sum = sums.AsSpan((step.Index * chunks + chunk) * 3, 3);
            if (step.Step.Kind is StepKind.Turn or StepKind.ControlledTurn)
            {
                var (x, y, z) = TurnBack(ref psi, ref lam, vectors, step);
                (sum[0], sum[1], sum[2]) = (double.CreateChecked(TLanes.Sum(x)), double.CreateChecked(TLanes.Sum(y)), double.CreateChecked(TLanes.Sum(z)));
                continue;
            }
            if (step.Step.Kind == StepKind.Parity) sum[2] = double.CreateChecked(TLanes.Sum(ParitySum(ref psi, ref lam, vectors, step)));
            Run(ref psi, vectors, step, back: true);
            Run(ref lam, vectors, step, back: true);
        }
        Scatter(block, chunk, _psi, _scratchP, thread);
        Scatter(block, chunk, _lam!, _scratchL!, thread);
    }

    private void Run(ref T state, int vectors, LocalStep step, bool back)
    {
        int q = step.Qubit, o = step.Other, bit = q - _lanes, otherBit = o - _lanes;
        switch (step.Step.Kind)
        {
            case StepKind.Flip when bit >= 0 && otherBit >= 0:
                Kernels<TLanes, TVector, T>.Flip(ref state, vectors, bit, otherBit);
                break;
            case StepKind.Flip when bit >= 0:
                LaneKernels<TLanes, TVector, T>.FlipBit(ref state, vectors, bit, o);
                break;
            case StepKind.Flip:
                LaneKernels<TLanes, TVector, T>.Flip(ref state, vectors, q, otherBit >= 0 ? -1 : o, Math.Max(otherBit, -1));
                break;
            case StepKind.Parity:
                TVector cos = TLanes.Spread(T.CreateChecked(_su2[step.Index].Ar)), sin = TLanes.Spread(T.CreateChecked(back ? _su2[step.Index].Ai : -_su2[step.Index].Ai));
                if (bit >= 0 && otherBit >= 0) Kernels<TLanes, TVector, T>.Parity(ref state, vectors, bit, otherBit, cos, sin);
                else LaneKernels<TLanes, TVector, T>.Parity(ref state, vectors, Math.Min(q, o), Math.Max(q, o) < _lanes ? Math.Max(q, o) : -1, Math.Max(q, o) - _lanes, cos, sin);
                break;
            default:
                if (bit < 0) LaneKernels<TLanes, TVector, T>.Turn(ref state, vectors, new ReadOnlySpan<LaneTurn<TLanes, TVector, T>>(in (back ? _laneUndo : _laneTurns)[step.Index]), Math.Max(otherBit, -1));
                else if (otherBit >= 0) Kernels<TLanes, TVector, T>.ControlledTurn(ref state, vectors, bit, otherBit, (back ? _undo : _turns)[step.Index]);
                else Kernels<TLanes, TVector, T>.Turn(ref state, vectors, bit, (back ? _undo : _turns)[step.Index]);
                break;
        }
    }

    private (TVector X, TVector Y, TVector Z) TurnBack(ref T psi, ref T lam, int vectors, LocalStep step)
    {
        int q = step.Qubit, o = step.Other, bit = q - _lanes, otherBit = o - _lanes, controlLane = o >= 0 && o < _lanes ? o : -1;
        if (bit < 0) return LaneKernels<TLanes, TVector, T>.TurnBack(ref psi, ref lam, vectors, q, controlLane, Math.Max(otherBit, -1), _laneUndo[step.Index]);
        var (x, y, z) = Kernels<TLanes, TVector, T>.TurnBack(ref psi, ref lam, vectors, bit, Math.Max(otherBit, -1), _undo[step.Index]);
        if (controlLane < 0) return (x, y, z);
        TVector acts = TLanes.LaneMask(controlLane), zero = TLanes.Spread(T.Zero);
        return (TLanes.Select(acts, x, zero), TLanes.Select(acts, y, zero), TLanes.Select(acts, z, zero));
    }

    private TVector ParitySum(ref T psi, ref T lam, int vectors, LocalStep step)
    {
        (int low, int high) = (Math.Min(step.Qubit, step.Other), Math.Max(step.Qubit, step.Other));
        if (low >= _lanes) return Kernels<TLanes, TVector, T>.ParitySum(ref psi, ref lam, vectors, low - _lanes, high - _lanes);
        return LaneKernels<TLanes, TVector, T>.ParitySum(ref psi, ref lam, vectors, low, high < _lanes ? high : -1, high - _lanes);
    }

    /// <summary>The turn in every lane; where the control is a lane qubit, in its lanes alone.</summary>
    private Turn<TLanes, TVector, T> Spread(Su2 turn, int control)
    {
        var all = Turn<TLanes, TVector, T>.Spread(turn);
        if (control < 0 || control >= _lanes) return all;
        var none = Turn<TLanes, TVector, T>.Spread(Su2.Identity);
        TVector acts = TLanes.LaneMask(control);
        return new(TLanes.Select(acts, all.Ar, none.Ar), TLanes.Select(acts, all.Ai, none.Ai), TLanes.Select(acts, all.Br, none.Br), TLanes.Select(acts, all.Bi, none.Bi));
    }

    /// <summary>lam = sum of weight x Z, applied to psi.</summary>
    private void Observe(double[] weights)
    {
        double[] byPlace = [.. Enumerable.Range(0, _plan.Qubits).Select(q => weights[_plan.Places.IndexOf(q)])];
        TVector lanes = TLanes.Spread(T.Zero);
        for (int lane = 0; lane < _lanes; lane++)
        {
            TVector weight = TLanes.Spread(T.CreateChecked(byPlace[lane]));
            lanes = TLanes.Add(lanes, TLanes.Select(TLanes.LaneMask(lane), TLanes.Negate(weight), weight));
        }
        double[] low = Signs(byPlace.AsSpan(_lanes, _chunkBits)), high = Signs(byPlace.AsSpan(_lanes + _chunkBits));
        ForEachChunk((chunk, _) =>
        {
            ref T psi = ref Unsafe.Add(ref _psi.Start, (nint)(chunk * (Vector << _chunkBits)));
            ref T lam = ref Unsafe.Add(ref _lam!.Start, (nint)(chunk * (Vector << _chunkBits)));
            for (int v = 0; v < low.Length; v++)
            {
                nuint at = (nuint)(v * Vector);
                TVector weight = TLanes.Add(lanes, TLanes.Spread(T.CreateChecked(low[v] + high[chunk])));
                TLanes.Store(TLanes.Multiply(weight, TLanes.Load(ref psi, at)), ref lam, at);
                TLanes.Store(TLanes.Multiply(weight, TLanes.Load(ref psi, at + L)), ref lam, at + L);
            }
        });
    }

    /// <summary>For each value of some bits the sum of their weights, a minus where a bit is 1.</summary>
    private static double[] Signs(ReadOnlySpan<double> weights)
    {
        double[] sums = new double[1 << weights.Length];
        foreach (double weight in weights) sums[0] += weight;
        for (int bit = 0; bit < weights.Length; bit++)
            for (int v = 0; v < 1 << bit; v++) sums[v | 1 << bit] = sums[v] - 2 * weights[bit];
        return sums;
    }

    /// <summary>From the slopes behind a step to those of its factors: each one's axis as the factors behind it turn it.</summary>
    private void Distribute(Step step, (double X, double Y, double Z) slopes, Span<double> shared, Span<double> inputs)
    {
        Su2 behind = Su2.Identity;
        for (int f = step.Factors.Count - 1; f >= 0; f--)
        {
            Factor factor = step.Factors[f];
            (double x, double y, double z) = step.Kind == StepKind.Parity ? (0, 0, 1) : behind.Image(factor.Axis);
            double slope = x * slopes.X + y * slopes.Y + z * slopes.Z;
            foreach (AngleTerm term in factor.Angle.Terms)
                if (term.Parameter >= _inputs) shared[term.Parameter - _inputs] += term.Factor * slope;
                else if (inputs.Length > 0) inputs[term.Parameter] += term.Factor * slope;
            if (f > 0) behind *= factor.At(_parameters);
        }
    }
}
