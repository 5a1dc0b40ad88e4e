using System.Text.Json;
using Hone.Model;
using Hone.Neural.Elastic;
using Hone.Neural.Quantize;

namespace Hone.Neural.Vit;

/// <summary>A trained supernet as plain arrays, without torch: the latent weights, steps and row orders that subnets are cut from.</summary>
internal sealed class QuasarVitModel
{
    public const string Format = "quasar-vit supernet 2";
    private readonly ArrayFile _file;
    private readonly QuasarVitRows _rows;

    private QuasarVitModel(ArrayFile file, QuasarVitConfig config)
    {
        (_file, Config, _rows) = (file, config, new QuasarVitRows(config));
        for (int layer = 0; layer < config.MaxDepth * 4; layer++) _rows.SetOrder(layer, file.Get<int[]>($"order.{layer}"));
    }

    public QuasarVitConfig Config { get; }

    /// <summary>The loss of the training that made these weights.</summary>
    public ValueList<LossPoint> Curve => LossCurve.Read(_file).Points().ToValueList();

    /// <exception cref="HoneException">Not the final weights of a Quasar-ViT supernet.</exception>
    public static QuasarVitModel Read(ReadOnlySpan<byte> bytes)
    {
        ArrayFile file = ArrayFile.Read(bytes);
        string format = file.Get<string>("format");
        if (format != Format) throw new HoneException($"expected '{Format}', got '{format}': these weights are of another kind or version");
        return new QuasarVitModel(file, JsonSerializer.Deserialize<QuasarVitConfig>(file.Get<string>("config"))!);
    }

    /// <summary>The leading slice of every tensor in the rows' precisions.</summary>
    public QuasarVitWeights Extract(QuasarVitGenome genome)
    {
        int e = genome.Width, n = Config.Tokens;
        float[] all = Get("positions"), positions = new float[n * e];
        for (int t = 0; t < n; t++) all.AsSpan(t * Config.MaxWidth, e).CopyTo(positions.AsSpan(t * e));
        var blocks = new QuasarVitBlockWeights[genome.Depth];
        for (int b = 0; b < blocks.Length; b++)
        {
            QuasarVitBlockGenome g = genome.Blocks[b];
            string name = $"b{b + 1}";
            int a = g.Heads * Config.HeadWidth, hidden = g.Expansion * e;
            blocks[b] = new QuasarVitBlockWeights(g.Heads,
                Norm(name + ".norm1", e), Linear(b, 0, 3 * a, e, g.Qkv, Step(name + ".in1")), Step(name + ".q"), Step(name + ".k"), Step(name + ".v"),
                Linear(b, 1, e, a, g.Proj, Step(name + ".o")), Get(name + ".lam1")[..e],
                Norm(name + ".norm2", e), Linear(b, 2, hidden, e, g.Fc1, Step(name + ".in2")), Linear(b, 3, e, hidden, g.Fc2, Step(name + ".g")),
                Get(name + ".lam2")[..e]);
        }
        return new QuasarVitWeights(Config, genome,
            Wide("embed", e, Config.PatchSize, (float)QuasarVitSupernet.InputStepOf(Config)), Get("cls")[..e], positions, blocks,
            Norm("norm", e), Wide("head", Config.Classes, e, Step("head.in")));
    }

    /// <summary>The net that is trained, with these weights; the caller disposes of it.</summary>
    public QuasarVitSupernet Supernet()
    {
        var net = new QuasarVitSupernet(Config with { Device = "cpu" });   // wherever it was trained
        net.Load(_file);
        return net;
    }

    private float[] Get(string name) => _file.Get<float[]>(name);

    private float Step(string name) => MathF.Exp(Get(name)[0]);

    private QuasarVitNorm Norm(string name, int e) => new(Get(name + ".gain")[..e], Get(name + ".bias")[..e]);

    /// <summary>A searched matrix.</summary>
    private QuasarVitLinear Linear(int block, int matrix, int m, int k, double ratio, float inputStep)
    {
        int[] active = _rows.Active(matrix, m);
        float[] eight = new float[m];
        RowOrder.Mark(_rows.Order(block, matrix), active, RowOrder.EightBitRows(ratio, m, Config.RowGroup), eight);
        return Cut($"b{block + 1}.{QuasarVitSupernet.Matrices[matrix]}", active, k, eight, inputStep, 6);
    }

    /// <summary>A matrix that is 8 bits wide throughout, with 8-bit input.</summary>
    private QuasarVitLinear Wide(string name, int m, int k, float inputStep)
    {
        int[] active = new int[m];
        for (int i = 0; i < m; i++) active[i] = i;
        return Cut(name, active, k, ParameterArena.Filled(m, 1), inputStep, 8);
    }

    private QuasarVitLinear Cut(string name, int[] active, int k, float[] eight, float inputStep, int inputBits)
    {
        float[] wide = Get(name), narrow = _file.Has(name + ".w4") ? Get(name + ".w4") : wide, log4 = Get(name + ".log4"), log8 = Get(name + ".log8"), bias = Get(name + ".bias");
        int m = active.Length, full = wide.Length / log4.Length;                  // K of the latent matrix
        var (codes, scales, bits, shifts) = (new sbyte[m * k], new float[m], new byte[m], new float[m]);
        for (int i = 0; i < m; i++)
        {
            int row = active[i];
            bits[i] = (byte)(eight[i] == 1 ? 8 : 4);
            float s = scales[i] = MathF.Exp(eight[i] == 1 ? log8[row] : log4[row]), high = bits[i] == 8 ? 127 : 7, inverse = 1 / s;
            ReadOnlySpan<float> from = (bits[i] == 8 ? wide : narrow).AsSpan(row * full, k);
            Span<sbyte> to = codes.AsSpan(i * k, k);
            for (int j = 0; j < k; j++) to[j] = (sbyte)MathF.Round(Math.Clamp(from[j] * inverse, -high - 1, high));
            shifts[i] = bias[row];
        }
        return new QuasarVitLinear(name, m, k, codes, scales, bits, shifts, inputStep, inputBits);
    }
}
