using System.CommandLine;
using Hone.Model;

namespace Hone.Benchmarks.Evidence;

/// <summary><c>worker NAME (--unit KEY | --speed)</c>: how the evidence command starts itself.</summary>
internal static class WorkerCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("NAME");
        var unit = new Option<string?>("--unit");
        var speed = new Option<bool>("--speed");
        var smoke = new Option<bool>("--smoke");
        var cache = new Option<string?>("--cache");
        var device = new Option<string>("--device") { DefaultValueFactory = _ => "cpu" };
        var command = new Command("worker", "Runs one unit; started by the evidence command.") { name, unit, speed, smoke, cache, device };
        command.Hidden = true;
        command.SetAction(parsed => EvidenceCommand.Guarded(() =>
        {
            bool small = parsed.GetValue(smoke);
            IEvidence evidence = EvidenceCatalog.Open(parsed.GetValue(name)!, null, small);
            if (parsed.GetValue(speed)) return Worker.Speed(evidence, Console.Out);
            return parsed.GetValue(unit) is { } key ? Worker.Unit(evidence, key, EvidenceCommand.Where(evidence, small, parsed.GetValue(cache)), parsed.GetValue(device)!, Console.Out)
                : throw new SpecException("worker: expected --unit KEY or --speed, got neither");
        }));
        return command;
    }
}
