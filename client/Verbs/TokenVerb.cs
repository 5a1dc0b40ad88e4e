using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hone.Client.Cluster;
using Hone.Client.Views;
using Hone.Contracts;
using Hone.Model;
using Spectre.Console;

namespace Hone.Client.Verbs;

/// <summary><c>hone token</c>: who may use a cluster's HTTP interface.</summary>
internal static class TokenVerb
{
    public static Command Create(Terminal terminal) => new("token", "Tokens of the HTTP interface and its page.") { Make(terminal), Revoke(terminal), List(terminal), Show(terminal) };

    private static Command Make(Terminal terminal)
    {
        var role = new Option<string>("--role") { Description = "viewer, operator, admin or device:NAME", Required = true };
        var expires = new Option<string?>("--expires") { Description = "after how long it is worth nothing, such as 12h or 30d (default: never)" };
        var command = new Command("create", "Make a token and print it; this is the only time that it is seen.") { role, expires };
        PlaceOptions place = PlaceOptions.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            Grant grant = Grant.Parse(parsed.GetValue(role)!);
            DateTimeOffset? end = parsed.GetValue(expires) is { } text ? TimeProvider.System.GetUtcNow() + Span(text) : null;
            NewToken made = await ClusterVisit.AskOnceAsync(place.Of(parsed), cluster => cluster.Tokens.Create(grant, end), cancel);
            await terminal.Out.WriteLineAsync(parsed.Json() ? JsonSerializer.Serialize(made, ApiJson.Options) : made.Token);
            return 0;
        });
        return command;
    }

    private static Command Revoke(Terminal terminal)
    {
        var id = new Argument<string>("ID") { Description = "as `hone token list` shows it" };
        var command = new Command("revoke", "Make a token worthless; every silo knows within five seconds.") { id };
        PlaceOptions place = PlaceOptions.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            TokenRecord gone = await ClusterVisit.AskAsync(place.Of(parsed), cluster => cluster.Tokens.Revoke(parsed.GetValue(id)!), cancel);
            await terminal.Out.WriteLineAsync(parsed.Json() ? JsonSerializer.Serialize(gone, ApiJson.Options) : $"{gone.Id} ({gone.Role}): revoked");
            return 0;
        });
        return command;
    }

    private static Command List(Terminal terminal)
    {
        var command = new Command("list", "List the tokens of a cluster, without their secrets.");
        PlaceOptions place = PlaceOptions.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            ValueList<TokenRecord> all = await ClusterVisit.AskAsync(place.Of(parsed), cluster => cluster.Tokens.All(), cancel);
            if (parsed.Json()) await terminal.Out.WriteLineAsync(JsonSerializer.Serialize(all, ApiJson.Options));
            else if (all.Count == 0) await terminal.Out.WriteLineAsync("no tokens yet; `hone token create --role viewer` makes one");
            else terminal.Screen.Write(Table(all, TimeProvider.System.GetUtcNow()));
            return 0;
        });
        return command;
    }

    private static Command Show(Terminal terminal)
    {
        Option<string> dataDir = VerbOptions.DataDir();
        var command = new Command("show", "Print where the silo of a data folder serves its page, and the token of its run to log in with.") { dataDir };
        command.SetAction(async (parsed, _) =>
        {
            string folder = parsed.GetValue(dataDir)!;
            string Read(string file) => File.Exists(Path.Combine(folder, file)) ? File.ReadAllText(Path.Combine(folder, file)).Trim()
                : throw new HoneException($"{folder}: expected a data folder that a silo runs on, there is no {file} in it; `hone run` starts one");
            (string url, string token) = (Read(ClusterAddress.UrlFile), Read(ClusterAddress.TokenFile));
            if (parsed.Json()) await terminal.Out.WriteLineAsync(new JsonObject { ["url"] = url, ["token"] = token }.ToJsonString(JsonView.Options));
            else await terminal.Out.WriteLineAsync($"page   {url}\ntoken  {token}");
            return 0;
        });
        return command;
    }

    /// <summary>Hours or days, such as 12h and 30d.</summary>
    /// <exception cref="SpecException">Something else.</exception>
    internal static TimeSpan Span(string text)
    {
        bool counted = double.TryParse(text.AsSpan(0, Math.Max(0, text.Length - 1)), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double count) && count is > 0 and <= 100_000;
        return (counted, text[^Math.Min(1, text.Length)..]) switch
        {
            (true, "h") => TimeSpan.FromHours(count),
            (true, "d") => TimeSpan.FromDays(count),
            _ => throw new SpecException($"--expires: expected hours or days such as 12h or 30d, got '{text}'"),
        };
    }

    internal static Table Table(ValueList<TokenRecord> all, DateTimeOffset now)
    {
        var table = new Table().Border(TableBorder.Simple).BorderColor(Color.Grey);
        foreach (string column in new[] { "id", "role", "created", "expires", "" }) table.AddColumn(column);
        foreach (TokenRecord token in all)
            table.AddRow(Markup.Escape(token.Id), Markup.Escape($"{token.Role}"), Day(token.Created), token.Expires is { } end ? Day(end) : "never",
                token.Revoked is not null ? "revoked" : token.IsGood(now) ? "" : "expired");
        return table;
    }

    private static string Day(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
