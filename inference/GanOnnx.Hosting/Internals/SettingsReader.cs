using System.Reflection;
using GanOnnx.Inference;
using Microsoft.Extensions.Configuration;

namespace GanOnnx.Hosting.Internals;

/// <summary>
/// Reads settings from a configuration section, key by key: the stock binder stops at the first value it can't convert and
/// passes over keys with a typing error.
/// </summary>
internal static class SettingsReader
{
    private static readonly Dictionary<string, PropertyInfo> _generator =
        typeof(ImageGeneratorOptions).GetProperties()
            // An object, which no text is.
            .Where(property => property.Name != nameof(ImageGeneratorOptions.TextEncoder))
            .ToDictionary(property => property.Name, StringComparer.OrdinalIgnoreCase);

    private static readonly Dictionary<string, PropertyInfo> _settings =
        new[] { nameof(ImageGeneratorSettings.Model), nameof(ImageGeneratorSettings.LoadAtStart) }
            .ToDictionary(name => name, name => typeof(ImageGeneratorSettings).GetProperty(name)!, StringComparer.OrdinalIgnoreCase);

    // Keys of 0.1 that are called otherwise now.
    private static readonly Dictionary<string, PropertyInfo> _older = new(StringComparer.OrdinalIgnoreCase)
    {
        ["LongestWait"] = _generator[nameof(ImageGeneratorOptions.MaxQueueDelay)],
    };

    public static void Read(IConfiguration section, ImageGeneratorSettings settings)
    {
        // A copy: what was set before may be shared.
        settings.Generator = settings.Generator with { };
        foreach (var value in section.GetChildren())
            if (_settings.TryGetValue(value.Key, out var property))
                Set(property, settings, value, settings);
            else if (_generator.TryGetValue(value.Key, out property) || _older.TryGetValue(value.Key, out property))
                Set(property, settings.Generator, value, settings);
            else
                settings.Unreadable.Add(Errors.UnknownKey(value.Path, _settings.Keys.Concat(_generator.Keys)));
    }

    private static void Set(PropertyInfo property, object target, IConfigurationSection value, ImageGeneratorSettings settings)
    {
        // An empty value or list says nothing; the binder fails on some of them.
        if (string.IsNullOrEmpty(value.Value) && !value.GetChildren().Any())
            return;

        try
        {
            if (value.Get(property.PropertyType, binder => binder.ErrorOnUnknownConfiguration = true) is { } read)
                property.SetValue(target, read);
        }
        catch (InvalidOperationException e)
        {
            settings.Unreadable.Add(Errors.UnreadableValue(value.Path, value.Value, e));
        }
    }
}
