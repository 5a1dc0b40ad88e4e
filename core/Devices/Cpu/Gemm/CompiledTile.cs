namespace Hone.Devices.Cpu.Gemm;

/// <summary>A tile that the compiler makes of <see cref="Tile{TOperator, TInput, TWeights, TVector, TSums}"/> and an operator.</summary>
internal sealed unsafe class CompiledTile<TOperator, TInput, TWeights, TVector, TSums>(InstructionSet set) : TileKernel(set)
    where TOperator : struct, ITileOperator<TInput, TWeights, TSums> where TVector : struct, IVector<TSums>
{
    public override bool Generated => false;

    public override int Rows => Tile<TOperator, TInput, TWeights, TVector, TSums>.Rows;

    public override int Columns => Tile<TOperator, TInput, TWeights, TVector, TSums>.Columns;

    public override int Step => TOperator.Step;

    public override int InputBytes => TOperator.InputBytes;

    public override int PanelBytes => 2 * TOperator.WeightBytes;

    public override int SliceBytes => 16 << 10;

    public override int RowsBytes => 240 << 10;

    public override void Run(TileCall* call, int rows)
    {
        byte* tile = stackalloc byte[Rows * Columns * sizeof(float)], sums = call->Y;
        nint stride = call->YStride;
        if (call->Columns < Columns || call->AddendStride != 0)   // no room in Y: the panel is not full, or floats of the group before are there
        {
            sums = tile;
            stride = Columns * sizeof(float);
            if (call->First == 0) Copy(call->Y, call->YStride, sums, stride, rows, call->Columns);
        }
        Sum(call, rows, sums, stride);
        if (call->Last == 0)
        {
            if (sums != call->Y) Copy(sums, stride, call->Y, call->YStride, rows, call->Columns);
            return;
        }
        for (int i = 0; i < rows; i++)
        {
            byte* from = sums + i * stride;
            float* addend = (float*)((byte*)call->Addend + i * call->AddendStride), y = (float*)(call->Y + i * call->YStride);
            if (call->RowScales == null) Finish.Floats((float*)from, addend, y, call->Columns);
            else Finish.Codes((int*)from, call->RowOffsets[i], call->RowScales[i], call->Scales, addend, y, call->Columns);
        }
    }

    private static void Sum(TileCall* call, int rows, byte* y, nint stride)
    {
        if (TOperator.MostSteps == int.MaxValue) Tile<TOperator, TInput, TWeights, TVector, TSums>.Run(call->X, call->XStride, rows, call->Panel, (int)call->Steps, y, stride, call->First != 0);
        else Tile<TOperator, TInput, TWeights, TVector, TSums>.RunInParts(call->X, call->XStride, rows, call->Panel, (int)call->Steps, y, stride, call->First != 0);
    }

    private static void Copy(byte* from, nint fromStride, byte* to, nint toStride, int rows, int count)
    {
        for (int i = 0; i < rows; i++) Buffer.MemoryCopy(from + i * fromStride, to + i * toStride, count * sizeof(float), count * sizeof(float));
    }
}
