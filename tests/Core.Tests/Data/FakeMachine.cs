using System.Collections.Concurrent;
using System.Net;
using Hone.Data;

namespace Hone.Core.Tests.Data;

/// <summary>A machine with its own environment, no apt and an upstream made of functions; everything asked of it is written down.</summary>
internal sealed class FakeMachine : IProcessRunner
{
    private readonly TempFolder _root;

    public FakeMachine(TempFolder root) => _root = root;

    public Dictionary<string, string> Variables { get; } = [];

    public ConcurrentQueue<string> Asked { get; } = [];

    /// <summary>Answers a program's run: (program, arguments, folder).</summary>
    public Func<string, IReadOnlyList<string>, string, ProcessResult?> OnRun { get; set; } = (_, _, _) => null;

    /// <summary>Answers a request; by default every address is unreachable.</summary>
    public Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> OnRequest { get; set; } =
        (_, _) => throw new HttpRequestException("unreachable");

    public IBlobStore? Blobs { get; set; }

    public DataLocator Locator => new(Surroundings, SmallIdx.Catalog, Blobs);

    public Surroundings Surroundings => new()
    {
        Variable = name => Variables.GetValueOrDefault(name),
        Home = _root["home"],
        SystemFolder = _root["system"],
        Processes = this,
        Http = new HttpClient(new Handler(this)),
        Time = TimeProvider.System,
        RetryPause = TimeSpan.Zero,
        Stall = TimeSpan.FromSeconds(0.3),
    };

    public string CacheFolder => _root["home", ".cache", "hone", SmallIdx.Name];

    public Task<ProcessResult?> RunAsync(string program, IReadOnlyList<string> arguments, string folder, CancellationToken cancel)
    {
        Asked.Enqueue($"{program} {string.Join(' ', arguments.Where((word, i) => word != "-o" && (i == 0 || arguments[i - 1] != "-o")))}");
        return Task.FromResult(OnRun(program, arguments, folder));
    }

    /// <summary>An upstream that serves the small set's files whole, from any address.</summary>
    public static Task<HttpResponseMessage> Serve(HttpRequestMessage request, CancellationToken cancel) =>
        Task.FromResult(Bytes(ContentOf(request)));

    /// <summary>The gzipped file that a request asks for.</summary>
    public static byte[] ContentOf(HttpRequestMessage request)
    {
        string name = Path.GetFileName(request.RequestUri!.LocalPath);
        return SmallIdx.Gzip(SmallIdx.Contents[SmallIdx.Record.Files.Select(f => f.Name).ToList().IndexOf(name)]);
    }

    public static HttpResponseMessage Bytes(byte[] content) => new(HttpStatusCode.OK) { Content = new ByteArrayContent(content) };

    private sealed class Handler(FakeMachine machine) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            machine.Asked.Enqueue($"GET {request.RequestUri} {request.Headers.Range}".TrimEnd());
            return machine.OnRequest(request, cancellationToken);
        }
    }
}
