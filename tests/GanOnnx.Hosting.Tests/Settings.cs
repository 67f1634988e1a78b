using Microsoft.Extensions.Configuration;

namespace GanOnnx.Hosting.Tests;

/// <summary>Configuration sections for the tests.</summary>
internal static class Settings
{
    /// <summary>The section <c>ImageGenerator</c> with these keys.</summary>
    public static IConfiguration Section(params (string Key, string? Value)[] values) => new ConfigurationBuilder()
        .AddInMemoryCollection(values.Select(pair => KeyValuePair.Create($"ImageGenerator:{pair.Key}", pair.Value)))
        .Build().GetSection("ImageGenerator");
}
