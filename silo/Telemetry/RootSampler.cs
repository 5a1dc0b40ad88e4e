using Hone.Contracts.Telemetry;
using OpenTelemetry.Trace;

namespace Hone.Silo.Telemetry;

/// <summary>Which spans begin a trace: Hone's own and requests from outside, never one of the calls that silos make all the time.</summary>
internal sealed class RootSampler : Sampler
{
    /// <summary>ASP.NET Core's name of a request that came.</summary>
    private const string Request = "Microsoft.AspNetCore.Hosting.HttpRequestIn";

    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) =>
        new(Span.MayBegin(samplingParameters.Name) || samplingParameters.Name == Request ? SamplingDecision.RecordAndSample : SamplingDecision.Drop);
}
