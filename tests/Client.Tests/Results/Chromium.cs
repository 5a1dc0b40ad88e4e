using System.Diagnostics;

namespace Hone.Client.Tests.Results;

/// <summary>Headless Chromium as a process: loads a file, lets its scripts run and prints what the page became.</summary>
internal static class Chromium
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private static readonly string? Program = new[] { "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome" }.FirstOrDefault(File.Exists);

    /// <summary>Skips the test where there is no browser.</summary>
    public static void Require() => Assert.SkipWhen(Program is null, "needs Chromium: `apt-get install chromium` (tests/run does it when it may)");

    /// <summary>The HTML of a page that holds another in a frame (a window has 500 pixels at least, a phone fewer) and what that one tells it by message.</summary>
    /// <param name="width">Of the frame, pixels.</param>
    /// <exception cref="InvalidOperationException">It printed none.</exception>
    public static string Told(Scratch scratch, string page, int width)
    {
        (string output, string errors) = Run(scratch, "--dump-dom", $"--window-size={Math.Max(width, 500)},900", Framed(scratch, page, width, 900));
        return output.Contains("</html>", StringComparison.Ordinal) ? output : throw new InvalidOperationException($"Chromium printed no page: {errors}");
    }

    /// <summary>A picture of the top of the page.</summary>
    public static void Picture(Scratch scratch, string page, string file, int width, int height) =>
        Run(scratch, $"--screenshot={file}", $"--window-size={Math.Max(width, 500)},{height}", Framed(scratch, page, width, height));

    private static string Framed(Scratch scratch, string page, int width, int height) => scratch.Write("frame.html",
        "<!doctype html><body style=\"margin:0\"><script>addEventListener('message', e => { const told = document.createElement('script'); told.type = 'application/json'; told.id = 'told'; "
        + $"told.textContent = e.data; document.body.append(told); }});</script><iframe src=\"file://{page}\" style=\"border:0;display:block\" width={width} height={height}></iframe></body>");

    private static (string Output, string Errors) Run(Scratch scratch, params string[] arguments)
    {
        var start = new ProcessStartInfo(Program!) { RedirectStandardOutput = true, RedirectStandardError = true };
        string profile = Directory.CreateDirectory(scratch["profile"]).FullName;
        foreach (string argument in (string[])["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--hide-scrollbars", "--virtual-time-budget=5000", $"--user-data-dir={profile}", .. arguments])
            start.ArgumentList.Add(argument);
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"Chromium still ran after {Patience.TotalMinutes:0} minutes: {string.Join(' ', arguments)}");
        }
        return (output.Result, errors.Result);
    }
}
