namespace Hone.Benchmarks.Evidence;

/// <summary>What a piece of work costs, in passes of one sample (an image, a token, a circuit) through the net.</summary>
/// <param name="Training">Forward and backward.</param>
/// <param name="Evaluation">Forward alone.</param>
internal readonly record struct Cost(double Training, double Evaluation)
{
    public static Cost operator +(Cost a, Cost b) => new(a.Training + b.Training, a.Evaluation + b.Evaluation);

    /// <summary>Training passes that cost as much; a forward pass alone counts a third.</summary>
    public double Passes => Training + Evaluation / 3;

    /// <summary>Minutes at these speeds of all workers together.</summary>
    public double Minutes(Speed speed) => (Training / speed.Training + Evaluation / speed.Evaluation) / 60;
}

/// <summary>Samples per second, of one worker or of all together.</summary>
internal readonly record struct Speed(double Training, double Evaluation);
