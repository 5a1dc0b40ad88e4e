using System.Runtime.InteropServices;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Hone.Devices.Cpu.Gemm.Generated;

/// <summary>
/// Writes the code of a tile: so many rows of X times two vectors of outputs, or one row times those of several panels; sums in registers while K runs. The generated function takes a <see cref="TileCall"/> in rdi (the calling
/// convention of System V), returns nothing, and uses only registers that it may change.
/// </summary>
internal sealed class TileEmitter
{
    private const int Unroll = 4, RowsPerPointer = 3, SumsThatHideLatency = 8, VectorBytes = TileFormat.Lanes * sizeof(int), HalfBytes = 4;

    private static readonly AssemblerRegisterZMM[] Registers =
    [
        zmm0, zmm1, zmm2, zmm3, zmm4, zmm5, zmm6, zmm7, zmm8, zmm9, zmm10, zmm11, zmm12, zmm13, zmm14, zmm15,
        zmm16, zmm17, zmm18, zmm19, zmm20, zmm21, zmm22, zmm23, zmm24, zmm25, zmm26, zmm27, zmm28, zmm29, zmm30, zmm31,
    ];

    private static readonly AssemblerRegister64[] Pointers = [rsi, r8, r9, r10, r11];
    private static readonly AssemblerRegister64 Panel = rax, Y = rax, Offsets = rax, Steps = rcx, RowScales = rcx, Stride = rdx, Scales = rsi, Addend = r8, AddendStride = r9;

    private readonly Assembler _a = new(64);
    private readonly TileFormat _format;
    private readonly int _rows, _sets, _panels;
    private readonly AssemblerRegisterZMM _x = Registers[31], _spare = Registers[30], _low = Registers[29];
    private readonly AssemblerRegisterZMM[,] _w;   // [halves][vectors]

    private TileEmitter(TileFormat format, int rows, int panels)
    {
        (_format, _rows, _panels) = (format, rows, panels);
        // Few rows have few sums, and each addition waits for the one before it: then steps take turns with several sets of sums. One row has the sums of several panels; the order of its additions
        // may not depend on how many those are.
        for (_sets = 1; rows > 1 && _sets < Unroll && _sets * rows * Vectors < SumsThatHideLatency;) _sets *= 2;
        int next = format.Halves == 1 ? 30 : 29;   // before the registers that are named above
        _w = new AssemblerRegisterZMM[format.Halves, TileFormat.Vectors];
        for (int half = 0; half < format.Halves; half++)
            for (int v = 0; v < TileFormat.Vectors; v++) _w[half, v] = Registers[--next];
        int sums = _sets * rows * Vectors;
        if (sums > next) throw new ArgumentOutOfRangeException(nameof(rows), rows, $"expected sums that fit {next} registers, got {sums}");
    }

