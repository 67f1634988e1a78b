using System.Collections;
using GanOnnx.Inference;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Prometheus;

namespace GanOnnx.Server.Http;

/// <summary>Metrics for Prometheus; and traces and metrics by OTLP, where the variables OTEL_* that OpenTelemetry specifies say
/// so.</summary>
internal static class Telemetry
{
    private static readonly string[] _meters =
        [InferenceTelemetry.MeterName, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel"];

    // One for the process. By itself it would begin at the first look, and what was before be lost.
    private static readonly Lazy<IDisposable> _prometheus = new(() =>
    {
        Prometheus.Metrics.SuppressDefaultMetrics(new() { SuppressMeters = true });
        return MeterAdapter.StartListening(new() { InstrumentFilterPredicate = instrument => _meters.Contains(instrument.Meter.Name) });
    });

    /// <summary>Begins to count.</summary>
    public static void Start() => _ = _prometheus.Value;

    public static void Add(WebApplicationBuilder builder)
    {
        var variables = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Where(variable => ((string)variable.Key).StartsWith("OTEL_", StringComparison.Ordinal))
            .ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value);
        if (variables.Count == 0)
            return;
        // Where OpenTelemetry looks for them in an app.
        builder.Configuration.AddInMemoryCollection(variables);
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("gan-serve").AddEnvironmentVariableDetector())
            .WithTracing(tracing => tracing.AddSource(InferenceTelemetry.ActivitySourceName, "Microsoft.AspNetCore").AddOtlpExporter())
            .WithMetrics(metrics => metrics.AddMeter(_meters).AddOtlpExporter());
    }
}
