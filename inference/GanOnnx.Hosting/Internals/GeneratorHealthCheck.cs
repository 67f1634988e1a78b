using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace GanOnnx.Hosting.Internals;

/// <summary>Makes an image; what goes wrong is thrown, and the caller turns it into a result.</summary>
internal sealed class GeneratorHealthCheck(IServiceProvider services, string? key) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.Run(() => Check(cancellationToken), cancellationToken);

    private HealthCheckResult Check(CancellationToken cancellation)
    {
        var generator = GeneratorLoader.Get(services, key);
        GeneratorLoader.Try(generator, cancellation);
        var data = new Dictionary<string, object>
        {
            ["model"] = generator.Model.Name,
            ["sha256"] = generator.Model.Sha256,
            ["provider"] = generator.Provider,
        };
        return generator.Notice is { } notice
            ? HealthCheckResult.Degraded(notice, data: data)
            : HealthCheckResult.Healthy($"'{generator.Model.Name}' makes images on {generator.Provider}.", data);
    }
}
