using System.Net;
using GanOnnx.AspNetCore;
using GanOnnx.AspNetCore.Models;
using GanOnnx.Server.Grpc;
using GanOnnx.Server.Http;
using GanOnnx.Server.Jobs;
using GanOnnx.Server.Keys;
using GanOnnx.Server.Verification;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Prometheus;
using Scalar.AspNetCore;

namespace GanOnnx.Server;

/// <summary>The server: models' endpoints, with keys, limits, TLS, gRPC, a log and metrics around them. Nothing of it comes from files or
/// variables that happen to be there, but OTEL_*.</summary>
internal sealed class Server : IAsyncDisposable
{
    // A prompt of as many characters as there may be, three bytes each, escaped.
    private const int LongestRequestLine = 16 << 10;

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private readonly WebApplication _app;

    private Server(WebApplication app) => _app = app;

    public IServiceProvider Services => _app.Services;

    /// <summary>Where it listens.</summary>
    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>Loads the models and begins to listen.</summary>
    /// <exception cref="Inference.ModelException">A model can't be loaded.</exception>
    /// <exception cref="IOException">The port is in use.</exception>
    public static async Task<Server> Start(ServerOptions options, CancellationToken stop = default, Action<ILoggingBuilder>? log = null)
    {
        Telemetry.Start();
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => Configure(kestrel, options));
        builder.Logging.SetMinimumLevel(LogLevel.Information).AddFilter("Microsoft", LogLevel.Warning)
            // What keeps it from starting is told by the command, in a sentence.
            .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None)
            // While this one may be heard, each request gets an activity and a scope that nobody looks at.
            .AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None)
            // What is wrong with a message is told to who sent it.
            .AddFilter("Grpc", LogLevel.None);
        if (log is not null)
            log(builder.Logging);
        else
            builder.Services.AddSingleton<ILoggerProvider>(_ =>
                new LineLog(options.LogsJson ? CommandLine.Terminal.Drawing : Console.Error, options.LogsJson));
        AddServices(builder.Services, options);
        Telemetry.Add(builder);

        var app = builder.Build();
        var server = new Server(app);
        try
        {
            Map(app, options);
            await app.StartAsync(stop).ConfigureAwait(false);
            return server;
        }
        catch
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Ends it: what runs is finished first, within half a minute.</summary>
    public async Task Stop()
    {
        _app.Services.GetRequiredService<ModelCatalog>().IsReady = false;
        using var patience = new CancellationTokenSource(_patience);
        await _app.StopAsync(patience.Token).ConfigureAwait(false);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static void Configure(KestrelServerOptions kestrel, ServerOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = options.MaxBodySize;
        kestrel.Limits.MaxRequestLineSize = LongestRequestLine;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        kestrel.Listen(options.Host, options.Port, Secure);
        if (options.GrpcPort is { } grpc)
            kestrel.Listen(options.Host, grpc, listen =>
            {
                // Without TLS nothing tells the two apart.
                listen.Protocols = HttpProtocols.Http2;
                Secure(listen);
            });

        void Secure(ListenOptions listen)
        {
            if (options.Certificate is { } certificate)
                listen.UseHttps(certificate);
        }
    }

    private static void AddServices(IServiceCollection services, ServerOptions options)
    {
        services.AddSingleton<IHostLifetime, CommandLifetime>();
        services.Configure<HostOptions>(host => host.ShutdownTimeout = _patience);
        services.AddRoutingCore();
        services.AddGanOnnx(options.Models);
        services.AddSingleton<VerifyEndpoint.PictureChecks>();
        if (options.JobsFolder is { } jobs)
            services.AddSingleton(provider => new JobStore(jobs, provider.GetRequiredService<ILogger<JobStore>>()))
                .AddHostedService<JobRunner>();
        if (!options.Keys.IsEmpty)
            AddKeys(services, options.Keys);
        services.AddOpenApi(document => document.AddDocumentTransformer((api, _, _) =>
        {
            (api.Info.Title, api.Info.Version) = ("GanOnnx", "1");
            return Task.CompletedTask;
        }));
        if (options.GrpcPort is not null)
            services.AddGrpc(grpc =>
            {
                (grpc.MaxReceiveMessageSize, grpc.MaxSendMessageSize) = ((int)options.MaxBodySize, null);
                // What our methods throw says what it should; the rest is what is wrong with a message.
                grpc.EnableDetailedErrors = true;
            });
        if (options.RequestsPerMinute is { } rate)
            services.AddRateLimiter(limiter => Limits.Configure(limiter, rate));
        if (options.Origins.Count > 0)
            services.AddCors(cors => cors.AddDefaultPolicy(policy =>
                policy.WithOrigins([.. options.Origins]).WithMethods("GET", "POST", "DELETE").WithHeaders("Authorization", "Content-Type")));
        if (HostsOf(options) is { Length: > 0 } hosts)
            services.AddHostFiltering(filtering => (filtering.AllowedHosts, filtering.IncludeFailureMessage) = (hosts, false));
        services.Configure<ForwardedHeadersOptions>(forwarded =>
        {
            forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost;
            forwarded.KnownIPNetworks.Clear();
            forwarded.KnownProxies.Clear();
            foreach (var proxy in options.Proxies)
                forwarded.KnownProxies.Add(proxy);
        });
    }

    private static void AddKeys(IServiceCollection services, ApiKeys keys)
    {
        // Not AddAuthentication, which writes keys for cookies into the user's home.
        services.AddAuthenticationCore(schemes =>
        {
            schemes.DefaultScheme = KeyAuthentication.Name;
            schemes.AddScheme<KeyAuthentication>(KeyAuthentication.Name, null);
        }).AddWebEncoders();
        services.AddSingleton(keys).AddSingleton(TimeProvider.System).AddTransient<KeyAuthentication>();
        services.AddAuthorization();
    }

    // Where everybody on this machine may ask, a page of another site could by a name of its own that leads here.
    private static string[] HostsOf(ServerOptions options) =>
        IPAddress.IsLoopback(options.Host) && options.Keys.IsEmpty && options.Proxies.Count == 0 ? ["localhost", "127.0.0.1", "[::1]"] : [];

    private static void Map(WebApplication app, ServerOptions options)
    {
        if (options.Proxies.Count > 0)
            app.UseForwardedHeaders();
        app.UseMiddleware<Outermost>();
        if (HostsOf(options).Length > 0)
            app.UseHostFiltering();
        app.UseRouting();
        if (options.Origins.Count > 0)
            app.UseCors();
        app.UseMiddleware<OtherSites>(options.Origins);
        if (!options.Keys.IsEmpty)
            app.UseAuthentication();
        if (options.RequestsPerMinute is not null)
            app.UseRateLimiter();
        if (!options.Keys.IsEmpty)
            app.UseAuthorization();

        var catalog = app.Services.GetRequiredService<ModelCatalog>();
        var health = app.MapGroup("/healthz").WithTags("Operation").AllowAnonymous();
        health.MapGet("/live", () => Results.Text("live")).WithSummary("It runs.");
        health.MapGet("/ready", () => catalog.IsReady ? Results.Text("ready")
            : Results.Text("not ready", statusCode: StatusCodes.Status503ServiceUnavailable)).WithSummary("The models are loaded.");
        app.MapOpenApi().AllowAnonymous();
        // Nothing of it asks another host.
        app.MapScalarApiReference("/docs", scalar => scalar.WithTitle("GanOnnx").DisableDefaultFonts().DisableTelemetry().DisableAgent()
            .HideDeveloperTools()).AllowAnonymous();
        List<IEndpointConventionBuilder> calls = [app.MapGanOnnx(), VerifyEndpoint.Map(app), app.MapMetrics().ExcludeFromDescription()];
        if (options.JobsFolder is not null)
            calls.Add(JobEndpoints.Map(app));
        if (options.GrpcPort is { } port)
            calls.Add(app.MapGrpcService<InferenceService>().RequireHost($"*:{port}"));
        if (!options.Keys.IsEmpty)
            calls.ForEach(call => call.RequireAuthorization());
    }

    /// <summary>The command line listens to signals, not the host.</summary>
    private sealed class CommandLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
