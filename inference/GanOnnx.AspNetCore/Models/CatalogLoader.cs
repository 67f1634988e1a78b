using GanOnnx.Inference;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace GanOnnx.AspNetCore.Models;

/// <summary>Loads the models when the host starts.</summary>
internal sealed partial class CatalogLoader(ModelCatalog catalog, IOptions<GanOnnxOptions> options, ILogger<CatalogLoader> logger)
    : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.Run(() => Load(cancellationToken), cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Load(CancellationToken stop)
    {
        foreach (var served in options.Value.Models)
        {
            var model = LoadedModel.Load(served, options.Value, stop);
            if (catalog.All.Any(other => other.Name == model.Name))
            {
                model.Return();
                throw Errors.NameTwice(model.Name);
            }
            catalog.Put(model);
            LogLoaded(logger, model.Name, model.Provider);
            if (model.Notice is { } notice)
                LogNotice(logger, notice);
        }
        catalog.IsReady = true;
    }

    [LoggerMessage(LogLevel.Information, "Loaded {Model} on {Provider}.")]
    private static partial void LogLoaded(ILogger logger, string model, string provider);

    [LoggerMessage(LogLevel.Warning, "{Notice}")]
    private static partial void LogNotice(ILogger logger, string notice);
}
