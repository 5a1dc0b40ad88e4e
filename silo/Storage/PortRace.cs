namespace Hone.Silo.Storage;

/// <summary>A port that is found free is nobody's until it is listened on: two silos that start together may find the same.</summary>
internal static class PortRace
{
    private const int MostStarts = 5;

    /// <summary>Starts on the ports that are found; on others when it failed and one of them is taken now, since that is why.</summary>
    /// <param name="find">Ports that are free.</param>
    /// <param name="areFree">Whether they still are.</param>
    /// <param name="start">Holds nothing any more when it fails.</param>
    public static async Task<T> Start<TPorts, T>(Func<TPorts> find, Func<TPorts, bool> areFree, Func<TPorts, Task<T>> start)
    {
        for (int starts = 1; ; starts++)
        {
            TPorts ports = find();
            try
            {
                return await start(ports);
            }
            catch (Exception) when (starts < MostStarts && !areFree(ports))
            {
            }
        }
    }
}
