using Microsoft.Extensions.DependencyInjection;
using Orleans.Placement;

namespace Hone.Grains.Placement;

/// <summary>Makes <see cref="ControlOnlyAttribute"/> work; every silo of a cluster must know it.</summary>
public static class PlacementRegistration
{
    public static IServiceCollection AddControlOnly(this IServiceCollection services) =>
        services.AddPlacementFilter<ControlOnly, ControlOnlyDirector>(ServiceLifetime.Singleton);
}
