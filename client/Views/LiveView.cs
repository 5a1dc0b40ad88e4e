using Hone.Client.Follow;
using Spectre.Console;

namespace Hone.Client.Views;

/// <summary>The live screen on a terminal, drawn four times a second.</summary>
internal sealed class LiveView : IRunView
{
    private static readonly TimeSpan DrawEvery = TimeSpan.FromMilliseconds(250);
    private readonly CancellationTokenSource _end = new();
    private readonly IAnsiConsole _console;
    private readonly string _study;
    private readonly Task _drawing;
    private readonly List<string> _notes = [];
    private volatile RunState? _state;

    public LiveView(IAnsiConsole console, string study)
    {
        (_console, _study) = (console, study);
        _drawing = Draw();
    }

    public void Show(RunState state) => _state = state;

    public void Note(string line)
    {
        lock (_notes) _notes.Add(line);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _drawing;
        _end.Dispose();
    }

    private Task Draw() => _console.Live(Screen()).AutoClear(true).StartAsync(async live =>
    {
        while (!_end.IsCancellationRequested)
        {
            live.UpdateTarget(Screen());
            live.Refresh();
            await Task.Delay(DrawEvery, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    });

    private Rows Screen()
    {
        lock (_notes)
        {
            var notes = _notes.TakeLast(3).Select(note => new Markup($"[yellow]{Markup.Escape(note)}[/]"));
            return new Rows([LiveScreen.Of(_state, _study, _console.Profile.Width), .. notes]);
        }
    }
}
