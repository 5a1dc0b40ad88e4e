using Hone.Model;

namespace Hone.Neural.Vit.DataTicket;

/// <summary>What a student costs, whoever chooses its patches included. Letters as in <see cref="VitShape"/>.</summary>
public static class DataTicketWorkload
{
    private const int Backward = 2;   // a backward pass counts as two forward ones

    /// <summary>Inference of one image: the selector up to its last choice where one is asked, then the student on what was chosen.</summary>
    public static Workload Lower(Ticket ticket, DataTicketConfig config, NumberFormat format, string key = "") => Lower(ticket.Tested, ticket.Keep, config, format, key);

    /// <summary>Multiply-accumulates of the student's training: three times its forward pass, and the selector's once where one is asked, or once in all for each image where these do not change; the selector's own training is not in it.</summary>
    public static double TrainingMacs(Ticket ticket, DataTicketConfig config, int images)
    {
        double student = VitWorkload.Macs(Lower(ticket.Rule is TicketRule.All ? TicketRule.All : TicketRule.Variance, ticket.Keep, config, NumberFormat.F32, ""));
        double chooser = DataTicketTraining.NeedsSelector(ticket.Rule) ? VitWorkload.Macs(Lower(TicketRule.Ticket, ticket.Keep, config, NumberFormat.F32, "")) - student : 0;
        double passes = config.Student.Steps(images) * config.Student.Batch;
        return ((1 + Backward) * student * passes) + (chooser * (DataTicketTraining.AsksOnce(config, ticket.Rule) ? images : passes));
    }

    private static Workload Lower(TicketRule rule, double keep, DataTicketConfig config, NumberFormat format, string key)
    {
        VitShape shape = config.Shape;
        List<Op> ops = [];
        if (DataTicketTraining.NeedsSelector(rule))
        {
            var selector = new VitWorkload(shape, format, prefix: "ticket.");
            int patches = shape.Patches;
            for (int block = 0; block <= config.Blocks[^1]; block++)
            {
                int after = config.Blocks.Span.Contains(block) ? (int)Math.Ceiling(keep * patches) : patches;
                if (block < config.Blocks[^1]) selector.Block(block, Extent.Fixed("tokens", patches + 1), Extent.Fixed("tokens", after + 1));
                else selector.Attention(block, Extent.Fixed("tokens", patches + 1));
                patches = after;
            }
            ops.AddRange(selector.Operations);
        }
        int seen = rule == TicketRule.All ? shape.Patches : config.TicketSize(keep);
        var student = new VitWorkload(shape, format, seen);
        for (int block = 0; block < shape.Depth; block++) student.Block(block, Extent.Fixed("tokens", seen + 1));
        Workload own = student.End(key);
        return own with { Ops = [.. ops, .. own.Ops] };
    }
}
