using Hone.Benchmarks.Evidence;
using Hone.Model;
using Hone.Neural.Vit;

namespace Hone.Benchmarks.TokenSparsity;

/// <summary>The evidence of a method that drops data; these share scale, store and dense nets.</summary>
/// <param name="Name">As --method says it.</param>
/// <param name="Room">The method's folder.</param>
internal sealed record TokenEvidence(string Name, string Room, TokenScale Scale, ValueList<EvidencePart> Parts) : IEvidence
{
    private const double Cut = 0.45, Keep = 0.7;   // of SPViT's multiply-accumulates; of the patches that arrive at each of a ticket's choices

    public string StoreRoom => TokenScale.StoreRoom;

    public string Store => EvidenceCatalog.TokenSparsity;

    public double MostPasses => TokenScale.MostPasses;

    public Speed Measure() => TokenSpeed.Measure(Scale);

    public (Speed Speed, double Minutes) Budget => TokenScale.Budget;

    public static TokenEvidence Spvit(TokenScale scale) => new("spvit", "core/Neural/Vit/Spvit", scale,
    [
        new SpvitPart(scale, Clutter(scale), "headline", Cut, seeds: 5).Part,
        new SpvitPart(scale, Plain(scale), "plain", Cut, seeds: 3).Part,
        new SpvitPart(scale.OfCifar, Cifar(scale), "cifar", Cut, seeds: 3).Part,
        new SpvitBudgets(scale, Clutter(scale)).Part,
        new SpvitSpeed(scale, Clutter(scale), Cut).Part,
    ]);

    public static TokenEvidence HeatVit(TokenScale scale) => new("heatvit", "core/Neural/Vit/HeatVit", scale, [new HeatVitPart(scale, Clutter(scale)).Part]);

    public static TokenEvidence TriLevel(TokenScale scale)
    {
        var parts = new TriLevelParts(scale, Clutter(scale));
        return new("tri-level", "core/Neural/Vit/TriLevel", scale, [parts.Headline, parts.Levels, parts.Crops, parts.Milder, parts.Time]);
    }

    public static TokenEvidence DataTicket(TokenScale scale)
    {
        var parts = new DataTicketParts(scale, Clutter(scale), Keep);
        return new("data-ticket", "core/Neural/Vit/DataTicket", scale, [parts.Headline, parts.Early, parts.Longer, parts.LongerAll, new DataTicketParts(scale, Plain(scale), Keep).Beside("plain"), new DataTicketParts(scale.OfCifar, Cifar(scale), Keep).Beside("cifar")]);
    }

    private static TokenImages Plain(TokenScale scale) => new(ImageSource.FashionMnist, VitShape.FashionMnist, scale);

    private static TokenImages Cifar(TokenScale scale) => new(ImageSource.CifarSubset, VitShape.Cifar10 with { Width = VitShape.FashionClutter.Width, Heads = VitShape.FashionClutter.Heads }, scale.OfCifar);

    private static TokenImages Clutter(TokenScale scale) => new(ImageSource.FashionClutter, VitShape.FashionClutter, scale);
}
