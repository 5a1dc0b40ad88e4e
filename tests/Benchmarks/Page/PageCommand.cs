using System.CommandLine;
using System.Globalization;
using Hone.Benchmarks.Evidence;
using Hone.Web.Tests.Made;
using Microsoft.Playwright;

namespace Hone.Benchmarks.Page;

/// <summary>How fast the page paints 100,000 trials and answers what is done to them, in the machine's own Chromium.</summary>
internal static class PageCommand
{
    /// <summary>What is aimed at, ms.</summary>
    private const double PaintGoal = 1000, ActGoal = 50;

    public static Command Create()
    {
        var repeats = new Option<int>("--repeats") { Description = "paints, each in a browser context of its own", DefaultValueFactory = _ => 5 };
        var command = new Command("page", "Paint time and 95th percentile of interaction times of the web page for 100,000 trials.") { repeats };
        command.SetAction((parsed, _) => Run(parsed.GetValue(repeats)));
        return command;
    }

    private static async Task<int> Run(int repeats)
    {
        if (new[] { "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome" }.FirstOrDefault(File.Exists) is not { } program)
        {
            await Console.Error.WriteLineAsync("page: expected Chromium on this machine; install it (apt-get install chromium)");
            return 1;
        }
        await using MadeSilo silo = await MadeSilo.Start(MadeStudies.All());
        using IPlaywright playwright = await Playwright.CreateAsync();
        await using IBrowser browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = program, Args = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"] });
        double before = Sentinel.Ratio();
        var paints = new List<double>();
        for (int i = 0; i < repeats; i++)
        {
            await using IBrowserContext context = await Context(browser, silo);
            paints.Add(await Paint(await context.NewPageAsync()));
        }
        Console.WriteLine($"paint of {MadeStudies.LargeCount:N0} trials ({silo.Studies[MadeStudies.Large].Lines(0).Length / 1e6:0} MB of lines), ms from the start of the navigation: "
            + $"median {Percentile(paints, 0.5):0}, all {string.Join(", ", paints.Select(p => $"{p:0}"))} (goal {PaintGoal})");
        await using (IBrowserContext context = await Context(browser, silo))
        {
            IPage page = await context.NewPageAsync();
            await Paint(page);
            var acts = new Interactions(page);
            await acts.Begin();
            foreach ((string name, IReadOnlyList<double> times) in await acts.All())
                Console.WriteLine($"{name,-34} n {times.Count,3}  median {Percentile(times, 0.5),5:0.0} ms  95th percentile {Percentile(times, 0.95),5:0.0} ms (goal {ActGoal})");
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"sentinel before and after: {before:0.00} and {Sentinel.Ratio():0.00} (above {Sentinel.Limit}: the machine was busy, and the times are too long)"));
        return 0;
    }

    private static async Task<IBrowserContext> Context(IBrowser browser, MadeSilo silo)
    {
        IBrowserContext context = await browser.NewContextAsync(new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = 1280, Height = 900 }, BaseURL = silo.Address });
        context.SetDefaultTimeout(120_000);
        await context.AddCookiesAsync([new Cookie { Name = "hone", Value = "operator", Url = silo.Address }]);
        return context;
    }

    /// <summary>Ms from the start of the navigation to the frame that shows all trials.</summary>
    private static async Task<double> Paint(IPage page)
    {
        await page.GotoAsync($"/#/studies/{MadeStudies.Large}/front");
        await page.WaitForFunctionAsync("n => performance.getEntriesByName('hone-drawn').some(m => m.detail >= n)", MadeStudies.LargeCount);
        return await page.EvaluateAsync<double>("n => performance.getEntriesByName('hone-drawn').find(m => m.detail >= n).startTime", MadeStudies.LargeCount);
    }

    private static double Percentile(IReadOnlyList<double> values, double share) => values.Order().ElementAt(Math.Min(values.Count - 1, (int)Math.Ceiling(share * values.Count) - 1));
}
