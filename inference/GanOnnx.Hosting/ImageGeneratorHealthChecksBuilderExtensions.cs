using GanOnnx.Hosting.Internals;
using GanOnnx.Inference;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Checks whether an app's image generator works.</summary>
public static class ImageGeneratorHealthChecksBuilderExtensions
{
    /// <summary>The name of the check of the generator without a key.</summary>
    public const string DefaultName = "image-generator";

    /// <summary>
    /// Adds a check that makes one image, after loading the model if nobody has. It is healthy if that works; degraded if it
    /// works on the CPU though there is a GPU, or one was named, as <see cref="ImageGenerator.Notice"/> tells (set the device to <c>cpu</c>
    /// where that is meant); and <paramref name="failureStatus"/> with the sentence that tells why if it doesn't. The image doesn't wait in
    /// the queue: a busy generator is a healthy one.
    /// </summary>
    /// <param name="builder">The app's checks.</param>
    /// <param name="key">The generator's key. The default is null: the one without a key.</param>
    /// <param name="name">The check's name. The default is null: <see cref="DefaultName"/>, and the key after a hyphen.</param>
    /// <param name="failureStatus">The default is null: unhealthy.</param>
    /// <param name="tags">The check's tags, to choose checks by.</param>
    /// <param name="timeout">How long it may take. The default is null: any time.</param>
    /// <returns>The same checks.</returns>
    public static IHealthChecksBuilder AddImageGenerator(
        this IHealthChecksBuilder builder, string? key = null, string? name = null, HealthStatus? failureStatus = null,
        IEnumerable<string>? tags = null, TimeSpan? timeout = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        name ??= key is null ? DefaultName : $"{DefaultName}-{key}";
        return builder.Add(new(name, services => new GeneratorHealthCheck(services, key), failureStatus, tags, timeout));
    }
}
