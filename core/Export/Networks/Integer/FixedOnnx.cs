using Hone.Model;

namespace Hone.Export;

/// <summary>
/// The functions of <see cref="FixedPoint"/> and <see cref="HostNorm"/> as nodes over whole numbers of 64 bits, whose division cuts towards zero: v / 2^s rounded half away from zero is
/// (v +- 2^(s-1)) / 2^s. The sign is asked for by a comparison: ONNX Runtime 1.31 answers -1 for Sign of whole numbers in 2^31..2^32 - 1 [measured]. Codes that go into products are floats, which hold every partial sum exactly. Values are numbered within the scope.
/// </summary>
internal sealed class FixedOnnx(OnnxScope scope)
{
    private const long Whole64 = OnnxSchema.DataType.Int64, Real = OnnxSchema.DataType.Float, Double = OnnxSchema.DataType.Double;
    private readonly OnnxGraph _graph = scope.Graph;
    private int _count;

    public OnnxScope Scope => scope;

    public string Number(long number) => _graph.Whole(number);

    public string Node(string operation, params ReadOnlySpan<string> inputs) => scope.Node(operation, $"v{_count++}", inputs);

    public string Node(string operation, string[] inputs, params ReadOnlySpan<OnnxAttribute> attributes) => scope.Node(operation, $"v{_count++}", inputs, attributes);

    public string Add(string a, string b) => Node("Add", a, b);

    public string Times(string a, long factor) => factor == 1 ? a : Node("Mul", a, Number(factor));

    public string Within(string x, long low, long high) => Node("Min", Node("Max", x, Number(low)), Number(high));

    public string Saturate(string x) => Within(x, FixedPoint.Lowest, FixedPoint.Highest);

    public string ToWhole(string x) => Node("Cast", [x], OnnxAttribute.Int("to", Whole64));

    public string ToReal(string x) => Node("Cast", [x], OnnxAttribute.Int("to", Real));

    public string Reshape(string x, params long[] shape) => Node("Reshape", x, _graph.Whole(shape));

    public string Transpose(string x, params long[] order) => Node("Transpose", [x], OnnxAttribute.Ints("perm", order));

    public string Slice(string x, long axis, long from, long to) => Node("Slice", x, Number(from), Number(to), Number(axis));

    public string Sum(string x, long axis, bool keeps = true) => Node("ReduceSum", [x, Number(axis)], OnnxAttribute.Int("keepdims", keeps ? 1 : 0));

    /// <summary>x / 2^shift.</summary>
    public string Round(string x, int shift) => shift <= 0 ? Times(x, 1L << -shift)
        : Node("Div", Add(x, Node("Where", Negative(x), Number(-(1L << (shift - 1))), Number(1L << (shift - 1)))), Number(1L << shift));

    /// <summary>a / b, b above 0.</summary>
    public string Divide(string a, string b) => Node("Div", Add(Times(a, 2), Node("Where", Negative(a), Node("Neg", b), b)), Times(b, 2));

    private string Negative(string x) => Node("Less", x, Number(0));

    /// <summary>Signed bytes as floats.</summary>
    public string Code(string x, int shift) => ToReal(Within(Round(x, shift), sbyte.MinValue, sbyte.MaxValue));

    /// <summary>Accumulators (.., M) of codes (.., K).</summary>
    public string Accumulate(string codes, IntegerLinear layer)
    {
        sbyte[] turned = new sbyte[layer.Weights.Length];                      // (K, M)
        for (int i = 0; i < turned.Length; i++) turned[i] = layer.Weights[(i % layer.M * layer.K) + (i / layer.M)];
        var own = new OnnxScope(_graph, layer.Name);
        string weights = own.To("numbers", _graph.Int8s($"{layer.Name}.codes", turned, layer.K, layer.M), OnnxSchema.DataType.Float);
        string product = own.Node("MatMul", "product", [codes, weights]);
        return own.To("out", own.Node("Add", "sum", [product, own.Floats("bias", [.. layer.Bias.Select(b => (float)b)], layer.M)]), OnnxSchema.DataType.Int64);
    }

