using System.Text;
using Google.Protobuf;

namespace Hone.Cluster.Tests.Telemetry;

/// <summary>A protobuf message read without its definition: fields by number, in order.</summary>
internal sealed class Wire
{
    private readonly List<(int Number, ulong Value, byte[]? Bytes)> _fields = [];

    /// <exception cref="InvalidProtocolBufferException">Not a message.</exception>
    public Wire(byte[] message)
    {
        var input = new CodedInputStream(message);
        while (input.ReadTag() is var tag && tag != 0)
            _fields.Add(WireFormat.GetTagWireType(tag) switch
            {
                WireFormat.WireType.Varint => (WireFormat.GetTagFieldNumber(tag), input.ReadUInt64(), null),
                WireFormat.WireType.Fixed64 => (WireFormat.GetTagFieldNumber(tag), input.ReadFixed64(), null),
                WireFormat.WireType.Fixed32 => (WireFormat.GetTagFieldNumber(tag), input.ReadFixed32(), null),
                WireFormat.WireType.LengthDelimited => (WireFormat.GetTagFieldNumber(tag), 0UL, input.ReadBytes().ToByteArray()),
                var other => throw new InvalidDataException($"expected a known wire type, got {other}"),
            });
    }

    public IEnumerable<Wire> Messages(int number) => _fields.Where(f => f.Number == number).Select(f => new Wire(f.Bytes!));

    /// <summary>The last one of that number; empty when there is none.</summary>
    public Wire Message(int number) => Messages(number).LastOrDefault() ?? new Wire([]);

    public byte[] Bytes(int number) => _fields.LastOrDefault(f => f.Number == number).Bytes ?? [];

    public string Hex(int number) => Convert.ToHexStringLower(Bytes(number));

    public string Text(int number) => Encoding.UTF8.GetString(Bytes(number));

    public ulong Number(int number) => _fields.LastOrDefault(f => f.Number == number).Value;

    /// <summary>OpenTelemetry's list of keys and values (fields of that number), values as text.</summary>
    public Dictionary<string, string> Attributes(int number) => Messages(number).ToDictionary(pair => pair.Text(1), pair => Value(pair.Message(2)));

    /// <summary>OpenTelemetry's AnyValue: text, boolean, integer, double.</summary>
    public static string Value(Wire any) => any._fields.LastOrDefault() switch
    {
        (1, _, var text) => Encoding.UTF8.GetString(text ?? []),
        (2, var flag, _) => flag == 1 ? "true" : "false",
        (3, var number, _) => $"{(long)number}",
        (4, var bits, _) => BitConverter.UInt64BitsToDouble(bits).ToString(System.Globalization.CultureInfo.InvariantCulture),
        _ => "",
    };
}
