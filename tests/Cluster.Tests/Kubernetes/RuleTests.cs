using k8s.Models;

namespace Hone.Cluster.Tests.Kubernetes;

/// <summary>What holds for every pod of every overlay.</summary>
public class RuleTests
{
    private static readonly string[] External = ["hone-redis", "hone-cluster-tls", "hone-api-tls", "hone-s3", "hone-device-token"];

    public static TheoryData<string> Overlays => [.. Kubectl.Overlays];

    [Theory]
    [MemberData(nameof(Overlays))]
    public void EveryContainerIsHarmlessAndSaysWhatItNeeds(string overlay)
    {
        foreach (var (name, pod) in Manifests.Of(overlay).Pods)
        {
            Assert.True(pod.Spec.SecurityContext.RunAsNonRoot, name);
            Assert.InRange(pod.Spec.SecurityContext.RunAsUser!.Value, 1, long.MaxValue);
            Assert.Equal("RuntimeDefault", pod.Spec.SecurityContext.SeccompProfile.Type);
            Assert.False(pod.Spec.AutomountServiceAccountToken, name);
            Assert.True(pod.Spec.HostNetwork is not true && pod.Spec.HostPID is not true && pod.Spec.HostIPC is not true, name);
            Assert.DoesNotContain(pod.Spec.Volumes, v => v.HostPath is not null);
            foreach (V1Container container in Manifests.Containers(pod))
            {
                Assert.True(container.SecurityContext.ReadOnlyRootFilesystem, name);
                Assert.False(container.SecurityContext.AllowPrivilegeEscalation, name);
                Assert.Equal(["ALL"], container.SecurityContext.Capabilities.Drop);
                Assert.Null(container.SecurityContext.Capabilities.Add);
                Assert.Contains("cpu", container.Resources.Requests.Keys);
                Assert.Contains("memory", container.Resources.Requests.Keys);
                Assert.Contains("memory", container.Resources.Limits.Keys);
                Assert.Matches(@"^[a-z0-9./-]+:\d+\.\d+", container.Image);   // a version, never whatever is latest
            }
        }
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public void EveryContainerIsProbedAndAliveMeansThisProcessAlone(string overlay)
    {
        foreach (var (name, pod) in Manifests.Of(overlay).Pods)
            foreach (V1Container container in pod.Spec.Containers)
            {
                Assert.True(container.StartupProbe is not null && container.ReadinessProbe is not null && container.LivenessProbe is not null, name);
                if (!pod.Metadata.Labels.ContainsKey("hone/silo")) continue;
                Assert.Equal(("/health/live", "/health/live", "/health/ready"), (container.StartupProbe.HttpGet.Path, container.LivenessProbe.HttpGet.Path, container.ReadinessProbe.HttpGet.Path));
                int port = container.Ports.Single(p => p.Name == "health").ContainerPort;
                Assert.Contains($"--health-urls=http://0.0.0.0:{port}", container.Args);
                Assert.Equal($"{port}", pod.Metadata.Annotations["prometheus.io/port"]);
            }
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public void ASiloIsGivenMoreTimeToGoThanItTakes(string overlay)
    {
        foreach (var (name, pod) in Manifests.Of(overlay).Silos)
        {
            V1Container silo = pod.Spec.Containers.Single();
            string grace = silo.Args.Single(a => a.StartsWith("--grace=", StringComparison.Ordinal));
            long drain = int.Parse(grace["--grace=".Length..], System.Globalization.CultureInfo.InvariantCulture) + (silo.Lifecycle?.PreStop?.Sleep?.Seconds ?? 0);
            Assert.True(pod.Spec.TerminationGracePeriodSeconds >= drain + 5, $"{name}: {pod.Spec.TerminationGracePeriodSeconds} s for {drain} s");
        }
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public void WhatIsReferredToIsThereOrIsDocumentedAsMadeElsewhere(string overlay)
    {
        Manifests all = Manifests.Of(overlay);
        string readme = File.ReadAllText(Path.Combine(Kubectl.Folder, "README.md"));
        Assert.Empty(all.Kind<V1Secret>());
        foreach (var (name, pod) in all.Pods)
        {
            V1PodSpec spec = pod.Spec;
            Assert.Contains(all.Kind<V1ServiceAccount>(), a => a.Metadata.Name == spec.ServiceAccountName);
            V1EnvVarSource[] env = [.. Manifests.Containers(pod).SelectMany(c => c.Env ?? []).Select(e => e.ValueFrom).Where(v => v is not null)];
            foreach (string secret in spec.Volumes.Select(v => v.Secret?.SecretName).Concat(env.Select(e => e.SecretKeyRef?.Name)).OfType<string>())
            {
                Assert.Contains(secret, External);
                Assert.Contains($"`{secret}`", readme);
            }
            foreach (V1ConfigMapKeySelector key in env.Select(e => e.ConfigMapKeyRef).OfType<V1ConfigMapKeySelector>())
                Assert.Contains(key.Key, all.Kind<V1ConfigMap>().Single(m => m.Metadata.Name == key.Name).Data.Keys);
            string[] claims = [.. all.Kind<V1PersistentVolumeClaim>().Select(c => c.Metadata.Name)];
            Assert.All(spec.Volumes.Select(v => v.PersistentVolumeClaim?.ClaimName).OfType<string>(), c => Assert.Contains(c, claims));
            string[] volumes = [.. spec.Volumes.Select(v => v.Name), .. all.Kind<V1StatefulSet>().Where(s => s.Metadata.Name == name).SelectMany(s => s.Spec.VolumeClaimTemplates ?? []).Select(c => c.Metadata.Name)];
            Assert.Equal(volumes.Order(), Manifests.Containers(pod).SelectMany(c => c.VolumeMounts).Select(m => m.Name).Distinct().Order());
        }
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public void NobodySpeaksToAnybodyUnlessAPolicySaysSo(string overlay)
    {
        Manifests all = Manifests.Of(overlay);
        V1NetworkPolicy[] policies = [.. all.Kind<V1NetworkPolicy>()];
        V1NetworkPolicySpec deny = policies.Single(p => p.Spec.Ingress is null && p.Spec.Egress is null).Spec;
        Assert.Equal(["Egress", "Ingress"], deny.PolicyTypes.Order());
        Assert.True(deny.PodSelector.MatchLabels is null or { Count: 0 } && deny.PodSelector.MatchExpressions is null or { Count: 0 });
        // Into the store and the silos' ports: silos alone.
        foreach (string port in new[] { "6379", "11111", "30000" })
            foreach (V1NetworkPolicyIngressRule rule in policies.SelectMany(p => p.Spec.Ingress ?? []).Where(r => r.Ports is null || r.Ports.Any(p => p.Port.ToString() == port)))
                Assert.Equal("hone/silo", Assert.Single(Assert.Single(rule.FromProperty).PodSelector.MatchLabels).Key);
        Assert.All(policies.SelectMany(p => p.Spec.Ingress ?? []), r => Assert.True(r.FromProperty is { Count: > 0 } && r.Ports is { Count: > 0 }));
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public void SelectorsFindTheirPods(string overlay)
    {
        Manifests all = Manifests.Of(overlay);
        IDictionary<string, string>[] selectors = [.. all.Kind<V1Service>().Select(s => s.Spec.Selector), .. all.Kind<V1PodDisruptionBudget>().Select(b => b.Spec.Selector.MatchLabels),
            .. all.Kind<V1NetworkPolicy>().Select(p => p.Spec.PodSelector.MatchLabels).Where(l => l is not null), .. all.Kind<V1Deployment>().Select(d => d.Spec.Selector.MatchLabels)];
        Assert.All(selectors, s => Assert.Contains(all.Pods, p => s.All(l => p.Template.Metadata.Labels.TryGetValue(l.Key, out string? value) && value == l.Value)));
        foreach (V1Service service in all.Kind<V1Service>())
            foreach (V1ServicePort port in service.Spec.Ports)
                Assert.Contains(all.Pods.Where(p => service.Spec.Selector.All(l => p.Template.Metadata.Labels.Contains(l))).SelectMany(p => p.Template.Spec.Containers).SelectMany(c => c.Ports), p => p.Name == port.TargetPort.ToString());
    }

    [Fact]
    public void AControlSiloStaysWhenNodesAreEmptiedAndWhenAVersionIsRolledOut()
    {
        foreach (string overlay in Kubectl.Overlays.Where(o => o != "overlays/dev"))
        {
            V1PodDisruptionBudget budget = Manifests.Of(overlay).Kind<V1PodDisruptionBudget>().Single(b => b.Metadata.Name == "hone-control");
            V1Deployment control = Manifests.Of(overlay).Kind<V1Deployment>().Single(d => d.Metadata.Name == "hone-control");
            Assert.Equal("1", budget.Spec.MinAvailable.ToString());
            Assert.True(control.Spec.Replicas > 1);
            Assert.Equal("0", control.Spec.Strategy.RollingUpdate.MaxUnavailable.ToString());
        }
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public void TheStoreForgetsNothing(string overlay)
    {
        V1StatefulSet redis = Manifests.Of(overlay).Kind<V1StatefulSet>().Single();
        string command = string.Join(' ', redis.Spec.Template.Spec.Containers.Single().Args);
        Assert.Contains("--appendonly yes", command);
        Assert.Contains("--maxmemory-policy noeviction", command);
        Assert.Equal("/data", redis.Spec.Template.Spec.Containers.Single().VolumeMounts.Single(m => m.Name == redis.Spec.VolumeClaimTemplates.Single().Metadata.Name).MountPath);
    }
}
