using System.Text.RegularExpressions;
using Hone.Contracts;
using Hone.Data;
using Hone.Grains;
using Hone.Grains.Blobs;
using Hone.Model;

namespace Hone.Cluster.Tests.Blobs;

public class ReachableTests
{
    private int _made;

    private BlobId New() => BlobId.Of(BitConverter.GetBytes(++_made));

    private Artifact File(string path) => new(path, New());

    /// <summary>A state with a blob wherever one can stand; what is added to the record later must be added here and to the rules.</summary>
    private StudyState Study() => new()
    {
        Spec = "{}", Shared = New(), Artifacts = [File("front.json"), File("models/1/model.onnx")],
        Checkpoints = [new EvaluationCheckpoint("job", New(), 9, New(), 4)], Trained = [new TrainedTrial(7, New())],
        Finished = new() { [3] = new JobResult(Artifacts: [File("manifest.json")]), [9] = new JobResult(Artifacts: [File("manifest.json"), File("model.onnx")]) },
    };

    private SupernetState Supernet() => new()
    {
        Checkpoint = New(), Previous = New(), Ready = New(), Before = New(), Ends = [New(), New()], Shards = [new ShardState(New(), 5, Previous: New()), new ShardState(End: new ShardEnd(1, 2, 3, New(), New(), false))],
    };

    private AdmmSolverState Solver() => new() { Checkpoints = [new EvaluationCheckpoint("", New(), 9, New(), 4)] };

    [Fact]
    public void WhateverAStateNamesIsReachableAndNothingElse()
    {
        StudyState study = Study();
        SupernetState supernet = Supernet();
        AdmmSolverState solver = Solver();
        HashSet<BlobId> reachable = Reachable.Of([study], [supernet], [solver], new DataCatalog());
        Assert.Equal(_made, reachable.Count);
        // Every hash that stands in the states, found without knowing their shape.
        string[] named = [.. Regex.Matches(StudyJson.Canonical(System.Text.Json.JsonSerializer.SerializeToNode(new { study, supernet, solver }, StudyJson.Options)!), "[0-9a-f]{64}").Select(m => m.Value).Distinct()];
        Assert.Equal(named.Order(), reachable.Select(b => b.Hex).Order());
    }

    [Fact]
    public void EveryPropertyThatCanNameABlobIsFilledHere()
    {
        foreach (object state in new object[] { Study(), Supernet(), Solver() })
            foreach (var property in state.GetType().GetProperties().Where(p => p.Name != "Data")   // the identity of images, under which nothing is stored
                .Where(p => p.PropertyType == typeof(BlobId?) || p.PropertyType == typeof(ValueList<BlobId>) || p.PropertyType == typeof(ValueList<EvaluationCheckpoint>) || p.PropertyType == typeof(ValueList<TrainedTrial>)))
                Assert.False(property.GetValue(state) is null or ValueList<BlobId> { Count: 0 } or ValueList<EvaluationCheckpoint> { Count: 0 } or ValueList<TrainedTrial> { Count: 0 }, $"{state.GetType().Name}.{property.Name} is empty: give it a blob, and name it in the rules");
    }

    [Fact]
    public void TheFilesOfKnownDataSetsAreReachable()
        => Assert.Contains(new BlobId(DataCatalog.Default.Find("fashion-mnist").Files[0].Sha256), Reachable.Of([], [], [], DataCatalog.Default));

    [Fact]
    public void AnEmptyStateNamesNothing() => Assert.Empty(Reachable.Of([new StudyState()], [new SupernetState()], [new AdmmSolverState()], new DataCatalog()));
}
