using Hone.Devices.Cpu.Runtime.Matrices;
using Hone.Devices.Cpu.Runtime.Recurrence;
using Hone.Model;

namespace Hone.Devices.Cpu.Runtime.Operations;

/// <summary>X [steps][batch][inputs] to Y [steps][batch][H], the states from zero on. The inputs of all steps are multiplied at once, the state step by step.</summary>
internal sealed unsafe class RecurrentOperation : Operation
{
    private readonly int _steps, _batch, _hidden;
    private readonly Matrix _wx, _wh;
    private readonly Gates _gates;
    private readonly Buffer64<float> _zero, _gx, _gh;

    /// <param name="wx">[gates H][inputs]; see <see cref="Gates"/> for the order of gates.</param>
    /// <param name="wh">[gates H][H].</param>
    public RecurrentOperation(Cell cell, Matrix wx, Matrix wh, int steps, int batch) : base(checked(steps * batch * wx.Inputs), checked(steps * batch * wh.Inputs))
    {
        (_steps, _batch, _hidden, _wx, _wh) = (steps, batch, wh.Inputs, wx, wh);
        _gates = new Gates(cell, batch, _hidden);
        (_zero, _gx, _gh) = (new Buffer64<float>(batch * _hidden), new Buffer64<float>(checked(steps * batch * wx.Outputs)), new Buffer64<float>(batch * wh.Outputs));
    }

    public override InstructionSet Instructions => (InstructionSet)Math.Max((int)_wx.Instructions, (int)_wh.Instructions);

    public static RecurrentOperation Build(Op.Recurrent op, Surroundings around)
    {
        int steps = Surroundings.Size(op.Steps);
        Matrix wx = around.Matrix(op.Id, op.Wx, op.In, checked(steps * around.Batch)), wh = around.Matrix(op.Id, op.Wh, op.State, around.Batch);
        return new RecurrentOperation(op.Cell, wx, wh, steps, around.Batch);
    }

    public override void Run(ReadOnlySpan<float> x, Span<float> y, Workers workers)
    {
        int states = _batch * _hidden;
        _wx.Run(x, _gx.Span, _steps * _batch, workers);
        _gates.Clear();
        fixed (float* to = y)
        {
            float* before = _zero.Pointer;
            for (int step = 0; step < _steps; step++)
            {
                _wh.Run(new ReadOnlySpan<float>(before, states), _gh.Span, _batch, workers);
                _gates.Run(_gx.Pointer + (nint)step * _batch * _wx.Outputs, _gh.Pointer, before, to + (nint)step * states, workers);
                before = to + (nint)step * states;
            }
        }
    }
}
