using Hone.Model;

namespace Hone.Grains;

/// <summary>How work went so far, for drawing: a bounded list that keeps every second point when it is full, so that it always reaches back to the first.</summary>
internal sealed class ProgressHistory(int most = 512)
{
    private readonly List<Progress> _points = [];
    private int _every = 1, _skipped;
    private Progress? _last;

    /// <summary>The points in order; the last one heard is always among them.</summary>
    public ValueList<Progress> Points => _last is null || (_points.Count > 0 && ReferenceEquals(_points[^1], _last)) ? _points.ToValueList() : [.. _points, _last];

    /// <summary>Takes a point that leads further; a step behind the last one of its stage means that the work began anew, and so does its curve.</summary>
    public void Add(Progress now)
    {
        if (_last is { } last && last.Stage == now.Stage)
        {
            if (now.Step == last.Step) return;
            if (now.Step < last.Step) Forget(p => p.Stage == now.Stage && p.Step >= now.Step);
        }
        bool begins = _last?.Stage != now.Stage;
        _last = now;
        if (!begins && ++_skipped < _every) return;
        _skipped = 0;
        _points.Add(now);
        if (_points.Count < most) return;
        int place = 0;
        _points.RemoveAll(_ => place++ % 2 == 1);
        _every *= 2;
    }

    private void Forget(Predicate<Progress> which)
    {
        _points.RemoveAll(which);
        _last = null;
    }
}
