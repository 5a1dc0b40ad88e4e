using Hone.Contracts;
using Hone.Silo.Hosting;
using Hone.Silo.Web.Api;
using Hone.Silo.Web.Page;
using Hone.Silo.Web.Security;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Orleans.Dashboard;

namespace Hone.Silo.Web;

/// <summary>The silo's HTTP side: the API, its document, the dashboard, and what guards them. A silo that only computes serves none of it.</summary>
internal static class WebApi
{
    private const int MostConnections = 1_000;   // a page holds one or two

    public static bool IsServed(SiloOptions options) => options.Role != Role.Worker;

    /// <summary>Adds what the API needs; refuses to serve other machines without TLS.</summary>
    /// <exception cref="Hone.Model.SpecException">The addresses and TLS files do not go together.</exception>
    public static void Add(WebApplicationBuilder builder, SiloOptions options)
    {
        IReadOnlyList<string> urls = ApiAddress.Checked(options);
        ApiCertificate? tls = options.TlsCert is { } certificate ? new ApiCertificate(certificate, options.TlsKey!, TimeProvider.System) : null;
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = RequestBody.MostDropped;
            kestrel.Limits.MaxConcurrentConnections = MostConnections;
            if (tls is not null)
                kestrel.ConfigureHttpsDefaults(https =>
                {
                    https.ServerCertificate = tls.Current().TargetCertificate;
                    https.OnAuthenticate = (_, options) => options.ServerCertificateContext = tls.Current();
                });
        });
        builder.Services.AddSingleton<RunToken>().AddSingleton<TokenBook>().AddSingleton<FailureLimit>().AddSingleton<StudyDoor>().AddSingleton<ClusterMembers>()
            .AddSingleton(new AllowedHosts(urls, tls?.Names ?? []))
            .Configure<RouteHandlerOptions>(o => o.ThrowOnBadRequest = true)
            .ConfigureHttpJsonOptions(o =>
            {
                foreach (var converter in ApiJson.Options.Converters) o.SerializerOptions.Converters.Add(converter);
                o.SerializerOptions.TypeInfoResolver = ApiDocument.Shapes;
            })
            .AddOpenApi("v1");
        builder.Services.AddAuthentication(TokenHandler.Name).AddScheme<AuthenticationSchemeOptions, TokenHandler>(TokenHandler.Name, null);
        AuthorizationBuilder policies = builder.Services.AddAuthorizationBuilder();
        foreach (Access access in Enum.GetValues<Access>())
            if (AccessPolicy.Role(access) is { } role)
                policies.AddPolicy(AccessPolicy.Of(access), policy => policy.RequireAuthenticatedUser().RequireAssertion(c =>
                    TokenHandler.GrantOf(c.User) is { } grant && (grant.Includes(role) || (access == Access.Node && AccessPolicy.Speaks(grant, c.Resource as HttpContext)))));
        policies.SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAssertion(c => c.Resource is HttpContext http && http.GetEndpoint() is not RouteEndpoint).Build());   // a route that carries no policy is nobody's
    }

    /// <summary>Puts the guards in front and the routes behind them.</summary>
    public static void Map(WebApplication app)
    {
        app.UseMiddleware<SecurityHeaders>();
        app.UseMiddleware<Problems>();
        app.UseMiddleware<SameOrigin>();
        app.UsePage();
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        RouteGroupBuilder all = app.MapGroup("").WithTableAccess(), api = all.MapGroup("/api/v1");
        StudyRoutes.Map(api);
        TrialRoutes.Map(api);
        AnalysisRoutes.Map(api);
        BlobRoutes.Map(api);
        BlobStoreRoutes.Map(api);
        ClusterRoutes.Map(api);
        DeviceRoutes.Map(api);
        TokenRoutes.Map(api);
        SessionRoutes.Map(api);
        all.MapOpenApi(ApiDocument.Path);
        all.MapGroup("").ExcludeFromDescription().MapOrleansDashboard(RouteAccess.Dashboard);
    }
}
