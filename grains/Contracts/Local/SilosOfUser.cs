using System.Globalization;

namespace Hone.Contracts;

/// <summary>
/// Where the silos of this user run on this machine: a file for each port of their HTTP interface that names the data folder, in a folder of the user's alone. A command that knows
/// no more than an address on loopback finds the token of that run through it. It holds no secret; where it cannot be written, commands are told the data folder or a token.
/// </summary>
public static class SilosOfUser
{
    private static string Folder => Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "hone", "silos");

    /// <summary>A silo answers there, from now until <see cref="Leave"/>.</summary>
    public static void Enter(int port, string dataFolder)
    {
        try
        {
            ClusterAddress.MakeFolder(Folder);
            File.WriteAllText(At(port), Path.GetFullPath(dataFolder));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // a convenience: everything else works without
        }
    }

    public static void Leave(int port)
    {
        try
        {
            File.Delete(At(port));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // the next silo on that port writes its own
        }
    }

    /// <summary>The data folder of the silo that answers there, as far as is known; null: none is. What a killed silo left behind may name a folder that has another now.</summary>
    public static string? DataFolder(int port)
    {
        try
        {
            return File.Exists(At(port)) ? File.ReadAllText(At(port)).Trim() : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string At(int port) => Path.Combine(Folder, port.ToString(CultureInfo.InvariantCulture));
}
