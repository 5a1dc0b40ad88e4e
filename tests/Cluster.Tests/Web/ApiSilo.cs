using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Hone.Cluster.Tests.Running;
using Hone.Contracts;
using Hone.Silo.Web.Security;
using Microsoft.Extensions.DependencyInjection;

namespace Hone.Cluster.Tests.Web;

/// <summary>The classes of tests that ask one silo, one after the other.</summary>
[CollectionDefinition(ApiSilo.Name)]
public sealed class ApiSiloTests : ICollectionFixture<ApiSilo>;

/// <summary>One silo for all tests of its HTTP interface: a finished study "done" of 40 trials, and a token of every kind.</summary>
public sealed class ApiSilo : IAsyncLifetime
{
    public const string Name = "API silo", Study = "done";

    private readonly Scratch _scratch = new();
    private LocalSilo? _silo;
    private int _clients;

    internal LocalSilo Silo => _silo!;

    /// <summary>The texts of tokens by who bears them: none, viewer, operator, admin, device, revoked, expired, foreign (of another cluster), run.</summary>
    public IReadOnlyDictionary<string, string?> Tokens { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _silo = await LocalSilo.Start(_scratch.Folder, slots: 1);
        var tokens = new Dictionary<string, string?> { ["none"] = null, ["run"] = _silo.Services.GetRequiredService<RunToken>().Token.Text, ["foreign"] = ApiToken.New().Text };
        foreach (string role in new[] { "viewer", "operator", "admin" }) tokens[role] = await Token(role);
        tokens["device"] = await Token("device:pi-4");
        tokens["revoked"] = await Token("admin");
        await _silo.Grains.GetGrain<ITokensGrain>("all").Revoke(ApiToken.Of(tokens["revoked"]!)!.Id);
        (tokens["expired"], DateTimeOffset end) = await Expiring();
        Tokens = tokens;
        await _silo.Grains.GetGrain<IStudyGrain>(Study).Submit(Spec(Study, 40));
        await _silo.Follow(Study);
        if (end - DateTimeOffset.UtcNow is { Ticks: > 0 } left) await Task.Delay(left);
    }

    /// <summary>A study of so many trials, in canonical form.</summary>
    internal static string Spec(string name, int trials) => StudyRunTests.Spec(trials: trials).Replace("\"zdt\"", $"\"{name}\"", StringComparison.Ordinal);

    private async Task<string> Token(string role)
    {
        ApiToken token = ApiToken.New();
        TokenAnswer answer = await Silo.Grains.GetGrain<ITokensGrain>("all").Add(token.Id, token.Hash, Grant.Parse(role), null);
        Assert.Null(answer.Error);
        return token.Text;
    }

    /// <summary>An admin's token that is worthless soon, and when; on a slow machine it may be so before it is made, and is made to live longer.</summary>
    private async Task<(string, DateTimeOffset)> Expiring()
    {
        ApiToken token = ApiToken.New();
        for (var lives = TimeSpan.FromMilliseconds(250); ; lives *= 2)
        {
            DateTimeOffset end = DateTimeOffset.UtcNow + lives;
            if ((await Silo.Grains.GetGrain<ITokensGrain>("all").Add(token.Id, token.Hash, new Grant(AccessRole.Admin), end)).Error is null) return (token.Text, end);
            Assert.True(lives < TimeSpan.FromMinutes(1));
        }
    }

    /// <summary>A client that bears one of <see cref="Tokens"/>.</summary>
    public HttpClient As(string who) => Bearing(Tokens[who]);

    public HttpClient Bearing(string? token)
    {
        // No cookies and no redirects: what is sent is what the test says. Each from an address of its own, as failures are counted by address.
        int number = Interlocked.Increment(ref _clients);
        var client = new HttpClient(Handler(new IPAddress([127, 1, (byte)(number >> 8), (byte)number]))) { BaseAddress = Silo.Url };
        if (token is not null) client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    private static SocketsHttpHandler Handler(IPAddress from) => new()
    {
        UseCookies = false, AllowAutoRedirect = false,
        ConnectCallback = async (context, cancel) =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            socket.Bind(new IPEndPoint(from, 0));
            await socket.ConnectAsync(context.DnsEndPoint, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        },
    };

    public static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    public async ValueTask DisposeAsync()
    {
        if (_silo is not null) await _silo.DisposeAsync();
        _scratch.Dispose();
    }
}
