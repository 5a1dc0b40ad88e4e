using System.Security.Cryptography;
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
                try
                {
                    string stamp = Stamp();
                    if (stamp == _stamp) return _identity;
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

    // By content: a copy may carry the time and the length of what it replaces, and Kubernetes replaces a link.
    private string Stamp() => string.Join('|', new[] { _files.Certificate, _files.Key, _files.Authority }.Select(Stamp));

    private static string Stamp(string file)
    {
        try
        {
            return Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.GetType().Name;   // reading it says what is wrong with it
        }
    }
}
