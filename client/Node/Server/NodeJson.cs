using System.Text.Json.Serialization;
using Hone.Model;

namespace Hone.Node.Server;

/// <summary>
/// The wire's JSON made by the compiler, so that a trimmed program needs no reflection: the same text as the rule for Model records everywhere else. Value lists read and write
/// their items as arrays, which are named here one by one.
/// </summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, AllowOutOfOrderMetadataProperties = true)]
[JsonSerializable(typeof(NodeInfo))]
[JsonSerializable(typeof(MeasureLease))]
[JsonSerializable(typeof(NodeBeat))]
[JsonSerializable(typeof(BeatAnswer))]
[JsonSerializable(typeof(NodeReport))]
[JsonSerializable(typeof(ReportAnswer))]
[JsonSerializable(typeof(ServerProblem))]
[JsonSerializable(typeof(NodeEvent))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(Op[]))]
[JsonSerializable(typeof(Op.Gemm[]))]
[JsonSerializable(typeof(Edge[]))]
[JsonSerializable(typeof(RowPart[]))]
[JsonSerializable(typeof(ExtentPoint[]))]
[JsonSerializable(typeof(Function[]))]
internal sealed partial class NodeJson : JsonSerializerContext;
