using Google.Protobuf;

namespace Hone.Export;

/// <summary>A constant of an operator: a whole number, a number, a text or a list of whole numbers.</summary>
public sealed class OnnxAttribute
{
    private readonly Action<CodedOutputStream> _write;

    private OnnxAttribute(string name, int type, Action<CodedOutputStream> write) => _write = output =>
    {
        output.Text(OnnxSchema.Attribute.Name, name);
        write(output);
        output.Number(OnnxSchema.Attribute.Type, type);
    };

    public static OnnxAttribute Int(string name, long value) =>
        new(name, OnnxSchema.AttributeType.Int, output => output.Number(OnnxSchema.Attribute.Int, value));

    public static OnnxAttribute Ints(string name, params long[] values) => new(name, OnnxSchema.AttributeType.Ints, output =>
    {
        foreach (long value in values) output.Number(OnnxSchema.Attribute.Ints, value);
    });

    public static OnnxAttribute Float(string name, float value) =>
        new(name, OnnxSchema.AttributeType.Float, output => output.Real(OnnxSchema.Attribute.Float, value));

    public static OnnxAttribute Text(string name, string value) =>
        new(name, OnnxSchema.AttributeType.String, output => output.Text(OnnxSchema.Attribute.String, value));

    internal void WriteTo(CodedOutputStream output) => _write(output);
}
