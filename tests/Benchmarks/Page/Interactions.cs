using Microsoft.Playwright;

namespace Hone.Benchmarks.Page;

/// <summary>Acts on a page that shows many trials and times each: from the input's own time stamp to the end of the frame that answers it.</summary>
internal sealed class Interactions(IPage page)
{
    private const int Times = 40;

    // Not at each frame: looking would take part in what is timed.
    private static readonly PageWaitForFunctionOptions Polled = new() { PollingInterval = 60 };

    // A task that is posted within a frame's callback runs when the frame is done.
    private const string Watch = """
        () => {
          window.acts = [];
          const channel = new MessageChannel(), open = [];
          channel.port1.onmessage = () => { for (const act of open.splice(0)) window.acts.push({ type: act.type, took: performance.now() - act.at }); };
          for (const type of ['pointermove', 'wheel', 'input', 'change', 'keydown', 'click', 'scroll'])
            addEventListener(type, event => requestAnimationFrame(() => { open.push({ type, at: event.timeStamp }); channel.port2.postMessage(0); }), { capture: true, passive: true });
        }
        """;

    public Task Begin() => page.EvaluateAsync(Watch);

    public async Task<IReadOnlyList<(string, IReadOnlyList<double>)>> All()
    {
        LocatorBoundingBoxResult plot = (await page.Locator(".u-over").BoundingBoxAsync())!;
        return
        [
            ("hover over the front", await Timed("pointermove", i => page.Mouse.MoveAsync(plot.X + plot.Width * (0.1f + 0.02f * i), plot.Y + plot.Height * (0.2f + 0.015f * i)))),
            ("zoom by the wheel", await Timed("wheel", i => page.Mouse.WheelAsync(0, i < Times / 2 ? -120 : 120))),
            ("limit by the slider", await Timed("input", i => page.Locator(".limit input[type=range]").Nth(1).EvaluateAsync("(slider, at) => { slider.value = at; slider.dispatchEvent(new Event('input', { bubbles: true })); }", 950 - 20 * i))),
            ("other axis", await Timed("change", i => page.Locator("#axis-x").SelectOptionAsync(i % 2 == 0 ? "dsp" : "latency_ms"))),
            ("to the trials' table", await Timed("click", _ => page.Locator(".tabs a").GetByText("Trials").ClickAsync(), 1)),
            ("scroll of the table", await Scrolled()),
            ("arrow in the table", await Timed("keydown", _ => page.Keyboard.PressAsync("ArrowDown"))),
            ("sort (answer to the click)", await Timed("click", i => page.Locator("[role=columnheader] button").Nth(i % 4).ClickAsync(), 12)),
            ("sort (rows in the new order)", await Ordered(i => page.Locator("[role=columnheader] button").Nth(i % 4).ClickAsync(), 12)),
            ("filter (answer to the key)", await Timed("input", i => page.Locator("input[type=search]").FillAsync($"width={32 + 16 * i}"), 8)),
        ];
    }

    private async Task<IReadOnlyList<double>> Scrolled()
    {
        await page.Locator(".vbody").FocusAsync();
        await page.Locator(".vbody").HoverAsync();
        return await Timed("wheel", i => page.Mouse.WheelAsync(0, i % 5 == 4 ? 60_000 : 400));
    }

    private async Task<IReadOnlyList<double>> Timed(string type, Func<int, Task> act, int times = Times)
    {
        await page.EvaluateAsync("() => { window.acts.length = 0; }");
        for (int i = 0; i < times; i++)
        {
            await act(i);
            await page.WaitForFunctionAsync("([type, n]) => window.acts.filter(a => a.type === type).length >= n", new object[] { type, i + 1 }, Polled);
        }
        return await page.EvaluateAsync<double[]>("type => window.acts.filter(a => a.type === type).map(a => a.took)", type);
    }

    // Until the worker's order is on the screen.
    private async Task<IReadOnlyList<double>> Ordered(Func<int, Task> act, int times)
    {
        var all = new List<double>();
        for (int i = 0; i < times; i++)
        {
            await page.EvaluateAsync("() => { performance.clearMarks('hone-ordered'); addEventListener('click', event => { window.clicked = event.timeStamp; }, { capture: true, once: true }); }");
            await act(i);
            await page.WaitForFunctionAsync("() => performance.getEntriesByName('hone-ordered').length > 0", options: Polled);
            all.Add(await page.EvaluateAsync<double>("() => performance.getEntriesByName('hone-ordered').at(-1).startTime - window.clicked"));
        }
        return all;
    }
}
