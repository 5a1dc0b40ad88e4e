using System.Text;
using Hone.Contracts;
using Hone.Model;
using Hone.Silo.Web.Api;

namespace Hone.Web.Tests.Made;

/// <summary>A study that the made silo tells of. Its trials grow when a test says so.</summary>
internal sealed class MadeStudy(string name, string method, ValueList<Objective> objectives, int budget)
{
    private readonly Lock _lock = new();
    private byte[] _first = [];
    private readonly List<string> _lines = [];
    private readonly List<Trial> _trials = [];   // those whose columns were asked for
    private int[] _ends = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static readonly ValueList<Objective> TwoObjectives = [new("accuracy", Direction.Maximize, "%"), new("latency_ms", Direction.Minimize, "ms")];

    public string Name => name;

    public StudyPhase Phase { get; private set; } = StudyPhase.Search;

    public string? Reason { get; private set; }

    public Progress? Progress { get; init; }

    /// <summary>Of a study that is done.</summary>
    public ValueList<Artifact> Artifacts { get; init; } = [];

    /// <summary>What the route "training" answers.</summary>
    public string Training { get; init; } = "[]";

    /// <summary>Ends when anything changes after this was read.</summary>
    public Task Changed { get { lock (_lock) return _changed.Task; } }

    public int Committed { get { lock (_lock) return _ends.Length + _lines.Count; } }

    /// <summary>The first trials, as one block of lines with line ends.</summary>
    public MadeStudy With(byte[] lines)
    {
        _first = lines;
        _ends = [.. Enumerable.Range(0, lines.Length).Where(i => lines[i] == '\n').Select(i => i + 1)];
        return this;
    }

    public MadeStudy In(StudyPhase phase, string? reason = null)
    {
        Change(() => (Phase, Reason) = (phase, reason));
        return this;
    }

    public void Commit(params IEnumerable<string> lines) => Change(() => _lines.AddRange(lines));

    public StudyStatus Status()
    {
        lock (_lock)
        {
            int committed = _ends.Length + _lines.Count, rejected = committed / 5, duplicates = (committed - rejected) / 7, failed = Phase == StudyPhase.Failed ? 30 : 0;
            return new StudyStatus(name, method, Phase, Reason, null, 0, new TrialCounts(committed, committed - rejected - duplicates - failed, rejected, duplicates, failed), budget, Progress, Phase == StudyPhase.Done ? Artifacts : [], "", objectives);
        }
    }

    /// <summary>The bytes of the lines from an ordinal on.</summary>
    public ReadOnlyMemory<byte> Lines(int from)
    {
        lock (_lock)
        {
            ReadOnlyMemory<byte> first = from >= _ends.Length ? default : _first.AsMemory(from == 0 ? 0 : _ends[from - 1]);
            if (_lines.Count == 0) return first;
            byte[] more = Encoding.UTF8.GetBytes(string.Concat(_lines.Skip(Math.Max(0, from - _ends.Length)).Select(line => line + "\n")));
            return first.IsEmpty ? more : (byte[])[.. first.Span, .. more];
        }
    }

    /// <summary>The bytes of the lines of some ordinals, with commas between.</summary>
    public ReadOnlyMemory<byte> Lines(string at)
    {
        lock (_lock) return Encoding.UTF8.GetBytes(string.Concat(at.Split(',').Select(int.Parse).Select(i => i < _ends.Length ? First(i) : _lines[i - _ends.Length] + "\n")));
    }

    /// <summary>The frames of the columns from an ordinal on.</summary>
    public IEnumerable<byte[]> Columns(int from)
    {
        for (ColumnPage page; (page = Page(from)).Outcomes.Length > 0; from += page.Outcomes.Length) yield return ColumnFrames.Frame(page);
    }

    private ColumnPage Page(int from)
    {
        lock (_lock)
        {
            for (int i = _trials.Count; i < _ends.Length + _lines.Count; i++) _trials.Add(TrialLine.Parse(i < _ends.Length ? First(i) : _lines[i - _ends.Length]).Trial);
            return ColumnPage.Of(_trials, from);
        }
    }

    private string First(int i) => Encoding.UTF8.GetString(_first.AsSpan((i == 0 ? 0 : _ends[i - 1])..(_ends[i])));

    private void Change(Action change)
    {
        lock (_lock)
        {
            change();
            TaskCompletionSource changed = _changed;
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
            changed.SetResult();
        }
    }
}
