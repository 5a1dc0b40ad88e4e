namespace Hone.Silo.Telemetry;

/// <summary>Whether a silo may be sent work: Orleans takes part in the cluster, the store answers, and it is not about to stop.</summary>
internal sealed class Readiness(ISiloStatusOracle silo, StoreProbe store, IHostApplicationLifetime lifetime)
{
    /// <summary>Null when it is ready; else why it is not, in one line.</summary>
    public async Task<string?> Missing()
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested) return "expected a silo that stays, it is stopping";
        if (!lifetime.ApplicationStarted.IsCancellationRequested || silo.CurrentStatus != SiloStatus.Active) return $"expected an active silo, it is {silo.CurrentStatus.ToString().ToLowerInvariant()}";
        return await store.Missing();
    }
}
