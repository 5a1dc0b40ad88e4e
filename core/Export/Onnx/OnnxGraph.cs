using System.Runtime.InteropServices;
using Google.Protobuf;

namespace Hone.Export;

/// <summary>
/// Builds an ONNX model (protobuf wire format, all weights inside the file). Values are named by text: an input, an initialiser or a
/// node's output. The same calls always give the same bytes.
/// </summary>
public sealed class OnnxGraph(string name)
{
    /// <summary>Operator set 21 (the first with INT4) belongs to IR version 10; ONNX Runtime 1.31 reads both.</summary>
    public const int Opset = 21, IrVersion = 10;

    private readonly List<byte[]> _nodes = [], _initialisers = [], _inputs = [], _outputs = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _domains = new(StringComparer.Ordinal);   // besides ONNX's own
    private readonly List<(string Key, string Value)> _metadata = [];

    /// <summary>A float input; a dimension below 0 is free and bears the name "batch".</summary>
    public string Input(string value, params ReadOnlySpan<long> shape) => Input(value, OnnxSchema.DataType.Float, shape);

    /// <summary>An input of unsigned bytes; dimensions as for <see cref="Input(string, ReadOnlySpan{long})"/>.</summary>
    public string UInt8Input(string value, params ReadOnlySpan<long> shape) => Input(value, OnnxSchema.DataType.UInt8, shape);

    /// <summary>Names a value as a float output of the model; dimensions as for <see cref="Input(string, ReadOnlySpan{long})"/>.</summary>
    public void Output(string value, params ReadOnlySpan<long> shape) => _outputs.Add(ValueInfo(Known(value), OnnxSchema.DataType.Float, shape));

    /// <summary>Names a value as an output of whole numbers of 32 bits.</summary>
    public void Int32Output(string value, params ReadOnlySpan<long> shape) => _outputs.Add(ValueInfo(Known(value), OnnxSchema.DataType.Int32, shape));

    /// <summary>A constant array in row-major order.</summary>
    public string Floats(string value, float[] data, params long[] shape) => Initialiser<float>(value, OnnxSchema.DataType.Float, data, shape);

    public string Int8s(string value, sbyte[] data, params long[] shape) => Initialiser<sbyte>(value, OnnxSchema.DataType.Int8, data, shape);

    public string UInt8s(string value, byte[] data, params long[] shape) => Initialiser<byte>(value, OnnxSchema.DataType.UInt8, data, shape);

    /// <summary>Codes of -8..7, two to a byte, the first in the low half; an odd one is followed by a half byte of 0.</summary>
    /// <exception cref="ArgumentException">A code that does not fit 4 bits.</exception>
    public string Int4s(string value, sbyte[] data, params long[] shape)
    {
        byte[] packed = new byte[(data.Length + 1) / 2];
        for (int i = 0; i < data.Length; i++)
        {
            if (data[i] is < -8 or > 7) throw new ArgumentException($"'{value}': expected codes of -8..7, got {data[i]}");
            packed[i / 2] |= (byte)((data[i] & 15) << 4 * (i % 2));
        }
        Count(value, data.Length, shape);
        return Initialiser(value, OnnxSchema.DataType.Int4, packed, shape);
    }

    public string Int64s(string value, params long[] data) => Initialiser<long>(value, OnnxSchema.DataType.Int64, data, [data.Length]);

    /// <summary>Numbers in double precision; a single one has no axis.</summary>
    public string Doubles(string value, params double[] data) => Initialiser<double>(value, OnnxSchema.DataType.Double, data, data.Length == 1 ? [] : [data.Length]);

    /// <summary>A single number, made once and shared by all who ask for the same bits.</summary>
    public string Number(float number)
    {
        string value = $"number_{BitConverter.SingleToUInt32Bits(number):x8}";
        return _names.Contains(value) ? value : Initialiser<float>(value, OnnxSchema.DataType.Float, [number], []);
    }

    /// <summary>A list of whole numbers, made once and shared by all who ask for the same ones.</summary>
    public string Whole(params long[] numbers)
    {
        string value = $"whole_{string.Join('_', numbers).Replace('-', 'm')}";
        return _names.Contains(value) ? value : Int64s(value, numbers);
    }

    /// <summary>A node with one output, which it returns; the node bears its output's name.</summary>
    /// <param name="inputs">Names of values that exist already.</param>
    public string Node(string operation, string output, ReadOnlySpan<string> inputs, params ReadOnlySpan<OnnxAttribute> attributes) =>
        Node(operation, [output], inputs, attributes)[0];

    /// <summary>A node with several outputs.</summary>
    /// <exception cref="ArgumentException">An input that does not exist, or an output's name that is taken.</exception>
    public string[] Node(string operation, string[] outputs, ReadOnlySpan<string> inputs, params ReadOnlySpan<OnnxAttribute> attributes) => Node("", operation, outputs, inputs, attributes);

