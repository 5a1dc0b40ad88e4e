using System.Text.RegularExpressions;
using Hone.Silo.Hosting;
using k8s.Models;

namespace Hone.Cluster.Tests.Kubernetes;

/// <summary>The silos' arguments as the silo itself reads them.</summary>
public class CommandLineTests
{
    public static TheoryData<string> Overlays => [.. Kubectl.Overlays];

    /// <summary>$(NAME) as the kubelet puts it in, from the container's variables and the ConfigMap.</summary>
    private static string Expanded(Manifests all, V1Container container, string text) => Regex.Replace(text, @"\$\((\w+)\)", match =>
    {
        V1EnvVar variable = container.Env.Single(e => e.Name == match.Groups[1].Value);
        return variable.ValueFrom switch
        {
            null => Expanded(all, container, variable.Value),
            { ConfigMapKeyRef: { } key } => all.Kind<V1ConfigMap>().Single(m => m.Metadata.Name == key.Name).Data[key.Key],
            { FieldRef.FieldPath: "status.podIP" } => "10.1.2.3",
            _ => "secret",
        };
    });

    private static async Task<SiloOptions> Read(Manifests all, V1Container container)
    {
        SiloOptions? options = null;
        string[] arguments = [.. container.Args.Select(a => Expanded(all, container, a))];
        int code = await SiloOptions.Run(arguments, (parsed, _) =>
        {
            options = parsed;
            return Task.FromResult(0);
        });
        Assert.True(code == 0, $"the silo refuses {string.Join(' ', arguments)}");
        return options!;
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task TheSiloTakesEveryArgument(string overlay)
    {
        Manifests all = Manifests.Of(overlay);
        foreach (var (name, pod) in all.Silos)
        {
            V1Container container = pod.Spec.Containers.Single();
            SiloOptions options = await Read(all, container);
            Assert.Equal(name == "hone-worker" ? Role.Worker : Role.Control, options.Role);
            Assert.Equal(name == "hone-worker", options.HasSlots);
            Assert.Equal(all.Kind<V1Service>().Single(s => s.Metadata.Name == "hone-redis").Spec.Ports.Single().Port, int.Parse(options.Redis!.Split(':')[1]));
            Assert.NotNull(options.BlobStore.Quota);
            Assert.Equal(overlay == "overlays/s3", options.Bucket is not null);
            // What it writes lies on a volume, and its files are where they are mounted.
            string[] mounts = [.. container.VolumeMounts.Select(m => m.MountPath)];
            foreach (string file in container.Args.Select(a => Expanded(all, container, a[(a.IndexOf('=', StringComparison.Ordinal) + 1)..])).Where(a => a.StartsWith('/')))
                Assert.Contains(mounts, m => file == m || file.StartsWith(m + "/", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task AMisspeltArgumentIsFound()
    {
        Manifests all = Manifests.Of("base");
        V1Container container = all.Silos.First().Template.Spec.Containers.Single();
        Assert.Equal(2, await SiloOptions.Run([.. container.Args.Select(a => Expanded(all, container, a).Replace("--blobs", "--blosb", StringComparison.Ordinal))], (_, _) => Task.FromResult(0)));
    }

    [Theory]
    [InlineData("--blob-quota=much")]
    [InlineData("--blob-quota=0GiB")]
    [InlineData("--blob-cache=-1")]
    [InlineData("--blob-age=30m")]
    [InlineData("--blob-age=0.5h")]
    public async Task ASizeOrAnAgeThatIsNoneIsAUsageError(string argument) => Assert.Equal(2, await SiloOptions.Run([argument], (_, _) => Task.FromResult(0)));

    [Fact]
    public async Task SizesAndAgesAreReadAsPeopleWriteThem()
    {
        SiloOptions? options = null;
        await SiloOptions.Run(["--blob-quota=50GiB", "--blob-age=7d"], (parsed, _) =>
        {
            options = parsed;
            return Task.FromResult(0);
        });
        Assert.Equal((50L << 30, 10L << 30, TimeSpan.FromDays(7)), (options!.BlobStore.Quota, options.BlobStore.Cache, options.BlobStore.Age));
    }
}
