using Hone.Web.Tests.Made;

namespace Hone.Web.Tests.Page;

/// <summary>100,000 trials: all are drawn, all can be reached, and few elements stand for them. How fast is told, and measured by `tests/Benchmarks -- page`.</summary>
public sealed class ManyTrialsTests(Browser browser, ITestOutputHelper output) : IClassFixture<Browser>
{
    [Fact]
    public async Task AHundredThousandTrialsAreDrawnScrolledSortedAndFiltered()
    {
        await using SeenPage page = await browser.Open($"#/studies/{MadeStudies.Large}/front");
        await page.Drawn(MadeStudies.LargeCount);
        double drawn = await page.Page.EvaluateAsync<double>("n => performance.getEntriesByName('hone-drawn').find(m => m.detail >= n).startTime", MadeStudies.LargeCount);
        output.WriteLine($"{MadeStudies.LargeCount} trials drawn {drawn:0} ms after the navigation began");
        await page.Picture("many-1280-light");

        await page[".tabs a"].GetByText("Trials").ClickAsync();
        await page[".note"].GetByText("100,000 trials").WaitForAsync();
        await page[".vbody"].FocusAsync();
        await page.Page.Keyboard.PressAsync("End");
        await page[".vrow[aria-selected=true] .vcell"].First.GetByText("99999").WaitForAsync();
        await page[".vrow[aria-selected=true] .vcell.text"].GetByText("DSP").WaitForAsync();
        Assert.InRange(await page[".vspace .vrow"].CountAsync(), 10, 80);

        await page["input[type=search]"].FillAsync("BRAM18");
        await page[".note"].GetByText("5,000 of 100,000 trials").WaitForAsync();
        await page["input[type=search]"].FillAsync("77777");
        await page[".vspace .vrow:not([hidden]) .vcell"].First.GetByText("77777").WaitForAsync();
        await page["input[type=search]"].FillAsync("");
        await page[".note"].GetByText("100,000 trials;").WaitForAsync();
    }
}