    /// <summary>A layer's outputs in units of 2^-16.</summary>
    public string Linear(string codes, IntegerLinear layer) => Saturate(Round(Accumulate(codes, layer), layer.Places - FixedPoint.Places));

    /// <summary>A layer and GELU behind it, as codes.</summary>
    public string Gelu(string codes, IntegerLinear layer, int delta, int places)
    {
        string x = Linear(codes, layer), u = Round(Times(x, 46341), 16);
        string t = Add(Node("Min", Node("Abs", u), Number(115_933)), Number(-115_933));
        string polynomial = Add(Round(Times(Round(Node("Mul", t, t), 16), -18_927), 16), Number(FixedPoint.One));
        string e = Node("Mul", Node("Sign", u), Round(Times(polynomial, delta), 16));
        return Code(Saturate(Round(Node("Mul", x, Add(e, Number(FixedPoint.One))), 17)), FixedPoint.Places - places);
    }

    /// <summary>Shares over the last axis, in so many levels.</summary>
    public string Softmax(string y, int levels, int highest)
    {
        string down = Node("Sub", y, Node("ReduceMax", [y, Number(-1)], OnnxAttribute.Int("keepdims", 1)));
        string z = Node("Div", Node("Neg", down), Number(45_426));
        string t = Add(Add(down, Times(z, 45_426)), Number(88_670));
        string polynomial = Add(Round(Times(Round(Node("Mul", t, t), 16), 23_495), 16), Number(22_544));
        string power = Node("Gather", scope.Graph.Whole([.. Enumerable.Range(0, 21).Select(i => 1L << i)]), Node("Min", z, Number(20)));   // from 18 on nothing is left
        string e = Node("Div", Add(polynomial, Node("Div", power, Number(2))), power);
        return Node("Min", Divide(Times(e, levels), Sum(e, -1)), Number(highest));
    }

    public string Sigmoid(string x)
    {
        string m = Node("Abs", x), y = Add(Round(m, 2), Number(FixedPoint.One / 2));
        y = Where(m, FixedPoint.One, Add(Round(m, 3), Number(40_960)), y);
        y = Where(m, 155_648, Add(Round(m, 5), Number(55_296)), y);
        y = Where(m, 5 * FixedPoint.One, Number(FixedPoint.One), y);
        return Node("Where", Negative(x), Node("Sub", Number(FixedPoint.One), y), y);
    }

    private string Where(string m, long atLeast, string then, string otherwise) => Node("Where", Node("GreaterOrEqual", m, Number(atLeast)), then, otherwise);

    /// <summary>Codes of a layer norm over the last axis, as floats.</summary>
    /// <param name="width">Of that axis.</param>
    public string Norm(string x, IntegerNorm norm, int width, double epsilon)
    {
        string off = Node("Sub", x, Divide(Sum(x, -1), Number(width)));
        string variance = Node("Div", ToDouble(Sum(Node("Mul", off, off), -1)), Doubles("width", width));
        string deviation = Node("Sqrt", Add(variance, Doubles("epsilon", HostNorm.Scaled(epsilon))));
        string u = Node("Mul", Node("Div", ToDouble(off), deviation), Doubles("gain", HostNorm.InCodes(norm.Gain, norm.Places, gains: true)));
        if (norm.Bias.Length > 0) u = Add(u, Doubles("shift", HostNorm.InCodes(norm.Bias, norm.Places, gains: false)));
        string code = Node("Mul", Node("Sign", u), Node("Floor", Add(Node("Abs", u), Doubles("half", 0.5))));
        return ToReal(Within(ToWhole(code), sbyte.MinValue, sbyte.MaxValue));
    }

    private string ToDouble(string x) => Node("Cast", [x], OnnxAttribute.Int("to", Double));

    private string Doubles(string part, params double[] values) => _graph.Doubles($"{scope.Name}.{part}{_count++}", values);
}
