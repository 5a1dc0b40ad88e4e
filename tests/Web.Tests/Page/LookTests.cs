using System.Text.Json;
using Hone.Web.Tests.Made;
using Microsoft.Playwright;

namespace Hone.Web.Tests.Page;

/// <summary>Every view in both schemes, on a desk and on a phone: nothing is cut, overlaps, is hard to read or leaves the page sideways. Each leaves a picture in artifacts/page.</summary>
public sealed class LookTests(Browser browser) : IClassFixture<Browser>
{
    private static readonly string[] Views = ["studies", "front", "limits", "three", "empty", "trials", "training", "rejected", "done", "devices", "cluster", "login", "stop", "hostile"];

    public static IEnumerable<TheoryDataRow<string, int>> All => from view in Views from width in new[] { 1280, 390 } select new TheoryDataRow<string, int>(view, width);

    [Theory]
    [MemberData(nameof(All))]
    public async Task NothingIsCutOverlapsIsFaintOrLeavesThePage(string view, int width)
    {
        await using SeenPage page = await browser.Open(Address(view), view == "login" ? null : view == "cluster" ? "admin" : "operator", width, width < 500 ? 844 : 860);
        await Ready(page, view);
        foreach (ColorScheme scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await page.Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = scheme });
            await page.Page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
            await page.Picture($"{view}-{width}-{scheme}".ToLowerInvariant(), whole: view != "stop");
            JsonElement found = await page.Look();
            foreach (string list in new[] { "sideways", "cut", "overlaps", "faint" }) Assert.True(found.GetProperty(list).GetArrayLength() == 0, $"{view}, {scheme}: {list} {found.GetProperty(list)}");
            Assert.InRange(found.GetProperty("texts").GetInt32(), 6, int.MaxValue);
        }
    }

    [Fact]
    public async Task TheChecksSeeTextThatIsFaintCutOverlappingOrSideways()
    {
        await using SeenPage page = await browser.Open("", width: 390);
        await page.Page.GotoAsync("about:blank");
        await page.Page.SetContentAsync("""
            <!doctype html><html><body style="background:#fff"><p style="color:#999">faint words</p>
            <p style="width:40px;overflow:hidden;white-space:nowrap">cut words that go on</p>
            <p style="position:absolute;top:300px;left:10px">first of two</p><p style="position:absolute;top:304px;left:14px">second of two</p>
            <p style="white-space:nowrap;width:2000px">wide</p></body></html>
            """);
        JsonElement found = await page.Look();
        Assert.StartsWith("faint words", found.GetProperty("faint")[0].GetString());
        Assert.StartsWith("cut words", found.GetProperty("cut")[0].GetString());
        Assert.StartsWith("first of two / second", found.GetProperty("overlaps")[0].GetString());
        Assert.Equal(1, found.GetProperty("sideways").GetArrayLength());
    }

    private static string Address(string view) => view switch
    {
        "front" or "limits" => $"#/studies/{MadeStudies.Small}/front",
        "three" => $"#/studies/{MadeStudies.Three}/front",
        "empty" => $"#/studies/{MadeStudies.Empty}/front",
        "trials" or "rejected" => $"#/studies/{MadeStudies.Small}/{view}",
        "done" => $"#/studies/{MadeStudies.Ended}/front",
        "training" => $"#/studies/{MadeStudies.Training}/training",
        "stop" => $"#/studies/{MadeStudies.Small}/trials",
        "hostile" => $"#/studies/{MadeStudies.Hostile}/trials",
        "login" => "",
        _ => $"#/{view}",
    };

    /// <summary>Waits for what the view shows, and does what it is named for.</summary>
    private static async Task Ready(SeenPage page, string view)
    {
        switch (view)
        {
            case "studies": await page[".study-card"].Nth(6).WaitForAsync(); break;
            case "front":
                await page.Drawn(420);
                await page["tr.open button"].Nth(4).ClickAsync();
                await page[".bars"].WaitForAsync();
                break;
            case "limits":
                await page.Drawn(420);
                await page[".limit input[inputmode]"].Nth(1).FillAsync("0.25");
                await page["#feasible"].GetByText("stay feasible").WaitForAsync();
                await page[".plot"].HoverAsync();
                await page[".hover b"].WaitForAsync();
                break;
            case "done": await page[".folders a"].First.WaitForAsync(); break;
            case "three": await page.Drawn(400); break;
            case "empty": await page[".over-plot"].WaitForAsync(); break;
            case "trials": await page["text=/depth=/"].First.WaitForAsync(); break;
            case "training": await page["figure canvas"].Nth(3).WaitForAsync(); break;
            case "rejected": await page["td.share"].First.WaitForAsync(); break;
            case "devices": await page[".card"].Nth(2).WaitForAsync(); break;
            case "cluster": await page["table"].Nth(1).WaitForAsync(); break;
            case "login":
                await page["#token"].FillAsync("wrong");
                await page["button.main"].ClickAsync();
                await page["#token-error"].GetByText("not known").WaitForAsync();
                await page["summary"].ClickAsync();
                break;
            case "stop":
                await page["button.careful"].ClickAsync();
                await page["dialog h2"].WaitForAsync();
                break;
            case "hostile": await page[".vcell.text"].Nth(3).WaitForAsync(); break;
        }
    }
}
