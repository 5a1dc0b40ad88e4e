using Hone.Web.Tests.Made;
using Microsoft.Playwright;

namespace Hone.Web.Tests.Page;

/// <summary>Everything can be reached and done without a mouse.</summary>
public sealed class KeyboardTests(Browser browser) : IClassFixture<Browser>
{
    [Fact]
    public async Task TheFirstKeySkipsToTheContentAndTheNextOnesReachEveryView()
    {
        await using SeenPage page = await browser.Open("#/studies");
        await page[".study-card"].First.WaitForAsync();
        IKeyboard keys = page.Page.Keyboard;
        await keys.PressAsync("Tab");
        Assert.Equal("Skip to the content", await Focused(page));
        await keys.PressAsync("Enter");
        Assert.Equal("main", await page.Page.EvaluateAsync<string>("() => document.activeElement.id"));
        Assert.EndsWith("#/studies", page.Page.Url);
        await page.Page.EvaluateAsync("() => document.activeElement.blur()");
        foreach ((string name, string heading) in new[] { ("Devices", "Devices"), ("Cluster", "Cluster"), ("Studies", "Studies") })
        {
            await page["#nav a"].GetByText(name).FocusAsync();
            await keys.PressAsync("Enter");
            await page["h1"].GetByText(heading).WaitForAsync();
            Assert.Equal(name, await Focused(page));   // the bar keeps the focus: the next key goes on from there
            Assert.Equal(name, await page["#nav [aria-current]"].InnerTextAsync());
        }
    }

    [Fact]
    public async Task ArrowsGoThroughTheTrialsAndEnterTellsAboutOne()
    {
        await using SeenPage page = await browser.Open($"#/studies/{MadeStudies.Small}/trials");
        await page[".vrow[aria-rowindex='2'] .vcell.text"].GetByText("depth").WaitForAsync();
        IKeyboard keys = page.Page.Keyboard;
        await page[".vbody"].FocusAsync();
        for (int i = 0; i < 3; i++) await keys.PressAsync("ArrowDown");
        Assert.Equal("3", await page[".vrow[aria-selected=true] .vcell"].First.InnerTextAsync());
        await keys.PressAsync("Enter");
        await page[".side-card h3"].GetByText("Trial 3").WaitForAsync();
        await keys.PressAsync("End");
        await page[".vrow[aria-selected=true] .vcell"].First.GetByText("419").WaitForAsync();
        Assert.Equal(await page[".vrow[aria-selected=true]"].GetAttributeAsync("id"), await page[".vbody"].GetAttributeAsync("aria-activedescendant"));
        await keys.PressAsync("Home");
        await page[".vrow[aria-selected=true] .vcell"].First.GetByText("0", new LocatorGetByTextOptions { Exact = true }).WaitForAsync();
    }

    [Fact]
    public async Task AHeadSortsByItsColumnAndSaysSo()
    {
        await using SeenPage page = await browser.Open($"#/studies/{MadeStudies.Small}/trials");
        ILocator head = page["[role=columnheader][data-id=accuracy]"];
        await head.Locator("button").FocusAsync();
        await page.Page.Keyboard.PressAsync("Enter");
        await page["[data-id=accuracy][aria-sort=descending]"].WaitForAsync();
        double[] first = [.. (await page.Page.WaitForFunctionAsync("""
            () => { const rows = [...document.querySelectorAll('.vspace .vrow:not([hidden])')].sort((a, b) => a.dataset.at - b.dataset.at).slice(0, 8).map(r => Number(r.children[2].textContent));
                    return rows.length === 8 && rows[0] > 87 ? rows : null; }
            """).ContinueWith(t => t.Result.JsonValueAsync<double[]>()).Unwrap())];
        Assert.Equal(first.OrderDescending(), first);
    }

    [Fact]
    public async Task ArrowsGoThroughTheFrontAndEnterTellsAboutAMember()
    {
        await using SeenPage page = await browser.Open($"#/studies/{MadeStudies.Small}/front");
        await page.Drawn(420);
        await page[".plot"].FocusAsync();
        IKeyboard keys = page.Page.Keyboard;
        await keys.PressAsync("ArrowRight");
        string first = await page[".hover b"].InnerTextAsync();
        await keys.PressAsync("ArrowRight");
        await page.Page.WaitForFunctionAsync("was => document.querySelector('.hover b').textContent !== was", first);
        Assert.Contains("on the front", await page[".hover b"].InnerTextAsync());
        await keys.PressAsync("Enter");
        await page[".side-card h3"].GetByText("Trial").WaitForAsync();
        await keys.PressAsync("Escape");
        await Assertions.Expect(page[".hover"]).ToBeHiddenAsync();
    }

    private static Task<string> Focused(SeenPage page) => page.Page.EvaluateAsync<string>("() => document.activeElement.textContent");
}
