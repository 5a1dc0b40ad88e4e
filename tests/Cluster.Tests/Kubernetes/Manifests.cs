using System.Collections.Concurrent;
using k8s;
using k8s.Models;

namespace Hone.Cluster.Tests.Kubernetes;

/// <summary>An overlay as objects of the typed models; a field that they do not have is an error.</summary>
internal sealed class Manifests
{
    private static readonly ConcurrentDictionary<string, Manifests> Rendered = new(StringComparer.Ordinal);

    private Manifests(string overlay) => All = Parse(Kubectl.Render(overlay));

    public IReadOnlyList<object> All { get; }

    public static Manifests Of(string overlay) => Rendered.GetOrAdd(overlay, name => new Manifests(name));

    /// <exception cref="YamlDotNet.Core.YamlException">A field that the model has not, or has as something else.</exception>
    public static List<object> Parse(string yaml) => KubernetesYaml.LoadAllFromString(yaml, strict: true);

    public IEnumerable<T> Kind<T>() => All.OfType<T>();

    /// <summary>Pods as their controllers make them, by the controller's name.</summary>
    public IEnumerable<(string Name, V1PodTemplateSpec Template)> Pods => Kind<V1Deployment>().Select(d => (d.Metadata.Name, d.Spec.Template))
        .Concat(Kind<V1StatefulSet>().Select(s => (s.Metadata.Name, s.Spec.Template))).Concat(Kind<V1DaemonSet>().Select(s => (s.Metadata.Name, s.Spec.Template)));

    public IEnumerable<(string Name, V1PodTemplateSpec Template)> Silos => Pods.Where(p => p.Template.Metadata.Labels.ContainsKey("hone/silo"));

    public static IEnumerable<V1Container> Containers(V1PodTemplateSpec pod) => pod.Spec.Containers.Concat(pod.Spec.InitContainers ?? []);
}
