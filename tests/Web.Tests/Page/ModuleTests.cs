using System.Globalization;
using System.Text;
using System.Text.Json;
using Hone.Contracts;
using Hone.Model;
using Hone.Web.Tests.Made;
using Microsoft.Playwright;

namespace Hone.Web.Tests.Page;

/// <summary>The fast ways of the page's modules against the slow, obvious ones, in the browser.</summary>
public sealed class ModuleTests(Browser browser) : IClassFixture<Browser>
{
    private const string Chance = "let s = 12345; const chance = () => (s = (Math.imul(s, 1664525) + 1013904223) >>> 0) / 2 ** 32;";

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(31)]
    [InlineData(5000)]
    public async Task RadixOrderIsTheOrderOfAStableComparisonWithoutValuesLast(int count)
    {
        IPage page = await browser.Modules();
        Assert.True(await page.EvaluateAsync<bool>($$"""
            async n => {
              const { sorted } = await import('/app/js/trials/order.js');
              {{Chance}}
              const keys = Float64Array.from({ length: n }, () => { const c = chance(); return c < 0.1 ? NaN : c < 0.2 ? -0 : c < 0.3 ? Infinity : c < 0.4 ? -Infinity : c < 0.6 ? Math.round(chance() * 5) - 2 : (chance() - 0.5) * 10 ** (chance() * 40 - 20); });
              const rows = Uint32Array.from(keys, (_, i) => i);
              return [false, true].every(descending => {
                const slow = [...rows].sort((a, b) => { const x = keys[a], y = keys[b]; return Number.isNaN(x) || Number.isNaN(y) ? Number.isNaN(x) - Number.isNaN(y) || a - b : x === y ? a - b : (x < y ? -1 : 1) * (descending ? -1 : 1); });
                return sorted(rows, keys, descending).every((row, k) => row === slow[k]);
              });
            }
            """, count));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task TheFrontIsThatOfTheDefinition(int objectives)
    {
        IPage page = await browser.Modules();
        JsonElement sizes = await page.EvaluateAsync<JsonElement>($$"""
            async k => {
              const { front } = await import('/app/js/front/archive.js');
              {{Chance}}
              const n = 700, values = Array.from({ length: k }, () => Float64Array.from({ length: n }, () => chance() < 0.05 ? NaN : Math.round(chance() * 400) / 2)), signs = Array.from({ length: k }, (_, o) => o % 2 ? 1 : -1);
              return [null, Uint8Array.from({ length: n }, () => chance() < 0.7 ? 1 : 0)].map(feasible => {
                const loss = (i, o) => signs[o] * values[o][i], all = [...Array(n).keys()].filter(i => (!feasible || feasible[i]) && values.every(v => !Number.isNaN(v[i]))), each = [...Array(k).keys()];
                const slow = all.filter(i => !all.some(j => each.every(o => loss(j, o) <= loss(i, o)) && (each.some(o => loss(j, o) < loss(i, o)) || j < i)));
                const fast = front(n, values, signs, feasible).sort((a, b) => a - b);
                return slow.length === fast.length && slow.every((i, at) => i === fast[at]) ? slow.length : -1;
              });
            }
            """, objectives);
        Assert.All(sizes.EnumerateArray(), size => Assert.InRange(size.GetInt32(), 2, 700));
    }

    [Fact]
    public async Task LinesAreReadTheSameFastAndSlow()
    {
        IPage page = await browser.Modules();
        string[] odd =
        [
            "{\"ordinal\":7,\"key\":\"a,\\\"measurements\\\":[{\",\"genes\":{\"rejected\":1,\"duplicate\":2,\"m\":\",\\\"failed\\\":{\"},\"measurements\":[{\"metric\":\"a\\\"b\",\"value\":-1.5e-7,\"unit\":\"1\",\"origin\":\"Trained\"}]}",
            "{\"ordinal\":8,\"key\":\"k\",\"genes\":{\"measurements\":3},\"measurements\":[{\"value\":2,\"metric\":\"x\",\"unit\":\"{\\\"}\",\"origin\":\"Trained\"},{\"metric\":\"y\",\"value\":3,\"unit\":\"1\",\"origin\":\"Trained\"}],\"fidelity\":2}",
            "{\"key\":\"k\",\"ordinal\":9,\"failed\":{\"code\":\"c\",\"message\":\"m\"}}",
            "{\"ordinal\":10,\"key\":\"k\",\"genes\":{},\"measurements\":[]}",
            "{\"ordinal\":11,\"key\":\"k,\\\"fidelity\\\":1}\",\"genes\":{},\"failed\":{\"code\":\"c\",\"message\":\",\\\"fidelity\\\":3}\"}}",
            "{\"ordinal\":12,\"key\":\"k\",\"genes\":{},\"failed\":{\"code\":\"c\",\"message\":\"m\"},\"fidelity\":1,\"retryOf\":3}",
            "{\"key\":\"k\",\"fidelity\":0,\"ordinal\":13,\"duplicate\":2}",
        ];
        string[] lines = [.. odd, .. Enumerable.Range(0, 40).SelectMany(i => new[] { MadeTrials.Line(i), MadeTrials.WideLine(i), MadeTrials.HostileLine(i) })];
        string[] differ = await page.EvaluateAsync<string[]>("""
            async lines => {
              const { ordinalOf, read, rungOf, scan } = await import('/app/js/trials/lines.js');
              return lines.filter(line => {
                const fast = [ordinalOf(line), rungOf(line)], slow = [JSON.parse(line).ordinal, JSON.parse(line).fidelity ?? 255];
                fast.push(scan(line, (metric, value) => fast.push(metric, value)));
                slow.push(read(line, (metric, value) => slow.push(metric, value)));
                return JSON.stringify(fast) !== JSON.stringify(slow);
              });
            }
            """, lines);
        Assert.Empty(differ);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(7, true)]
    [InlineData(64, false)]
    [InlineData(1_000_000, true)]
    public async Task FramesAreReadHoweverTheStreamIsCut(int part, bool rungs)
    {
        string Made(int i) => rungs && i % 7 != 3 ? MadeTrials.RungLine(i, i % 3) : MadeTrials.Line(i);
        var study = new MadeStudy("any", "quasar-vit", MadeStudy.TwoObjectives, 100).With(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 60).Select(i => Made(i) + "\n"))));
        byte[] bytes = [.. study.Columns(0).SelectMany(f => f), .. study.Columns(50).SelectMany(f => f)];
        IPage page = await browser.Modules();
        JsonElement read = await page.EvaluateAsync<JsonElement>("""
            async ([text, part]) => {
              const { frames } = await import('/app/js/trials/frames.js');
              const bytes = Uint8Array.from(atob(text), c => c.charCodeAt(0));
              const stream = cut => { let at = 0; return new ReadableStream({ pull(to) { if (at >= cut) to.close(); else to.enqueue(bytes.slice(at, at = Math.min(cut, at + part))); } }); };
              const all = [];
              for await (const { from, outcomes, rungs, metrics } of frames(stream(bytes.length))) all.push([from, [...outcomes], rungs ? [...rungs] : null, metrics.map(m => [m.name, m.unit, m.origin, [...m.values].map(String)])]);
              let broken = '';
              try { for await (const _ of frames(stream(bytes.length - 3))); } catch (e) { broken = e.message; }
              return { all, broken };
            }
            """, new object[] { Convert.ToBase64String(bytes), part });
        JsonElement[] all = [.. read.GetProperty("all").EnumerateArray()];
        Assert.Equal([0, 50], all.Select(f => f[0].GetInt32()));
        Assert.Contains("broke off", read.GetProperty("broken").GetString());
        Trial[] trials = [.. Enumerable.Range(0, 60).Select(i => TrialLine.Parse(Made(i)).Trial)];
        ColumnPage expected = ColumnPage.Of(trials, 0);
        Assert.Equal(expected.Outcomes.Select(o => (int)o), all[0][1].EnumerateArray().Select(o => o.GetInt32()));
        if (rungs) Assert.Equal(expected.Fidelities!.Select(f => (int)f), all[0][2].EnumerateArray().Select(f => f.GetInt32()));
        else Assert.Equal((JsonValueKind.Null, null), (all[0][2].ValueKind, expected.Fidelities));
        Assert.Equal(expected.Metrics.Select(m => (m.Metric, m.Unit, $"{m.Origin}")), all[0][3].EnumerateArray().Select(m => (m[0].GetString()!, m[1].GetString()!, m[2].GetString()!)));
        for (int k = 0; k < expected.Metrics.Count; k++)
            Assert.Equal(expected.Metrics[k].Values, all[0][3][k][3].EnumerateArray().Select(v => double.Parse(v.GetString()!, CultureInfo.InvariantCulture)));
    }

    [Theory]
    [InlineData(0.41, 0.025, "0.410")]
    [InlineData(0.05, 0.05, "0.05")]
    [InlineData(1500, 500, "1,500")]
    [InlineData(2, 0.5, "2.0")]
    public async Task ATickHasAsManyDecimalsAsItsStepNeeds(double value, double step, string told)
    {
        IPage page = await browser.Modules();
        Assert.Equal(told, await page.EvaluateAsync<string>("async ([value, step]) => (await import('/app/js/format.js')).tick(value, step)", new[] { value, step }));
    }
}
