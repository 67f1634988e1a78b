using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace GanOnnx.Hosting.Internals;

/// <summary>Makes the model's path a full one: an app may be started in any folder.</summary>
internal sealed class ModelPath(IServiceProvider services) : IPostConfigureOptions<ImageGeneratorSettings>
{
    public void PostConfigure(string? name, ImageGeneratorSettings settings)
    {
        if (!string.IsNullOrWhiteSpace(settings.Model))
            settings.Model = Path.GetFullPath(settings.Model,
                services.GetService<IHostEnvironment>()?.ContentRootPath ?? Environment.CurrentDirectory);
    }
}
