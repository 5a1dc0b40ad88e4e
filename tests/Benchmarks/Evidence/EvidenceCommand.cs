using System.CommandLine;
using Hone.Model;

namespace Hone.Benchmarks.Evidence;

/// <summary><c>evidence NAME [--method M] [--part P] [--plan] [--threads-total N] [--device D]</c>.</summary>
internal static class EvidenceCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("NAME") { Description = $"one of {string.Join(", ", EvidenceCatalog.Names)}" };
        var method = new Option<string?>("--method") { Description = $"of {EvidenceCatalog.TokenSparsity}: one of {string.Join(", ", EvidenceCatalog.Methods)}" };
        var part = new Option<string?>("--part") { Description = "which part (default: the headline)" };
        var plan = new Option<bool>("--plan") { Description = "print the plan in passes and minutes, and stop" };
        var threads = new Option<int>("--threads-total") { Description = "workers, one torch thread each", DefaultValueFactory = _ => 2 };
        var smoke = new Option<bool>("--smoke") { Description = "a scale of seconds into artifacts/evidence-smoke: proves the machinery and nothing else" };
        var cache = new Option<string?>("--cache") { Description = "folder for weights and checkpoints (default: the user's cache)" };
        var device = new Option<string>("--device") { Description = "where long trainings run that may: cpu or cuda", DefaultValueFactory = _ => "cpu" };
        var command = new Command("evidence", "Run a method's evidence; cut it at any time and run the same command to go on.") { name, method, part, plan, threads, smoke, cache, device };
        command.SetAction(parsed => Guarded(() =>
        {
            bool small = parsed.GetValue(smoke);
            IEvidence evidence = EvidenceCatalog.Open(parsed.GetValue(name)!, parsed.GetValue(method), small);
            Places places = Where(evidence, small, parsed.GetValue(cache));
            int workers = parsed.GetValue(threads);
            if (workers is < 1 or > 256) throw new SpecException($"--threads-total: expected 1..256, got {workers}");
            var process = new WorkerProcess([evidence.Name, "--cache", places.Cache, "--device", parsed.GetValue(device)!, .. small ? (string[])["--smoke"] : []]);
            return EvidenceRunner.Run(evidence, Part(evidence, parsed.GetValue(part)), places, process, workers, parsed.GetValue(plan), Console.Out);
        }));
        return command;
    }

    /// <summary>Errors a user can act on as one line; exit code 1, or 2 when the request itself is wrong.</summary>
    public static int Guarded(Func<int> run)
    {
        try
        {
            return run();
        }
        catch (HoneException e)
        {
            Console.Error.WriteLine(e.Message);
            return e is SpecException ? 2 : 1;
        }
    }

    public static Places Where(IEvidence evidence, bool smoke, string? cache)
    {
        string root = Places.Repository, room = Path.Combine(root, evidence.Room);
        if (!smoke) return new Places(Path.Combine(root, evidence.StoreRoom, "evidence"), Path.Combine(room, "README.md"), cache ?? Places.UserCache);
        string folder = Path.Combine(root, "artifacts", "evidence-smoke");
        return new Places(folder, null, cache ?? Path.Combine(folder, "cache"));
    }

    private static EvidencePart Part(IEvidence evidence, string? name) => name is null ? evidence.Parts[0]
        : evidence.Parts.FirstOrDefault(p => p.Name == name) ?? throw new SpecException(
            $"--part: expected one of {string.Join(", ", evidence.Parts.Select(p => p.Name))}, got '{name}'{(Nearest.Of(name, [.. evidence.Parts.Select(p => p.Name)]) is { } near ? $"; did you mean '{near}'?" : "")}");
}
