using Hone.Model;

namespace Hone.Devices.Fpga;

/// <summary>What publications say of accelerators on these boards, one record each, and the model beside them.</summary>
public static class PublishedPoints
{
    private const string Paper = "paper", ThirdParty = "third party", Recalled = "recalled";
    private const double DeitSmallGmac = 4.599, DeitBaseGmac = 17.564;   // at 197 tokens [derived]; a test counts them again

    private static readonly PublishedNet DeitSmall = new(384, 6, [.. Enumerable.Repeat(197, 12)]);

    // Token counts with the published 2.65 GMAC; the real ones are unknown.
    private static readonly PublishedNet Pruned = new(384, 6, [197, 197, 197, 127, 127, 127, 82, 82, 82, 54, 54, 54]);

    private const string SpvitSource = "review note of the ECCV paper", Guessed = "16-bit operands [proposal]; the real token counts are unknown";
    private const string MixedNote = "its power-of-two rows are shifts in logic, which no engine here has", VaqfNote = "binary weights, an accelerator for each precision: not modelled";

    private static readonly ValueList<PublishedPoint> Records =
    [
        new("zcu102", "SPViT", "DeiT-S dense", PointRole.Fitted, 22.31, "ms", SpvitSource, ThirdParty, Gmac: DeitSmallGmac, Kind: EngineKind.Words, Net: DeitSmall),
        new("zcu102", "SPViT", "DeiT-S pruned", PointRole.Predicted, 13.23, "ms", SpvitSource, ThirdParty, Gmac: 2.65, Kind: EngineKind.Words, Net: Pruned, Note: Guessed),
        new("zcu102", "Auto-ViT-Acc baseline", "DeiT-B fp32", PointRole.PlausibilityOnly, 10.0, "FPS", "arXiv 2208.05163", Paper, Gmac: DeitBaseGmac, Note: "no engine here computes in floating point"),
        new("zcu102", "Auto-ViT-Acc", "DeiT-B mixed scheme", PointRole.PlausibilityOnly, 56.8, "FPS", "arXiv 2208.05163", Paper, Gmac: DeitBaseGmac, Note: MixedNote),
        new("zcu102", "VAQF", "DeiT-B W1A8", PointRole.PlausibilityOnly, 24, "FPS", "arXiv 2201.06618", Paper, Gmac: DeitBaseGmac, Note: VaqfNote),
        new("zcu102", "VAQF", "DeiT-B W1A6", PointRole.PlausibilityOnly, 30, "FPS", "arXiv 2201.06618", Paper, Gmac: DeitBaseGmac, Note: VaqfNote),
        new("zcu102", "EfficientViT accelerator", "EfficientViT", PointRole.PlausibilityOnly, 780.2, "GOPS", "arXiv 2403.20230", Paper, ClockMHz: 200, Note: "convolutions are not modelled"),
        new("zcu102", "HeatViT", "DeiT-S INT8 pruned", PointRole.PlausibilityOnly, 9.15, "ms", "table III of arXiv 2502.05602", ThirdParty, Kind: EngineKind.Bytes, Note: "token counts unknown"),
        new("zcu102", "Quasar-ViT", "searched, W4/8 A6, first", PointRole.PlausibilityOnly, 101.5, "FPS", "arXiv 2407.18175", Paper, Kind: EngineKind.Atoms, Note: "layers unknown"),
        new("zcu102", "Quasar-ViT", "searched, W4/8 A6, second", PointRole.PlausibilityOnly, 159.6, "FPS", "arXiv 2407.18175", Paper, Kind: EngineKind.Atoms, Note: "layers unknown"),
        new("zcu102", "Quasar-ViT", "searched, W4/8 A6, third", PointRole.PlausibilityOnly, 251.6, "FPS", "arXiv 2407.18175", Paper, Kind: EngineKind.Atoms, Note: "layers unknown"),
        new("zcu102", "FILM-QNN", "ResNet-18 W4/8 A5", PointRole.PlausibilityOnly, 214.8, "FPS", "FPGA 2022", Paper, Kind: EngineKind.Atoms, Note: "a convolutional net; its clock is taken as 150 MHz"),
        new("zcu102", "FILM-QNN", "ResNet-50 W4/8 A5", PointRole.PlausibilityOnly, 109.1, "FPS", "FPGA 2022", Paper, Kind: EngineKind.Atoms, Note: "a convolutional net; its clock is taken as 150 MHz"),
        new("zcu102", "FILM-QNN", "MobileNet-v2 W4/8 A5", PointRole.PlausibilityOnly, 537.9, "FPS", "FPGA 2022", Paper, Kind: EngineKind.Atoms, Note: "a convolutional net; its clock is taken as 150 MHz"),
        .. RecalledBlocks("DeiT-T", 1.034, 0.945, 0.881, 0.764, 0.702, 0.636),
        .. RecalledBlocks("DeiT-S", 3.161, 2.837, 2.565, 2.255, 1.973, 1.682),
    ];

    /// <summary>The points that may be quoted, in their order. Recalled figures are never among them.</summary>
    public static ValueList<PublishedPoint> All { get; } = Records.Where(p => p.IsPublished).ToValueList();

    /// <summary>How many figures are remembered but not verified, and therefore not shown.</summary>
    public static int Withheld => Records.Count - All.Count;

    /// <summary>The boards that there are published points for.</summary>
    public static IEnumerable<string> Boards => All.Select(p => p.Board).Distinct();

    /// <summary>The model of a board beside every point published for it.</summary>
    /// <exception cref="SpecException">There are no points for the board, or there is no such board.</exception>
    public static CalibrationTable Compare(string board)
    {
        Board found = BoardCatalog.Find(board);
        var points = All.Where(p => p.Board == board).ToValueList();
        return points.Count > 0 ? CalibrationTable.Of(found, points)
            : throw new SpecException($"no published points for '{board}': expected one of {string.Join(", ", Boards)}; other boards have the same model, unchecked");
    }

    // Both rows follow one law within 0.02 ms [derived], but nobody has seen them published.
    private static IEnumerable<PublishedPoint> RecalledBlocks(string net, params double[] ms) => ms.Select((block, i) =>
        new PublishedPoint("zcu102", "HeatViT", $"{net}, one block at keep {1 - 0.1 * i:0.0}", PointRole.PlausibilityOnly, block, "ms", "remembered", Recalled));
}