    /// <summary>The function's code; it refers to nothing outside.</summary>
    /// <param name="rows">1 to the format's.</param>
    /// <param name="panels">1; or several full ones, for one row.</param>
    public static byte[] Emit(TileFormat format, int rows, int panels = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rows);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rows, format.Rows);
        if (panels < 1 || panels * TileFormat.Vectors > SumsThatHideLatency || (panels > 1 && rows > 1)) throw new ArgumentOutOfRangeException(nameof(panels), panels, "expected 1, or for one row no more than 4");
        return new TileEmitter(format, rows, panels).Emit();
    }

    private byte[] Emit()
    {
        Masks();
        SumsBegin();
        Inputs();
        Loop();
        SumsEnd();
        using var code = new MemoryStream();
        _a.Assemble(new StreamCodeWriter(code), 0);
        return code.ToArray();
    }

    // A bit for each output that exists, and the bits of a low half.
    private void Masks()
    {
        _a.mov(eax, __dword_ptr[Field(nameof(TileCall.Mask))]);
        _a.kmovw(k1, eax);
        _a.shr(eax, TileFormat.Lanes);
        _a.kmovw(k2, eax);
        if (_format.Halves == 1) return;
        _a.mov(eax, 0x0F0F0F0F);
        _a.vpbroadcastd(_low, eax);
    }

    // What Y holds; in the first part of K 0, or the offsets of rows.
    private void SumsBegin()
    {
        Label first = _a.CreateLabel(), begun = _a.CreateLabel();
        for (int set = 1; set < _sets; set++)
            EachSum((row, v) => Zero(Sum(row, v, set)));
        _a.cmp(__dword_ptr[Field(nameof(TileCall.First))], 0);
        _a.jne(first);
        EachRowOfY(row =>
        {
            for (int v = 0; v < Vectors; v++) _a.vmovups(Masked(Sum(row, v), v).z, __zmmword_ptr[Y + v * VectorBytes]);
        });
        _a.jmp(begun);
        _a.Label(ref first);
        EachRowOfY(_ =>
        {
            for (int v = 0; v < Vectors; v++) _a.prefetchw(__byte_ptr[Y + v * VectorBytes]);
        });
        if (_format.Codes) _a.mov(Offsets, __qword_ptr[Field(nameof(TileCall.RowOffsets))]);
        EachSum((row, v) =>
        {
            if (!_format.Codes) Zero(Sum(row, v));
            else if (v == 0) _a.vpbroadcastd(Sum(row, v), __dword_ptr[Offsets + row * sizeof(int)]);
            else _a.vmovdqa64(Sum(row, v), Sum(row, 0));
        });
        _a.Label(ref begun);
    }

    // A pointer to every third row of X: the two behind it are one and two strides away. With several panels, a pointer to each.
    private void Inputs()
    {
        if (_panels > 1) _a.mov(Stride, __qword_ptr[Field(nameof(TileCall.PanelStride))]);
        _a.mov(Panel, __qword_ptr[Field(nameof(TileCall.Panel))]);
        _a.mov(Steps, __qword_ptr[Field(nameof(TileCall.Steps))]);
        for (int i = 1; i < _panels; i++) _a.lea(PanelAt(i), __[PanelAt(i - 1) + Stride]);
        _a.mov(Stride, __qword_ptr[Field(nameof(TileCall.XStride))]);
        _a.mov(Pointers[0], __qword_ptr[Field(nameof(TileCall.X))]);
        for (int i = 1; i < PointersInUse; i++)
        {
            _a.lea(Pointers[i], __[Pointers[i - 1] + Stride * 2]);
            _a.add(Pointers[i], Stride);
        }
    }

    private void Loop()
    {
        Label many = _a.CreateLabel(), few = _a.CreateLabel(), one = _a.CreateLabel(), done = _a.CreateLabel();
        _a.sub(Steps, Unroll);
        _a.jl(few);
        _a.Label(ref many);
        for (int i = 0; i < Unroll; i++) Step(i);
        Advance(Unroll);
        _a.sub(Steps, Unroll);
        _a.jge(many);
        _a.Label(ref few);
        _a.add(Steps, Unroll);
        _a.jz(done);
        _a.Label(ref one);
        Step(0);
        Advance(1);
        _a.dec(Steps);
        _a.jnz(one);
        _a.Label(ref done);
    }

    private void Step(int step)
    {
        if (_panels > 1)
        {
            RowStep(step);
            return;
        }
        for (int v = 0; v < Vectors; v++) Weights(v, step);
        for (int row = 0; row < _rows; row++)
            for (int half = 0; half < _format.Halves; half++)
            {
                _a.vpbroadcastd(_x, Input(row, (step * _format.Halves + half) * HalfBytes));
                for (int v = 0; v < Vectors; v++) _format.Accumulate(_a, Sum(row, v, step % _sets), _w[half, v], _x, _spare);
            }
    }

    // One row: its input stays, weights pass.
    private void RowStep(int step)
    {
        AssemblerRegisterZMM[] x = [_x, Registers[24]];
        for (int half = 0; half < _format.Halves; half++) _a.vpbroadcastd(x[half], Input(0, (step * _format.Halves + half) * HalfBytes));
        for (int v = 0; v < Vectors; v++)
        {
            Weights(v, step);
            for (int half = 0; half < _format.Halves; half++) _format.Accumulate(_a, Sum(0, v, step % _sets), _w[half, v % TileFormat.Vectors], x[half], _spare);
        }
    }

    // A vector of weights, or its low and its high halves of bytes.
    private void Weights(int v, int step)
    {
        int at = v % TileFormat.Vectors;
        AssemblerMemoryOperand from = __zmmword_ptr[PanelAt(v / TileFormat.Vectors) + step * TileFormat.PanelBytes + at * VectorBytes];
        if (_format.Halves == 1)
        {
            _a.vmovups(_w[0, at], from);
            return;
        }
        _a.vmovdqu64(_w[1, at], from);
        _a.vpandd(_w[0, at], _w[1, at], _low);
        _a.vpsrld(_w[1, at], _w[1, at], 4);
        _a.vpandd(_w[1, at], _w[1, at], _low);
    }

    private void Advance(int steps)
    {
        for (int i = 0; i < _panels; i++) _a.add(PanelAt(i), steps * TileFormat.PanelBytes);
        for (int i = 0; i < PointersInUse; i++) _a.add(Pointers[i], steps * _format.Halves * HalfBytes);
    }

    // To Y as they are, or in the last part of K as floats with scales and biases.
    private void SumsEnd()
    {
        Label last = _a.CreateLabel();
        for (int sets = _sets; sets > 1; sets /= 2)
            for (int set = 0; set < sets / 2; set++)
                EachSum((row, v) => Add(Sum(row, v, set), Sum(row, v, set + sets / 2)));
        _a.cmp(__dword_ptr[Field(nameof(TileCall.Last))], 0);
        _a.jne(last);
        EachRowOfY(Store);
        Return();
        _a.Label(ref last);
        AssemblerRegisterZMM scale = Registers[29];
        _a.mov(Addend, __qword_ptr[Field(nameof(TileCall.Addend))]);
        _a.mov(AddendStride, __qword_ptr[Field(nameof(TileCall.AddendStride))]);
        if (_format.Codes)
        {
            _a.mov(RowScales, __qword_ptr[Field(nameof(TileCall.RowScales))]);
            _a.mov(Scales, __qword_ptr[Field(nameof(TileCall.Scales))]);
        }
        EachRowOfY(row =>
        {
            if (_format.Codes) _a.vbroadcastss(_x, __dword_ptr[RowScales + row * sizeof(float)]);
            for (int v = 0; v < Vectors; v++)
            {
                AssemblerRegisterZMM sum = Sum(row, v);
                if (_format.Codes)
                {
                    _a.vmulps(scale, _x, __zmmword_ptr[Scales + v * VectorBytes]);
                    _a.vcvtdq2ps(sum, sum);
                    _a.vmulps(sum, sum, scale);
                }
                _a.vaddps(Masked(sum, v).z, sum, __zmmword_ptr[Addend + v * VectorBytes]);
            }
            Store(row);
            if (row < _rows - 1) _a.add(Addend, AddendStride);
        });
        Return();
    }

    private void Store(int row)
    {
        for (int v = 0; v < Vectors; v++)
        {
            AssemblerMemoryOperand to = __zmmword_ptr[Y + v * VectorBytes];
            _a.vmovups(v % TileFormat.Vectors == 0 ? to.k1 : to.k2, Sum(row, v));
        }
    }

    private void Return()
    {
        _a.vzeroupper();
        _a.ret();
    }

    private void EachRowOfY(Action<int> emit)
    {
        _a.mov(Y, __qword_ptr[Field(nameof(TileCall.Y))]);
        _a.mov(Stride, __qword_ptr[Field(nameof(TileCall.YStride))]);
        for (int row = 0; row < _rows; row++)
        {
            if (row > 0) _a.add(Y, Stride);
            emit(row);
        }
    }

    private void EachSum(Action<int, int> emit)
    {
        for (int row = 0; row < _rows; row++)
            for (int v = 0; v < Vectors; v++) emit(row, v);
    }

    private void Zero(AssemblerRegisterZMM sum) => _a.vpxord(sum, sum, sum);

    private void Add(AssemblerRegisterZMM sum, AssemblerRegisterZMM other)
    {
        if (_format.Codes) _a.vpaddd(sum, sum, other);
        else _a.vaddps(sum, sum, other);
    }

    private AssemblerRegisterZMM Sum(int row, int vector, int set = 0) => Registers[(set * _rows + row) * Vectors + vector];

    private AssemblerMemoryOperand Input(int row, int offset)
    {
        AssemblerRegister64 pointer = Pointers[row / RowsPerPointer];
        return (row % RowsPerPointer) switch
        {
            0 => __dword_ptr[pointer + offset],
            int strides => __dword_ptr[pointer + Stride * strides + offset],
        };
    }

    // Of several panels all are full, and their masks too.
    private static AssemblerRegisterZMM Masked(AssemblerRegisterZMM sum, int vector) => vector % TileFormat.Vectors == 0 ? sum.k1 : sum.k2;

    private static AssemblerRegister64 PanelAt(int panel) => panel == 0 ? Panel : Pointers[panel];

    private int Vectors => _panels * TileFormat.Vectors;

    private int PointersInUse => (_rows + RowsPerPointer - 1) / RowsPerPointer;

    private static AssemblerMemoryOperand Field(string name) => rdi + (int)Marshal.OffsetOf<TileCall>(name);
}
