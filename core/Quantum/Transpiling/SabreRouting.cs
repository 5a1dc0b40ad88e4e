using Hone.Model;
using Hone.Quantum.Circuits;
using Hone.Quantum.Gates;

namespace Hone.Quantum.Transpiling;

/// <summary>
/// Brings qubits together by swaps where a gate needs them: of all swaps beside a waiting gate the one that brings the waiting gates, and
/// less so those that come next, nearest. Source: Li, Ding, Xie, "Tackling the qubit mapping problem for NISQ-era quantum devices"
/// (ASPLOS 2019): look-ahead of 20 gates weighing one half, a decay of 0.001 for qubits that were swapped just now, forgotten after 5 swaps.
/// Where 10 n swaps in a row bring no gate about, the nearest waiting gate's qubits are led together by the shortest way (ours).
/// </summary>
internal sealed class SabreRouting
{
    private const int LookAhead = 20, DecayReset = 5;
    private const double LookAheadWeight = 0.5, Decay = 0.001;
    private readonly Circuit _circuit;
    private readonly Target _target;
    private readonly Dependencies _order;
    private readonly (int A, int B)[] _pairs;   // the qubits of each gate on two; (-1, -1) for others

    public SabreRouting(Circuit circuit, Target target)
    {
        (_circuit, _target, _order) = (circuit, target, new Dependencies(circuit));
        _pairs = [.. circuit.Instructions.AsEnumerable().Select(i => i is not Instruction.Barrier and not Instruction.Delay && i.Qubits.Count == 2 ? (i.Qubits[0], i.Qubits[1]) : (-1, -1))];
    }

    /// <summary>Routes from a layout.</summary>
    /// <param name="layout">[circuit qubit] -> place; changed to where each is at the end.</param>
    /// <param name="steps">The routed instructions on places; null to learn the last layout alone.</param>
    /// <returns>How many swaps it took.</returns>
    public int Run(int[] layout, Chance chance, List<Instruction>? steps)
    {
        var state = new State(this, layout, chance, steps);
        return state.Run();
    }

    /// <summary>One walk over the circuit.</summary>
    private sealed class State(SabreRouting routing, int[] layout, Chance chance, List<Instruction>? steps)
    {
        private readonly int[] _waiting = [.. routing._order.Waiting];
        private readonly int[] _at = Inverse(layout, routing._target.Qubits);   // [place] -> circuit qubit, -1 for none
        private readonly double[] _decay = Filled(routing._target.Qubits);
        private readonly List<int> _front = [], _extended = [];
        private readonly List<(int, int)> _candidates = [];
        private readonly PriorityQueue<int, int> _ready = new();   // in the order of the circuit, so that what need not move does not
        private readonly int[] _visits = new int[routing._pairs.Length];
        private int _visit, _swaps, _sinceGate;

        public int Run()
        {
            for (int i = 0; i < _waiting.Length; i++)
                if (_waiting[i] == 0) _ready.Enqueue(i, i);
            Advance();
            while (_front.Count > 0)
            {
                if (++_sinceGate > 10 * routing._target.Qubits) LeadTogether();
                else Swap(Best());
                Advance();
            }
            return _swaps;
        }

        /// <summary>Runs all that can run where the qubits are.</summary>
        private void Advance()
        {
            bool moved = true;
            while (moved)
            {
                moved = false;
                while (_ready.TryDequeue(out int next, out _))
                {
                    if (routing._pairs[next] is (>= 0 and var a, var b) && !routing._target.Meet(layout[a], layout[b])) _front.Add(next);
                    else Done(next);
                }
                for (int i = _front.Count - 1; i >= 0; i--)
                {
                    (int a, int b) = routing._pairs[_front[i]];
                    if (!routing._target.Meet(layout[a], layout[b])) continue;
                    int gate = _front[i];
                    _front.RemoveAt(i);
                    Done(gate);
                    moved = true;
                    _sinceGate = 0;
                    Array.Fill(_decay, 1);
                }
            }
        }

