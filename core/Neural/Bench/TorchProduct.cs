using Hone.Neural.Elastic;
using TorchSharp;
using static TorchSharp.torch;

namespace Hone.Neural.Bench;

/// <summary>One matrix product in libtorch, which makes its result anew each time: what kernels of our own are measured against.</summary>
public sealed class TorchProduct : IDisposable
{
    private readonly Tensor _x, _w;
    private readonly int _threads;
    private readonly Func<Tensor, Tensor, Tensor> _product;
    private readonly IDisposable? _held;

    private TorchProduct(Tensor x, Tensor w, int threads, Func<Tensor, Tensor, Tensor> product, IDisposable? held = null) => (_x, _w, _threads, _product, _held) = (x, w, threads, product, held);

    /// <summary>functional.linear in floats.</summary>
    /// <param name="x">[M][K].</param>
    /// <param name="w">[N][K].</param>
    public static TorchProduct Floats(float[] x, float[] w, int rows, int inputs, int outputs, int threads)
    {
        NativeLog.ErrorsOnly();
        return new TorchProduct(tensor(x, [rows, inputs]), tensor(w, [outputs, inputs]), threads, (a, b) => nn.functional.linear(a, b));
    }

    /// <summary>_int_mm: signed bytes times signed ones, sums of 32 bits and nothing behind. TorchSharp has no name for it; a script has.</summary>
    /// <param name="x">[M][K].</param>
    /// <param name="w">[K][N].</param>
    public static TorchProduct Bytes(sbyte[] x, sbyte[] w, int rows, int inputs, int outputs, int threads)
    {
        NativeLog.ErrorsOnly();
        jit.CompilationUnit script = jit.compile("def product(x, w):\n  return torch._int_mm(x, w)\n");
        return new TorchProduct(tensor(x, [rows, inputs]), tensor(w, [inputs, outputs]), threads, (a, b) => (Tensor)script.invoke("product", a, b), script);
    }

    public void Run()
    {
        using Tensor y = Product();
    }

    /// <summary>[M][N], as floats.</summary>
    public float[] Result()
    {
        using Tensor y = Product(), floats = y.to(ScalarType.Float32);
        return floats.data<float>().ToArray();
    }

    public void Dispose()
    {
        _x.Dispose();
        _w.Dispose();
        _held?.Dispose();
    }

    private Tensor Product()
    {
        set_num_threads(_threads);   // of this thread
        using IDisposable none = no_grad();
        return _product(_x, _w);
    }
}
