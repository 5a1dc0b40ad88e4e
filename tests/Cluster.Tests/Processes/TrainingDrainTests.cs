using Hone.Cluster.Tests.Running;
using Hone.Contracts;
using Hone.Model;
using SkiaSharp;

namespace Hone.Cluster.Tests.Processes;

/// <summary>A worker that is asked to end while it trains, as Kubernetes does: nothing is trained twice.</summary>
[Collection(ProcessTests.Name)]
public sealed class TrainingDrainTests(ProcessCluster cluster)
{
    private const int Side = 12, Classes = 3, Images = 120;

    /// <summary>Some minutes of training where nobody stops it, and next to nothing to search.</summary>
    private static string Spec(string data) => StudyJson.Canonical(System.Text.Json.Nodes.JsonNode.Parse(
        $$"""{"study":"training-drained","method":"quasar-vit","data":{"name":"image-folder","path":"{{data}}","train":48},"model":{"side":{{Side}},"patch":4,"channels":1,"classes":{{Classes}},"widths":[16,32],"depths":[1,2],"heads":[1,2],"expansions":[1,2]},"devices":["zcu102-eighth"],"objectives":[{"metric":"accuracy"},{"metric":"latency_ms"}],"search":{"population":4,"window":2},"budget":{"trials":8},"training":{"epochs":3000,"batch":16,"threads":1,"crop":1,"search_images":12,"validation_images":24},"finish":{"members":2,"rank_images":24},"seed":5}""")!);

    // A grey level for each class.
    private static string Pictures(string folder)
    {
        foreach (string part in new[] { "train", "test" })
            for (int i = 0; i < Images; i++)
            {
                using var bitmap = new SKBitmap(Side, Side, SKColorType.Gray8, SKAlphaType.Opaque);
                byte level = (byte)(60 * (i % Classes) + i % 50);
                bitmap.Erase(new SKColor(level, level, level));
                using FileStream file = File.Create(Path.Combine(Directory.CreateDirectory(Path.Combine(folder, part, $"class{i % Classes}")).FullName, $"{i}.png"));
                bitmap.Encode(file, SKEncodedImageFormat.Png, 100);
            }
        return folder;
    }

    [Fact]
    public async Task AnotherWorkerGoesOnAtTheStepAtWhichTheDrainedOneStopped()
    {
        using var scratch = new Scratch();
        await cluster.Complete();
        string spec = Spec(Pictures(Path.Combine(scratch.Folder, "pictures")));
        StudyStatus submitted = await cluster.Comes(g => g.GetGrain<IStudyGrain>("training-drained").Submit(spec), _ => true);
        Assert.Null(submitted.Error);
        await cluster.Comes(g => g.GetGrain<IStudyGrain>("training-drained").Status(), s => s.Progress is { Step: > 300 });
        QueueStatus queue = await cluster.Comes(g => g.GetGrain<IJobQueueGrain>("cpu").Status(), s => s.Leased == 1);
        string holder = queue.Working.Single(s => s.Holds is not null).Name;
        int trains = Array.FindIndex(cluster.Workers, w => holder.Contains($"/{w.Id}/", StringComparison.Ordinal));
        long before = (await cluster.Comes(g => g.GetGrain<IStudyGrain>("training-drained").Status(), _ => true)).Progress!.Step;

        Assert.Equal(0, await cluster.Workers[trains].Terminate(TimeSpan.FromSeconds(12)));
        await cluster.Comes(g => g.GetGrain<IJobQueueGrain>("cpu").Status(), s => s.Working.Any(w => w.Holds is not null && w.Name != holder));
        List<long> steps = [];
        while (steps.Count < 20 || (steps[^1] == before && steps.Count < 600))
        {
            steps.Add((await cluster.Comes(g => g.GetGrain<IStudyGrain>("training-drained").Status(), _ => true)).Progress!.Step);
            await Task.Delay(100);
        }
        Assert.True(steps.Min() >= before && steps[^1] > before, $"training stood at step {before} when its worker was asked to end, and then at {string.Join(", ", steps)}");
        await cluster.Comes(g => g.GetGrain<IStudyGrain>("training-drained").Pause(), s => s.Phase == StudyPhase.Paused);
        cluster.StartWorker(trains);
    }
}
