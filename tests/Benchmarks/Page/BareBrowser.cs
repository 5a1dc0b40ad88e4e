using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Hone.Benchmarks.Page;

/// <summary>
/// A headless Chromium that nobody listens in on: Playwright is told of every request, which on two cores costs a page of many files as much time as the page takes by itself.
/// One command at a time over the browser's debugging protocol.
/// </summary>
internal sealed class BareBrowser : IAsyncDisposable
{
    private const string Nowhere = "about:blank";
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);
    private readonly Process _process;
    private readonly DirectoryInfo _profile;
    private readonly ClientWebSocket _socket = new();
    private int _id;

    private BareBrowser(Process process, DirectoryInfo profile) => (_process, _profile) = (process, profile);

    public static async Task<BareBrowser> Start(string program, string size)
    {
        DirectoryInfo profile = Directory.CreateTempSubdirectory("hone-browser-");
        Process process = Process.Start(new ProcessStartInfo(program, ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--remote-debugging-port=0", $"--user-data-dir={profile.FullName}", $"--window-size={size}", "about:blank"])
        { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var browser = new BareBrowser(process, profile);
        const string says = "DevTools listening on ";
        string? line;
        while ((line = await process.StandardError.ReadLineAsync()) is not null && !line.StartsWith(says, StringComparison.Ordinal)) { }
        _ = process.StandardError.BaseStream.CopyToAsync(Stream.Null);
        await browser._socket.ConnectAsync(new Uri((line ?? throw new InvalidOperationException($"expected {program} to open its debugging port, it ended"))[says.Length..]), default);
        return browser;
    }

    /// <summary>Visits a page in a tab of a new context that has a cookie of it, as often as is said, and evaluates a promise at each visit; the context's cache is empty at the first.</summary>
    public async Task<IReadOnlyList<JsonNode?>> Visit(string address, string path, string cookie, string promise, int visits)
    {
        string context = (string)(await Send("Target.createBrowserContext", []))["browserContextId"]!;
        await Send("Storage.setCookies", new JsonObject { ["browserContextId"] = context, ["cookies"] = new JsonArray(new JsonObject { ["name"] = "hone", ["value"] = cookie, ["url"] = address }) });
        string target = (string)(await Send("Target.createTarget", new JsonObject { ["url"] = Nowhere, ["browserContextId"] = context }))["targetId"]!;
        string session = (string)(await Send("Target.attachToTarget", new JsonObject { ["targetId"] = target, ["flatten"] = true }))["sessionId"]!;
        List<JsonNode?> answers = [];
        for (int i = 0; i < visits; i++)
        {
            await Send("Page.navigate", new JsonObject { ["url"] = Nowhere }, session);
            await Task.Delay(Rest);
            await Send("Page.navigate", new JsonObject { ["url"] = address + path }, session);
            JsonNode answer = await Send("Runtime.evaluate", new JsonObject { ["expression"] = promise, ["awaitPromise"] = true, ["returnByValue"] = true }, session);
            answers.Add(answer["exceptionDetails"] is { } wrong ? throw new InvalidOperationException(wrong.ToJsonString()) : answer["result"]!["value"]);
        }
        await Send("Target.disposeBrowserContext", new JsonObject { ["browserContextId"] = context });
        return answers;
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _profile.Delete(recursive: true);
    }

    private async Task<JsonNode> Send(string method, JsonObject parameters, string? session = null)
    {
        var command = new JsonObject { ["id"] = ++_id, ["method"] = method, ["params"] = parameters };
        if (session is not null) command["sessionId"] = session;
        await _socket.SendAsync(Encoding.UTF8.GetBytes(command.ToJsonString()), WebSocketMessageType.Text, true, default);
        while (true)
        {
            JsonNode message = JsonNode.Parse(await Receive())!;
            if ((int?)message["id"] != _id) continue;   // an event
            return message["error"] is { } error ? throw new InvalidOperationException($"{method}: {error.ToJsonString()}") : message["result"]!;
        }
    }

    private async Task<byte[]> Receive()
    {
        var all = new MemoryStream();
        byte[] buffer = new byte[64 << 10];
        WebSocketReceiveResult part;
        do
        {
            part = await _socket.ReceiveAsync(buffer, default);
            all.Write(buffer, 0, part.Count);
        }
        while (!part.EndOfMessage);
        return all.ToArray();
    }
}