        private void Done(int instruction)
        {
            steps?.Add(Placement.Moved(routing._circuit.Instructions[instruction], layout));
            foreach (int follower in routing._order.Followers(instruction))
                if (--_waiting[follower] == 0) _ready.Enqueue(follower, follower);
        }

        private (int, int) Best()
        {
            Extend();
            Candidates();
            double best = double.PositiveInfinity;
            int ties = 0;
            (int, int) chosen = default;
            foreach ((int p, int q) in _candidates)
            {
                double score = Math.Max(_decay[p], _decay[q]) * (Sum(_front, p, q) / _front.Count
                    + (_extended.Count == 0 ? 0 : LookAheadWeight * Sum(_extended, p, q) / _extended.Count));
                if (score > best + 1e-12) continue;
                ties = score < best - 1e-12 ? 1 : ties + 1;
                if (score < best - 1e-12 || chance.Next(ties) == 0) chosen = (p, q);
                best = Math.Min(best, score);
            }
            return chosen;
        }

        /// <summary>The distances of gates' qubits if two places were swapped.</summary>
        private double Sum(List<int> gates, int p, int q)
        {
            int sum = 0;
            foreach (int gate in gates)
            {
                (int a, int b) = routing._pairs[gate];
                int x = layout[a], y = layout[b];
                x = x == p ? q : x == q ? p : x;
                y = y == p ? q : y == q ? p : y;
                sum += routing._target.Distance(x, y);
            }
            return sum;
        }

        /// <summary>The gates on two qubits that come next behind the front.</summary>
        private void Extend()
        {
            _extended.Clear();
            _visit++;
            var queue = new Queue<int>(_front);
            while (_extended.Count < LookAhead && queue.TryDequeue(out int at))
                foreach (int follower in routing._order.Followers(at))
                {
                    if (_visits[follower] == _visit) continue;
                    _visits[follower] = _visit;
                    queue.Enqueue(follower);
                    if (routing._pairs[follower].A >= 0) _extended.Add(follower);
                }
        }

        private void Candidates()
        {
            _candidates.Clear();
            foreach (int gate in _front)
            {
                (int a, int b) = routing._pairs[gate];
                Beside(layout[a]);
                Beside(layout[b]);
            }
        }

        private void Beside(int place)
        {
            foreach (int next in routing._target.Neighbours(place))
            {
                (int, int) pair = (Math.Min(place, next), Math.Max(place, next));
                if (!_candidates.Contains(pair)) _candidates.Add(pair);
            }
        }

        private void LeadTogether()
        {
            (int a, int b) = routing._pairs[_front.MinBy(g => routing._target.Distance(layout[routing._pairs[g].A], layout[routing._pairs[g].B]))];
            while (!routing._target.Meet(layout[a], layout[b]))
            {
                int from = layout[a], to = layout[b];
                foreach (int next in routing._target.Neighbours(from))
                    if (routing._target.Distance(next, to) < routing._target.Distance(from, to))
                    {
                        Swap((from, next));
                        break;
                    }
            }
        }

        private void Swap((int P, int Q) places)
        {
            (int p, int q) = places;
            steps?.Add(new Instruction.Apply(StandardGates.Swap, [], [p, q]));
            (_at[p], _at[q]) = (_at[q], _at[p]);
            if (_at[p] >= 0) layout[_at[p]] = p;
            if (_at[q] >= 0) layout[_at[q]] = q;
            _decay[p] += Decay;
            _decay[q] += Decay;
            if (++_swaps % DecayReset == 0) Array.Fill(_decay, 1);
        }

        private static int[] Inverse(int[] layout, int places)
        {
            int[] at = new int[places];
            Array.Fill(at, -1);
            for (int qubit = 0; qubit < layout.Length; qubit++) at[layout[qubit]] = qubit;
            return at;
        }

        private static double[] Filled(int places)
        {
            double[] ones = new double[places];
            Array.Fill(ones, 1);
            return ones;
        }
    }
}
