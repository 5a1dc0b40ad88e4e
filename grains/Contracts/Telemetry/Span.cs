using System.Diagnostics;

namespace Hone.Contracts.Telemetry;

/// <summary>A kind of span: its name is its identity.</summary>
/// <param name="Name">As it stands in a trace.</param>
/// <param name="Parent">What it lies in; null where it begins a trace.</param>
/// <param name="Process">The program that makes it.</param>
/// <param name="Kind">OpenTelemetry's kind.</param>
/// <param name="Says">What its time is the time of.</param>
public sealed record Span(string Name, Span? Parent, string Process, ActivityKind Kind, string Says)
{
    /// <summary>A command hands a study to the cluster.</summary>
    public static readonly Span Submit = new("submit", null, "client", ActivityKind.Client, "a command hands a study to the cluster; the trials asked after it link to it");

    /// <summary>A trial, from ask to commit.</summary>
    public static readonly Span Trial = new("trial", null, "control", ActivityKind.Internal, "a trial from ask to commit");

    /// <summary>Its price on all devices of the study.</summary>
    public static readonly Span Price = new("price", Trial, "control", ActivityKind.Internal, "its price on all devices of the study; the calls to the devices' grains lie in that of the first traced trial of a batch");

    /// <summary>A node measures an operation that its price lacks.</summary>
    public static readonly Span Measure = new("measure", Trial, "control", ActivityKind.Consumer, "a node of an attached device measures an operation that the trial was the first to ask for, from lease to report");

    /// <summary>The node waits for its machine.</summary>
    public static readonly Span Turn = new("turn", Measure, "control", ActivityKind.Internal, "the node waits until nothing else is measured on its machine; this and the next two as the node reports them, from the lease on");

    /// <summary>The node makes ready.</summary>
    public static readonly Span WarmUp = new("warm-up", Measure, "control", ActivityKind.Internal, "the node makes the operation ready and runs it until runs count");

    /// <summary>The node's runs that count.</summary>
    public static readonly Span Runs = new("runs", Measure, "control", ActivityKind.Internal, "the runs that count");

    /// <summary>Its job waits for a slot.</summary>
    public static readonly Span Queue = new("queue", Trial, "control", ActivityKind.Consumer, "its job waits for a slot; one more after every lost lease");

    /// <summary>A slot works on its job.</summary>
    public static readonly Span Evaluate = new("evaluate", Trial, "worker", ActivityKind.Consumer, "a slot evaluates it and hands in the answer");

    /// <summary>Its page of the journal is written.</summary>
    public static readonly Span Commit = new("commit", Trial, "control", ActivityKind.Internal, "its page of the journal is written");

    /// <summary>A client that follows the study has it.</summary>
    public static readonly Span Receive = new("receive", Trial, "client", ActivityKind.Consumer, "from its commit until a client that follows the study has it");

    /// <summary>All of them, in the order of a trial's life.</summary>
    public static IReadOnlyList<Span> All { get; } = [Submit, Trial, Price, Measure, Turn, WarmUp, Runs, Queue, Evaluate, Commit, Receive];

    /// <summary>
    /// Whether a span of that name may begin a trace. Silos call each other all the time (slots ask for work, the watchdog looks after studies): a call is
    /// traced where it is part of something, and begins nothing.
    /// </summary>
    public static bool MayBegin(string name) => All.Any(s => s.Parent is null && s.Name == name);
}
