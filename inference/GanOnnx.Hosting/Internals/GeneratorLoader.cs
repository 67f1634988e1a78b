using GanOnnx.Inference;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace GanOnnx.Hosting.Internals;

/// <summary>Loads an app's generator; as a hosted service, when the app starts.</summary>
internal sealed partial class GeneratorLoader(IServiceProvider services, string? key) : IHostedService
{
    public static ImageGenerator Load(IServiceProvider services, string? key)
    {
        var settings = Settings(services, key);
        var generator = ImageGenerator.Load(settings.Model, settings.Generator);
        var logger = services.GetService<ILoggerFactory>()?.CreateLogger<ImageGenerator>() ?? NullLogger<ImageGenerator>.Instance;
        LogLoaded(logger, generator.Model.Path, generator.Provider);
        if (generator.Notice is { } notice)
            LogNotice(logger, notice);
        return generator;
    }

    public static ImageGenerator Get(IServiceProvider services, string? key) =>
        key is null ? services.GetRequiredService<ImageGenerator>() : services.GetRequiredKeyedService<ImageGenerator>(key);

    /// <summary>Makes an image, whatever the model is.</summary>
    public static void Try(ImageGenerator generator, CancellationToken cancellation) =>
        generator.Generate(1, label: generator.Model.IsConditional ? 0 : null, cancellation: cancellation);

    // Loading takes seconds for a large model on a GPU; other hosted services and the start's cancellation needn't wait for it.
    public Task StartAsync(CancellationToken cancellation) =>
        Settings(services, key).LoadAtStart ? Task.Run(() => Try(Get(services, key), cancellation), cancellation) : Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellation) => Task.CompletedTask;

    private static ImageGeneratorSettings Settings(IServiceProvider services, string? key) =>
        services.GetRequiredService<IOptionsMonitor<ImageGeneratorSettings>>().Get(key ?? Options.DefaultName);

    [LoggerMessage(LogLevel.Information, "Loaded {Model} on {Provider}.")]
    private static partial void LogLoaded(ILogger logger, string model, string provider);

    [LoggerMessage(LogLevel.Warning, "{Notice}")]
    private static partial void LogNotice(ILogger logger, string notice);
}
