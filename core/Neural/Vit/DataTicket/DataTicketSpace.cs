using System.Globalization;
using Hone.Model;

namespace Hone.Neural.Vit.DataTicket;

/// <summary>A student: which patches it is trained on, and at which rate.</summary>
/// <param name="Rule">In training.</param>
/// <param name="Keep">Share that each pruning block of the selector keeps; <see cref="DataTicketConfig.TicketSize"/> says what is left.</param>
public sealed record Ticket(TicketRule Rule, double Keep)
{
    /// <summary>The rule that it is tested and exported under: that of training, but for random patches, which get the selector's [paper, path b].</summary>
    public TicketRule Tested => Rule is TicketRule.Random ? TicketRule.Ticket : Rule;
}

/// <summary>The genes: who chooses, and at which rate; without a choice there is no rate. Each candidate is a training of its own.</summary>
public static class DataTicketSpace
{
    private static readonly string[] Rules = ["all", "ticket", "random", "variance"];

    public static SearchSpace Build(DataTicketConfig config) => new(
        new Gene("patches", Rules.ToValueList()),
        new Gene("keep", config.Keeps.Select(k => k.ToString("0.###", CultureInfo.InvariantCulture)).ToValueList(), new Activation("patches", 1)));

    public static Ticket Of(Candidate candidate, DataTicketConfig config) => new(
        candidate.Choices[0] switch { 0 => TicketRule.All, 1 => TicketRule.Ticket, 2 => TicketRule.Random, _ => TicketRule.Variance }, config.Keeps[candidate.Choices[1]]);
}
