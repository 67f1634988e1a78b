using GanOnnx.Hosting;
using GanOnnx.Hosting.Internals;
using GanOnnx.Inference;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Puts image generators into an app's services.</summary>
public static class ImageGeneratorServiceCollectionExtensions
{
    /// <summary>
    /// Adds an <see cref="ImageGenerator"/>, one for the whole app, that is loaded once and closed with it. Its settings are
    /// checked when the app starts. Called again, it only adds to the settings of the first call.
    /// </summary>
    /// <param name="services">The app's services.</param>
    /// <param name="section">Its settings, as <see cref="ImageGeneratorSettings"/> describes.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddImageGenerator(this IServiceCollection services, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(section);
        return Add(services, null, settings => SettingsReader.Read(section, settings));
    }

    /// <param name="services">The app's services.</param>
    /// <param name="configure">Sets its settings.</param>
    /// <inheritdoc cref="AddImageGenerator(IServiceCollection, IConfiguration)"/>
    public static IServiceCollection AddImageGenerator(this IServiceCollection services, Action<ImageGeneratorSettings> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return Add(services, null, configure);
    }

    /// <summary>
    /// Adds one of several generators, which is asked for by its key:
    /// <c>[FromKeyedServices("faces")] ImageGenerator generator</c>. Otherwise it is as the one without a key.
    /// </summary>
    /// <param name="services">The app's services.</param>
    /// <param name="key">The key, also the name of its settings among <see cref="IOptionsMonitor{TOptions}"/>.</param>
    /// <param name="section">Its settings, as <see cref="ImageGeneratorSettings"/> describes.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddKeyedImageGenerator(this IServiceCollection services, string key, IConfiguration section)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        ArgumentNullException.ThrowIfNull(section);
        return Add(services, key, settings => SettingsReader.Read(section, settings));
    }

    /// <param name="services">The app's services.</param>
    /// <param name="key">The key, also the name of its settings among <see cref="IOptionsMonitor{TOptions}"/>.</param>
    /// <param name="configure">Sets its settings.</param>
    /// <inheritdoc cref="AddKeyedImageGenerator(IServiceCollection, string, IConfiguration)"/>
    public static IServiceCollection AddKeyedImageGenerator(this IServiceCollection services, string key,
        Action<ImageGeneratorSettings> configure)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        ArgumentNullException.ThrowIfNull(configure);
        return Add(services, key, configure);
    }

    private static IServiceCollection Add(IServiceCollection services, string? key, Action<ImageGeneratorSettings> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<ImageGeneratorSettings>(key ?? Options.Options.DefaultName).Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<ImageGeneratorSettings>, ModelPath>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ImageGeneratorSettings>, SettingsValidation>());
        if (services.Any(service => service.ServiceType == typeof(ImageGenerator) && Equals(service.ServiceKey, key)))
            return services;

        if (key is null)
            services.AddSingleton(provider => GeneratorLoader.Load(provider, null));
        else
            services.AddKeyedSingleton(key, (provider, _) => GeneratorLoader.Load(provider, key));
        return services.AddSingleton<IHostedService>(provider => new GeneratorLoader(provider, key));
    }
}
