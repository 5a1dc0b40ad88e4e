using System.CommandLine;
using System.Text.Json;
using Hone.Client.Cluster;
using Hone.Client.Specs;
using Hone.Client.Views;
using Hone.Contracts;
using Hone.Devices.Fpga;
using Hone.Model;
using Hone.Node;

namespace Hone.Client.Verbs;

/// <summary>
/// <c>hone device calibrate</c>: of a modelled board the model beside what was published; of an attached device a designed grid measured, and what its table is worth by what was held out; of a
/// quantum machine what its files hold.
/// </summary>
internal static class DeviceCalibrate
{
    private static readonly TimeSpan Ask = TimeSpan.FromSeconds(1), Say = TimeSpan.FromSeconds(10);

    public static Command Create(Terminal terminal)
    {
        var name = new Argument<string>("NAME") { Description = $"a board (published points: {string.Join(", ", PublishedPoints.Boards)}), an attached device, or quantum/MACHINE" };
        var published = new Option<bool>("--published") { Description = "of a board: the model beside every published point, fitted and predicted apart" };
        var study = new Option<string?>("--study") { Description = "of an attached device: a study file, whose space says which shapes and formats matter" };
        var operations = new Option<int>("--operations") { Description = "operations of the designed grid", DefaultValueFactory = _ => new CalibrationRequest("").Operations };
        var networks = new Option<int>("--networks") { Description = "networks that are predicted first and measured then", DefaultValueFactory = _ => new CalibrationRequest("").Networks };
        var again = new Option<bool>("--again") { Description = "measure anew what is known, and hold it against what it was" };
        var here = new Option<bool>("--here") { Description = "this machine is the device: a node runs in this command while it lasts" };
        Option<int> threads = NodeCommand.Threads();
        var calibrate = new Command("calibrate", "Hold the model of a device against figures: published ones, or measurements.") { name, published, study, operations, networks, again, here, threads };
        PlaceOptions place = PlaceOptions.AddTo(calibrate);
        MachineOptions machine = MachineOptions.AddTo(calibrate);
        calibrate.SetAction(async (parsed, cancel) =>
        {
            string device = parsed.GetValue(name)!;
            if (device.StartsWith(QuantumCalibration.Prefix, StringComparison.Ordinal)) return QuantumCalibration.Run(terminal, device, machine.Of(parsed), parsed.Json());
            if (machine.Of(parsed) is not null) throw new SpecException($"device calibrate {device}: expected {QuantumCalibration.Prefix}NAME with --backend, got '{device}'");
            if (parsed.GetValue(published)) return await Published(terminal, device, parsed.Json());
            if (parsed.GetValue(study) is not { } file)
                throw new SpecException(BoardCatalog.All.Any(b => b.Name == device) ? $"device calibrate {device}: expected --published, got no source to calibrate by; a modelled board has published points only"
                    : $"device calibrate {device}: expected --study FILE, whose space says what to measure, got none");
            var request = new CalibrationRequest(StudyFile.Load(file).Canonical, parsed.GetValue(operations), parsed.GetValue(networks), parsed.GetValue(again));
            CalibrationOutcome outcome = await Measured(terminal, device, request, place.Of(parsed), parsed.GetValue(here) ? parsed.GetValue(threads) : null, cancel);
            if (parsed.Json()) await terminal.Out.WriteLineAsync(JsonSerializer.Serialize(outcome, ApiJson.Options));
            else CalibrationOutcomeView.Show(terminal, outcome);
            return 0;
        });
        return calibrate;
    }

    private static async Task<int> Published(Terminal terminal, string board, bool json)
    {
        BoardCatalog.Find(board);
        CalibrationTable table = PublishedPoints.Compare(board);
        if (json) await terminal.Out.WriteLineAsync(CalibrationView.Json(table).ToJsonString(JsonView.Options));
        else
        {
            terminal.Screen.Write(CalibrationView.Table(table));
            foreach (string line in CalibrationView.Lines(table)) await terminal.Out.WriteLineAsync(line);
        }
        return 0;
    }

    // One visit for all of it: a control silo that is started for the question must not stop while a node measures for it.
    private static async Task<CalibrationOutcome> Measured(Terminal terminal, string device, CalibrationRequest request, ClusterPlace place, int? threads, CancellationToken cancel)
    {
        await using ClusterVisit visit = await ClusterVisit.OpenAsync(place, cancel, make: threads is not null);
        CalibrationProgress progress = await visit.Cluster.Devices.Calibrate(device, request);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Task node = threads is { } count ? Node(terminal, device, place, count, ended.Token) : Task.CompletedTask;
        long said = 0;
        while (progress.Outcome is null)
        {
            if (node is { IsFaulted: true }) await node;
            if (TimeProvider.System.GetElapsedTime(said) >= Say)
            {
                await terminal.Error.WriteLineAsync($"{device}: {progress.Done} of {progress.All}, {progress.Stage}{(progress.Waits is { } waits ? $" ({waits})" : "")}");
                said = TimeProvider.System.GetTimestamp();
            }
            await Task.Delay(Ask, cancel);
            progress = await visit.Cluster.Devices.Calibration(device);
        }
        await ended.CancelAsync();
        await node;
        return progress.Outcome;
    }

    private static async Task Node(Terminal terminal, string device, ClusterPlace place, int threads, CancellationToken stop)
    {
        ServerOption server = place.Server ?? ServerOption.Parse(place.DataDir, null, null, null, place.DataDir);
        await NodeSession.RunAsync(new NodeOptions(server.Address, server.Token, device, server.Authorities, threads), terminal.Error, stop);
    }
}