    /// <summary>A node of another set of operators than ONNX's own, such as com.microsoft.</summary>
    public string[] Node(string domain, string operation, string[] outputs, ReadOnlySpan<string> inputs, params ReadOnlySpan<OnnxAttribute> attributes)
    {
        if (domain.Length > 0) _domains.Add(domain);
        foreach (string input in inputs) Known(input);
        string[] sources = inputs.ToArray();
        OnnxAttribute[] constants = attributes.ToArray();
        foreach (string output in outputs) Declare(output);
        _nodes.Add(ProtobufFields.Encode(node =>
        {
            foreach (string input in sources) node.Text(OnnxSchema.Node.Input, input);
            foreach (string output in outputs) node.Text(OnnxSchema.Node.Output, output);
            node.Text(OnnxSchema.Node.Name, outputs[0]);
            node.Text(OnnxSchema.Node.OpType, operation);
            foreach (OnnxAttribute attribute in constants) node.Message(OnnxSchema.Node.Attribute, attribute.WriteTo);
            if (domain.Length > 0) node.Text(OnnxSchema.Node.Domain, domain);
        }));
        return outputs;
    }

    /// <summary>Free text that travels in the file.</summary>
    public void Note(string key, string value) => _metadata.Add((key, value));

    /// <summary>The bytes of the .onnx file.</summary>
    public byte[] ToBytes() => ProtobufFields.Encode(model =>
    {
        model.Number(OnnxSchema.Model.IrVersion, IrVersion);
        model.Text(OnnxSchema.Model.Producer, "hone");
        model.Message(OnnxSchema.Model.Graph, WriteGraph);
        model.Message(OnnxSchema.Model.OpsetImport, opset =>
        {
            opset.Text(OnnxSchema.Opset.Domain, "");
            opset.Number(OnnxSchema.Opset.Version, Opset);
        });
        foreach (string domain in _domains)
            model.Message(OnnxSchema.Model.OpsetImport, opset =>
            {
                opset.Text(OnnxSchema.Opset.Domain, domain);
                opset.Number(OnnxSchema.Opset.Version, 1);
            });
        foreach ((string key, string value) in _metadata)
            model.Message(OnnxSchema.Model.Metadata, entry =>
            {
                entry.Text(OnnxSchema.Entry.Key, key);
                entry.Text(OnnxSchema.Entry.Value, value);
            });
    });

    private void WriteGraph(CodedOutputStream graph)
    {
        foreach (byte[] node in _nodes) graph.Bytes(OnnxSchema.Graph.Node, node);
        graph.Text(OnnxSchema.Graph.Name, name);
        foreach (byte[] initialiser in _initialisers) graph.Bytes(OnnxSchema.Graph.Initializer, initialiser);
        foreach (byte[] input in _inputs) graph.Bytes(OnnxSchema.Graph.Input, input);
        foreach (byte[] output in _outputs) graph.Bytes(OnnxSchema.Graph.Output, output);
    }

    private string Input(string value, int type, ReadOnlySpan<long> shape)
    {
        _inputs.Add(ValueInfo(Declare(value), type, shape));
        return value;
    }

    private string Initialiser<T>(string value, int type, T[] data, long[] shape) where T : unmanaged
    {
        Count(value, data.Length, shape);
        return Initialiser(value, type, MemoryMarshal.AsBytes(data.AsSpan()).ToArray(), shape);
    }

    private static void Count(string value, int count, long[] shape)
    {
        if (SafeTensor.CountOf(shape) != count)
            throw new ArgumentException($"'{value}': expected {SafeTensor.CountOf(shape)} values for shape [{string.Join(", ", shape)}], got {count}");
    }

    private string Initialiser(string value, int type, byte[] raw, long[] shape)
    {
        Declare(value);
        _initialisers.Add(ProtobufFields.Encode(tensor =>
        {
            foreach (long length in shape) tensor.Number(OnnxSchema.Tensor.Dims, length);
            tensor.Number(OnnxSchema.Tensor.DataType, type);
            tensor.Text(OnnxSchema.Tensor.Name, value);
            tensor.Bytes(OnnxSchema.Tensor.RawData, raw);
        }));
        return value;
    }

    private static byte[] ValueInfo(string value, int element, ReadOnlySpan<long> shape)
    {
        long[] lengths = shape.ToArray();
        return ProtobufFields.Encode(info =>
        {
            info.Text(OnnxSchema.ValueInfo.Name, value);
            info.Message(OnnxSchema.ValueInfo.Type, type => type.Message(OnnxSchema.Type.Tensor, tensor =>
            {
                tensor.Number(OnnxSchema.TensorType.ElementType, element);
                tensor.Message(OnnxSchema.TensorType.Shape, dims =>
                {
                    foreach (long length in lengths)
                        dims.Message(OnnxSchema.Shape.Dim, dim =>
                        {
                            if (length < 0) dim.Text(OnnxSchema.Dim.Parameter, "batch");
                            else dim.Number(OnnxSchema.Dim.Value, length);
                        });
                });
            }));
        });
    }

    private string Declare(string value) => _names.Add(value) ? value : throw new ArgumentException($"the graph already has a value '{value}'");

    private string Known(string value) => _names.Contains(value) ? value : throw new ArgumentException($"the graph has no value '{value}' yet");
}
