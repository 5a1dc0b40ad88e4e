using Hone.Model;
using Hone.Neural.Vit.DataTicket;

namespace Hone.Benchmarks.TokenSparsity;

/// <summary>How a selector and the students of its choices are trained.</summary>
/// <param name="Name">Behind an arm's name; empty: as the headline has it.</param>
/// <param name="Folder">In the ids of selectors.</param>
internal sealed record TicketRecipe(string Name, string Folder, Func<DataTicketConfig, DataTicketConfig> Change)
{
    private const double LongerSelector = 3, LongerStudent = 2;   // times the epochs
    private const double HigherRate = 3e-4;                       // of the selector while it prunes, three times the sheet's
    private const int Crop = 4;                                   // pixels

    /// <summary>The selector prunes a quarter, half and three quarters of the way [code].</summary>
    public static TicketRecipe Published { get; } = new("", "", c => c with { Blocks = [c.Shape.Depth / 4, c.Shape.Depth / 2, 3 * c.Shape.Depth / 4] });

    /// <summary>The selector chooses in its first blocks, where a token is still little more than its patch.</summary>
    public static TicketRecipe Early { get; } = new("first blocks", "early/", c => c with { Blocks = [0, 1, 2] });

    /// <summary>There too, and it prunes for three times as long at a higher rate; students are trained as long as the sheet has it, all on random crops.</summary>
    public static TicketRecipe Longer { get; } = new("longer", "longer/", c => Early.Change(c) with
    {
        Dense = c.Dense with { Crop = Crop }, SelectorEpochs = LongerSelector * c.SelectorEpochs, SelectorRate = HigherRate,
        Student = c.Student with { Epochs = LongerStudent * c.Student.Epochs, Crop = Crop },
    });
}

/// <summary>A student: what it is trained on, and for how long.</summary>
/// <param name="Recipe">Its own, and its selector's.</param>
/// <param name="EqualCompute">Trained for as many multiply-accumulates as a ticket's student, the selector's answers among them, not for as many epochs.</param>
internal sealed record TicketArm(TicketRule Rule, TicketRecipe Recipe, bool EqualCompute = false)
{
    /// <summary>Tickets and what stands against them.</summary>
    public static ValueList<TicketArm> All { get; } = [.. Of(TicketRecipe.Published, TicketRule.Ticket, TicketRule.Random, TicketRule.Variance, TicketRule.Centre, TicketRule.Anti, TicketRule.All), new(TicketRule.All, TicketRecipe.Published, EqualCompute: true)];

    /// <summary>Tickets of a selector that chooses in its first blocks.</summary>
    public static ValueList<TicketArm> InFirstBlocks { get; } = [.. First, .. Of(TicketRecipe.Published, TicketRule.Ticket, TicketRule.Variance, TicketRule.Centre, TicketRule.All)];

    /// <summary>Of selectors and students that are trained for longer, on crops.</summary>
    public static ValueList<TicketArm> ForLonger { get; } = [.. Of(TicketRecipe.Longer, TicketRule.Ticket, TicketRule.Random, TicketRule.Variance, TicketRule.Centre)];

    /// <summary>These beside all patches.</summary>
    public static ValueList<TicketArm> ForLongerBesideAll { get; } = [.. Of(TicketRecipe.Longer, TicketRule.Ticket, TicketRule.All), new(TicketRule.All, TicketRecipe.Longer, EqualCompute: true)];

    /// <summary>Choices in the first blocks on another set of images, which no headline stands beside.</summary>
    public static ValueList<TicketArm> Beside { get; } = [.. First, .. Of(TicketRecipe.Published, TicketRule.Variance, TicketRule.Centre, TicketRule.All)];

    private static IEnumerable<TicketArm> First => Of(TicketRecipe.Early, TicketRule.Ticket, TicketRule.Random, TicketRule.Anti);

    public string Name => $"{NameOf(Rule)}{(Recipe.Name.Length == 0 ? "" : $", {Recipe.Name}")}{(EqualCompute ? ", equal compute" : "")}";

    /// <summary>Rules that the student is tested under: its own, and what the paper's path b gives it.</summary>
    public TicketRule Tested => Rule == TicketRule.Random ? TicketRule.Ticket : Rule;

    public static string NameOf(TicketRule rule) => rule switch { TicketRule.All => "all patches", TicketRule.Anti => "anti-ticket", TicketRule.Centre => "centre window", _ => rule.ToString().ToLowerInvariant() };

    private static IEnumerable<TicketArm> Of(TicketRecipe recipe, params TicketRule[] rules) => rules.Select(r => new TicketArm(r, recipe));
}
