using System.Text.Json.Serialization;

namespace Hone.Model;

/// <summary>Which way an objective improves.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Direction>))]
public enum Direction { Minimize, Maximize }

/// <summary>What a search improves: a metric, its direction and its unit.</summary>
public sealed record Objective(string Metric, Direction Direction, string Unit)
{
    /// <summary>The value with its sign turned so that smaller is better.</summary>
    public double Loss(double value) => Direction == Direction.Maximize ? -value : value;
}

/// <summary>Which side of a limit is allowed.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Side>))]
public enum Side { AtMost, AtLeast }

/// <summary>A hard limit on a metric, in the metric's own unit.</summary>
public sealed record Constraint(string Metric, Side Side, double Limit)
{
    public bool Allows(double value) => Side == Side.AtMost ? value <= Limit : value >= Limit;

    public override string ToString() => $"{Metric} {(Side == Side.AtMost ? "<=" : ">=")} {Limit}";
}

/// <summary>Why a candidate cannot be built or used: the constraint's name and what came against what was allowed.</summary>
public sealed record Rejection(string Constraint, string Reason);
