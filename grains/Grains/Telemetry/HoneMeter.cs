using System.Diagnostics.Metrics;

namespace Hone.Grains.Telemetry;

/// <summary>
/// Hone's instruments, a line each. Labels come from closed sets (<see cref="Label"/>): a study goes by its method, never by its name. Times are in seconds.
/// </summary>
public static class HoneMeter
{
    /// <summary>The meter's name.</summary>
    public const string Name = "Hone";

    private static readonly Meter Meter = new(Name);
    private static readonly List<MeterRow> Rows = [];

    /// <summary>From a millisecond to an hour, two steps to a decade.</summary>
    private static readonly InstrumentAdvice<double> Seconds = new() { HistogramBucketBoundaries = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000, 3600] };

    private static readonly InstrumentAdvice<double> Residuals = new() { HistogramBucketBoundaries = [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10] };

    public static readonly UpDownCounter<long> Studies = Row(Meter.CreateUpDownCounter<long>("hone.studies", "{study}", "Studies that this silo keeps, by phase."), Label.Method, Label.Phase);
    public static readonly Histogram<double> Phases = Row(Time("hone.phase.duration", "Time that a study spent in a phase, told when it leaves it."), Label.Method, Label.Phase);
    public static readonly Counter<long> Trials = Row(Meter.CreateCounter<long>("hone.trials", "{trial}", "Committed trials."), Label.Method, Label.Outcome);
    public static readonly Histogram<double> TrialTime = Row(Time("hone.trial.duration", "From a trial's ask to its commit."), Label.Method, Label.Outcome);
    public static readonly Histogram<double> Commits = Row(Time("hone.commit.duration", "Writing a page of the journal."), Label.Method);
    public static readonly Histogram<double> Replays = Row(Time("hone.replay.duration", "Reading a journal and replaying it, when a study is opened or opened again."), Label.Method);
    public static readonly Counter<long> Stumbles = Row(Meter.CreateCounter<long>("hone.stumbles", "{stumble}", "Times that a study began again from its journal because storage or a silo failed."), Label.Method);
    public static readonly Gauge<double> Front = Row(Meter.CreateGauge<double>("hone.front.hypervolume", null,
        "Hypervolume of a running study's front over that of its first trials, in a search with rungs of those on the highest; NaN while there is none."), Label.Method, Label.Seat);

    public static readonly Gauge<long> QueueDepth = Row(Meter.CreateGauge<long>("hone.queue.depth", "{job}", "Jobs in the queue."), Label.Job, Label.State);
    public static readonly Gauge<double> QueueAge = Row(Meter.CreateGauge<double>("hone.queue.age", "s", "Age of the job that waits longest; 0 when none waits."));
    public static readonly Counter<long> Leases = Row(Meter.CreateCounter<long>("hone.leases", "{lease}", "Leases given to slots."), Label.Job);
    public static readonly Counter<long> LostLeases = Row(Meter.CreateCounter<long>("hone.leases.lost", "{lease}", "Leases that ended without an answer; drained and preempted ones are no loss."), Label.Job, Label.Loss);
    public static readonly Histogram<double> Waits = Row(Time("hone.queue.wait", "From a job's enqueuing to its lease."), Label.Job);
    public static readonly Histogram<double> Recoveries = Row(Time("hone.recovery.duration", "From a lost lease to the next lease of the same job."), Label.Job);

    public static readonly Gauge<long> Slots = Row(Meter.CreateGauge<long>("hone.slots", "{slot}", "Compute slots of this silo."));
    public static readonly ObservableCounter<double> Busy = Row(Meter.CreateObservableCounter("hone.slot.busy", SlotClock.Busy, "s", "Time that a slot worked."), Label.Slot);
    public static readonly Histogram<double> Jobs = Row(Time("hone.job.duration", "Work on a job, from its lease to its answer."), Label.Job, Label.End);

    public static readonly Gauge<double> TrainingLoss = Row(Meter.CreateGauge<double>("hone.training.loss", null, "Loss of the shared training that was heard of last."), Label.Method);
    public static readonly Gauge<double> TrainingRate = Row(Meter.CreateGauge<double>("hone.training.images", "{image}/s", "Images that the shared training takes in a second, over all its shards; 0 when it ends."), Label.Method);

    public static readonly Gauge<double> Residual = Row(Meter.CreateGauge<double>("hone.solver.residual", null, "Residual of an ADMM solver that runs, the one that was heard of last."), Label.Method, Label.Residual);
    public static readonly Histogram<double> Solved = Row(Meter.CreateHistogram<double>("hone.solver.residual.final", null, "Residuals that ADMM solvers ended with.", advice: Residuals), Label.Method, Label.Residual);

    public static readonly Counter<long> Pricings = Row(Meter.CreateCounter<long>("hone.pricings", "{workload}", "Workloads priced."), Label.Device);
    public static readonly Histogram<double> PricingTime = Row(Time("hone.pricing.duration", "Pricing a batch of workloads."), Label.Device);

    public static readonly Counter<long> Measurements = Row(Meter.CreateCounter<long>("hone.device.measurements", "{measurement}", "Measurements that nodes ended."), Label.Measured);
    public static readonly Histogram<double> MeasurementTime = Row(Time("hone.device.measurement.duration", "A measurement on a node, from its lease to its report."), Label.Measured);
    public static readonly Counter<long> LostMeasurements = Row(Meter.CreateCounter<long>("hone.device.leases.lost", "{lease}", "Leases of measurements that ended without an answer."), Label.Loss);
    public static readonly Gauge<long> DeviceQueue = Row(Meter.CreateGauge<long>("hone.device.queue.depth", "{measurement}", "Measurements asked of an attached device."), Label.Bench, Label.State);
    public static readonly Gauge<long> DeviceNodes = Row(Meter.CreateGauge<long>("hone.device.nodes", "{node}", "Nodes of an attached device that were heard of a moment ago."), Label.Bench);
    public static readonly Gauge<double> CalibrationError = Row(Meter.CreateGauge<double>("hone.device.calibration.error", "%", "Mean error of an attached device's predictions of held-out operations; NaN while there are too few."), Label.Bench);

    /// <summary>Every instrument with its labels, in the order above.</summary>
    public static IReadOnlyList<MeterRow> Table => Rows;

    private static Histogram<double> Time(string name, string says) => Meter.CreateHistogram(name, "s", says, advice: Seconds);

    private static T Row<T>(T instrument, params IReadOnlyList<Label> labels) where T : Instrument
    {
        Rows.Add(new MeterRow(instrument, labels));
        return instrument;
    }
}
