using Hone.Model;

namespace Hone.Contracts.Tls;

/// <summary>
/// The identity of the moment: the files are looked at before each handshake and read again when they changed, so that certificates are replaced without a restart.
/// While a replacement is half done, and the files do not fit together, the last identity that was whole stays.
/// </summary>
public sealed class ClusterCertificates
{
    private readonly TlsFiles _files;
    private readonly Lock _gate = new();
    private TlsIdentity _identity;
    private string _stamp;

    /// <exception cref="HoneException">The files do not make an identity.</exception>
    public ClusterCertificates(TlsFiles files)
    {
        _files = files;
        _stamp = Stamp();
        _identity = TlsIdentity.Read(files);
    }

    /// <summary>Why the files as they are now were not taken; null when they were.</summary>
    public string? Problem { get; private set; }

    public TlsIdentity Current
    {
        get
        {
            lock (_gate)
            {
                string stamp = Stamp();
                if (stamp == _stamp) return _identity;
                try
                {
                    (_identity, Problem) = (TlsIdentity.Read(_files), null);
                    _stamp = stamp;
                }
                catch (Exception e) when (e is HoneException or IOException or UnauthorizedAccessException)
                {
                    Problem = e.Message;   // looked at again at the next handshake
                }
                return _identity;
            }
        }
    }

    private string Stamp() => string.Join('|', new[] { _files.Certificate, _files.Key, _files.Authority }.Select(f => new FileInfo(f) is { Exists: true } file
        ? $"{(file.ResolveLinkTarget(returnFinalTarget: true) ?? file).FullName} {file.LastWriteTimeUtc.Ticks} {file.Length}" : "none"));   // Kubernetes replaces a link
}
