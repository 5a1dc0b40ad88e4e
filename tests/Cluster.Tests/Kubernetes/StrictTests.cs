using k8s.Models;

namespace Hone.Cluster.Tests.Kubernetes;

public class StrictTests
{
    public static TheoryData<string> Overlays => [.. Kubectl.Overlays];

    [Theory]
    [MemberData(nameof(Overlays))]
    public void EveryDocumentIsOneOfTheModelsToTheLastField(string overlay)
    {
        string yaml = Kubectl.Render(overlay);
        IReadOnlyList<object> all = Manifests.Parse(yaml);
        Assert.Equal(yaml.Split("\n---\n").Length, all.Count);
        Assert.InRange(all.Count, 15, 100);
        foreach (string kind in new[] { "Namespace", "ServiceAccount", "Role", "RoleBinding", "ConfigMap", "Service", "Deployment", "StatefulSet", "NetworkPolicy" })
            Assert.Contains(all, o => o.GetType().Name == $"V1{kind}");
    }

    [Fact]
    public void TheDashboardsAreConfigMaps() => Assert.All(Manifests.Parse(Kubectl.Render("dashboards")), o => Assert.NotEmpty(Assert.IsType<V1ConfigMap>(o).Data));

    [Theory]
    [InlineData("replicas: 2", "replicsa: 2")]
    [InlineData("readOnlyRootFilesystem: true", "readOnlyRootFileSystem: true")]
    [InlineData("terminationGracePeriodSeconds: 75", "terminationGracePeriodSeconds: a while")]
    [InlineData("drop:", "dorp:")]
    public void AFieldThatIsMisspeltOrOfAnotherTypeIsFound(string good, string bad)
    {
        string yaml = Kubectl.Render("base");
        Assert.Contains(good, yaml);
        Assert.ThrowsAny<Exception>(() => Manifests.Parse(yaml.Replace(good, bad, StringComparison.Ordinal)));
    }

    [Fact]
    public void TheOverlaysAreThoseThatTheReadmeNames()
    {
        string readme = File.ReadAllText(Path.Combine(Kubectl.Folder, "README.md"));
        foreach (string overlay in Kubectl.Overlays) Assert.Contains($"`{overlay}`", readme);
    }

    [Fact]
    public void EachOverlayDoesWhatItIsFor()
    {
        V1Deployment Worker(string overlay) => Manifests.Of(overlay).Kind<V1Deployment>().Single(d => d.Metadata.Name == "hone-worker");
        V1Container Silo(string overlay) => Worker(overlay).Spec.Template.Spec.Containers.Single();
        Assert.Equal("1", Silo("overlays/gpu").Resources.Limits["nvidia.com/gpu"].ToString());
        Assert.StartsWith("hone-worker-cuda:", Silo("overlays/gpu").Image);
        Assert.Equal("1", Manifests.Of("overlays/gpu").Kind<V1ConfigMap>().Single().Data["slots"]);   // a slot a GPU
        Assert.Null(Worker("overlays/autoscale").Spec.Replicas);
        V2HorizontalPodAutoscaler scaler = Manifests.Of("overlays/autoscale").Kind<V2HorizontalPodAutoscaler>().Single();
        Assert.Equal(("Deployment", "hone-worker"), (scaler.Spec.ScaleTargetRef.Kind, scaler.Spec.ScaleTargetRef.Name));
        Assert.Equal("hone_queue_depth", scaler.Spec.Metrics.Single().External.Metric.Name);
        Assert.StartsWith("s3://", Manifests.Of("overlays/s3").Kind<V1ConfigMap>().Single().Data["blobs"]);
        Assert.Empty(Manifests.Of("overlays/s3").Kind<V1PersistentVolumeClaim>());
        Assert.DoesNotContain(Manifests.Of("overlays/s3").Silos, s => s.Template.Spec.Volumes.Any(v => v.Name == "blobs"));
        Assert.All(Manifests.Of("overlays/s3").Silos, s => Assert.Contains(s.Template.Spec.Containers.Single().Env, e => e.Name == "AWS_SECRET_ACCESS_KEY" && e.ValueFrom.SecretKeyRef is not null));
        Assert.Equal("ReadWriteOnce", Manifests.Of("overlays/dev").Kind<V1PersistentVolumeClaim>().Single().Spec.AccessModes.Single());
        Assert.Equal("ReadWriteMany", Manifests.Of("base").Kind<V1PersistentVolumeClaim>().Single().Spec.AccessModes.Single());
    }
}
