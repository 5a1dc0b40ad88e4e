using Hone.Devices.Cpu.Gemm;
using Hone.Devices.Cpu.Runtime.Convolution;
using Hone.Devices.Cpu.Runtime.Functions;
using Hone.Devices.Cpu.Runtime.Matrices;
using Hone.Model;

namespace Hone.Devices.Cpu.Vision.Stages;

/// <summary>From pixels to tokens, one image after the other: the first convolution unfolds bytes, further ones are those of the runtime, positions by channels last.</summary>
internal sealed unsafe class Stem
{
    private const int StripFloats = 1 << 18;   // what is unfolded at a time: a megabyte, in the second cache
    private readonly VisionNet _net;
    private readonly PixelRows _pixels;
    private readonly Linear _first;
    private readonly IConvolution[] _further;
    private readonly FunctionStep?[] _relus;
    private readonly Buffer64<float>[] _images;      // what each convolution gives, [positions][M]
    private readonly EmbedRows _embed;
    private readonly AfterStep _embedding = new();
    private readonly float[] _classToken;
    private readonly int _strip, _width;

    public Stem(VisionNet net)
    {
        _net = net;
        ConvLayer first = net.Stem[0];
        int side = net.Input.Side, inputs = first.Inputs * first.Kernel * first.Kernel, positions = first.Out(side) * first.Out(side), classTokens = net.ClassToken.Length > 0 ? 1 : 0;
        _width = net.Stem[^1].M;
        _strip = Math.Clamp(StripFloats / inputs, 1, positions);
        (_pixels, _first) = (new PixelRows(net.Input, first, _strip), new Linear(new LinearLayer(first.Name, first.M, inputs, first.Weights, first.Bias)));
        (_further, _images, _relus) = (new IConvolution[net.Stem.Count - 1], new Buffer64<float>[net.Stem.Count], new FunctionStep?[net.Stem.Count]);
        for (int i = 0; i < net.Stem.Count; i++)
        {
            ConvLayer conv = net.Stem[i];
            if (i > 0) _further[i - 1] = Further(conv, side);
            side = conv.Out(side);
            _images[i] = new Buffer64<float>(checked((i == 0 && net.Stem.Count == 1 ? _strip : side * side) * conv.M));
            if (conv.Relu) _relus[i] = new FunctionStep(Function.Relu, conv.M, default, default);
            Macs += (long)side * side * conv.M * (conv.Inputs / conv.Groups) * conv.Kernel * conv.Kernel;
        }
        _embed = new EmbedRows(net.Positions.AsSpan(Math.Min(net.Positions.Length, classTokens * _width)), _width, net.StemNorm is null ? null : new Norm(net.StemNorm, net.Epsilon));
        _classToken = [.. net.ClassToken.Select((v, c) => v + (net.Positions.Length > 0 ? net.Positions[c] : 0))];
    }

    /// <summary>Multiplications of an image.</summary>
    public long Macs { get; }

    /// <param name="pixels">[images][channels][side][side].</param>
    public void Run(byte* pixels, VisionBatch batch, Workers workers)
    {
        nint image = (nint)_net.Input.Channels * _net.Input.Side * _net.Input.Side;
        for (int i = 0; i < batch.Images; i++)
        {
            TokenRows x = batch.X.From(batch.Start(i));
            _classToken.CopyTo(new Span<float>(x.Row(0), _classToken.Length));
            One(pixels + (i * image), _classToken.Length > 0 ? x.From(1) : x, workers);
        }
    }

    private void One(byte* pixels, TokenRows x, Workers workers)
    {
        int size = _net.Stem[0].Out(_net.Input.Side);
        for (int from = 0; from < size * size; from += _strip)
        {
            int count = Math.Min(_strip, (size * size) - from), at = _further.Length > 0 ? from * _first.Outputs : 0;
            var y = new TokenRows((nint)(_images[0].Pointer + at), _first.Outputs);
            bool last = _further.Length == 0 && _relus[0] is null;
            _first.Run(_pixels.Run(pixels, from, count, workers), y, count, workers, last ? _embed.Over(y, x, from) : null);
            _relus[0]?.Run(y.Row(0), y.Row(0), count, workers);
            if (_further.Length == 0 && !last) _embedding.Run(_embed.Over(y, x, from), y.Row(0), count, workers);
        }
        if (_further.Length == 0) return;
        for (int i = 0; i < _further.Length; i++)
        {
            size = _net.Stem[i + 1].Out(size);
            _further[i].Run(_images[i].Span, _images[i + 1].Span, workers);
            _relus[i + 1]?.Run(_images[i + 1].Pointer, _images[i + 1].Pointer, size * size, workers);
        }
        var tokens = new TokenRows((nint)_images[^1].Pointer, _width);
        _embedding.Run(_embed.Over(tokens, x, 0), tokens.Row(0), size * size, workers);
    }

    private static IConvolution Further(ConvLayer conv, int side)
    {
        var shape = new ConvShape(1, conv.Inputs, side, side, conv.M, conv.Kernel, conv.Kernel, conv.Stride, conv.Padding, conv.Groups);
        if (shape.IsDepthwise) return new Depthwise(shape, conv.Weights, conv.Bias);
        int channels = conv.Inputs / conv.Groups, places = conv.Kernel * conv.Kernel;
        float[] last = new float[conv.Weights.Length];   // (M, kernel, kernel, channels)
        for (int i = 0; i < last.Length; i++) last[(i / (channels * places) * channels * places) + (i % places * channels) + (i / places % channels)] = conv.Weights[i];
        return conv.Groups == 1 ? new Unfolded(shape, new GemmMatrix(new FloatGemm(last, conv.M, shape.Inputs, conv.Bias))) : new Grouped(shape, last, conv.Bias);
    }
}
