using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Hone.Benchmarks.Evidence;
using Hone.Web.Tests.Made;
using Microsoft.Playwright;

namespace Hone.Benchmarks.Page;

/// <summary>How fast the page paints 100,000 trials and answers what is done to them, in the machine's own Chromium.</summary>
internal static class PageCommand
{
    /// <summary>What is aimed at, ms.</summary>
    private const double PaintGoal = 1000, ActGoal = 50;

    // Ms from the start of the navigation to the frame that shows all trials.
    private static readonly string Drawn = $$"""
        new Promise(done => {
          const look = () => {
            const drawn = performance.getEntriesByName('hone-drawn').find(m => m.detail >= {{MadeStudies.LargeCount}});
            if (drawn) done(drawn.startTime); else setTimeout(look, 50);
          };
          look();
        })
        """;

    public static Command Create()
    {
        var repeats = new Option<int>("--repeats") { Description = "visits, each pair in a browser context of its own", DefaultValueFactory = _ => 5 };
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
        await using (BareBrowser bare = await BareBrowser.Start(program, "1280,900"))
        {
            var paints = new List<double[]>();
            for (int i = 0; i <= repeats; i++)
            {
                IReadOnlyList<JsonNode?> visits = await bare.Visit(silo.Address, $"/#/studies/{MadeStudies.Large}/front", "operator", Drawn, 2);
                if (i > 0) paints.Add([.. visits.Select(v => (double)v!)]);   // before the first, the made silo has yet to read its lines
            }
            Told("first visit", [.. paints.Select(p => p[0])]);
            Told("later visit", [.. paints.Select(p => p[1])]);
        }
        await using (IBrowserContext context = await Context(browser, silo))
        {
            IPage page = await context.NewPageAsync();
            await page.GotoAsync($"/#/studies/{MadeStudies.Large}/front");
            await page.EvaluateAsync(Drawn);
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

    private static void Told(string visit, double[] paints) => Console.WriteLine(
        $"{visit}: {MadeStudies.LargeCount:N0} trials painted, ms from the start of the navigation: median {Percentile(paints, 0.5):0}, all {string.Join(", ", paints.Select(p => $"{p:0}"))} (goal {PaintGoal})");

    private static double Percentile(IReadOnlyList<double> values, double share) => values.Order().ElementAt(Math.Min(values.Count - 1, (int)Math.Ceiling(share * values.Count) - 1));
}
