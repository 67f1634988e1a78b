using GanOnnx.AspNetCore;
using GanOnnx.AspNetCore.Models;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Puts what serves models into an app's services.</summary>
public static class GanOnnxServiceCollectionExtensions
{
    /// <summary>
    /// Adds the models that <c>MapGanOnnx</c> has endpoints for. They are loaded when the host starts and closed with it; one that can't be
    /// loaded, or makes no image, ends the start with a <see cref="GanOnnx.Inference.ModelException"/>.
    /// </summary>
    /// <param name="services">The app's services.</param>
    /// <param name="configure">Which models, and limits.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddGanOnnx(this IServiceCollection services, Action<GanOnnxOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.AddOptions<GanOnnxOptions>().Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<GanOnnxOptions>, OptionsValidation>());
        services.TryAddSingleton<ModelCatalog>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, CatalogLoader>());
        return services;
    }

    private sealed class OptionsValidation : IValidateOptions<GanOnnxOptions>
    {
        public ValidateOptionsResult Validate(string? name, GanOnnxOptions options) =>
            options.Violations().ToArray() is { Length: > 0 } wrong ? ValidateOptionsResult.Fail(wrong) : ValidateOptionsResult.Success;
    }
}
