using Microsoft.Extensions.Options;

namespace GanOnnx.Hosting.Internals;

/// <summary>Tells all that is wrong with an app's settings at once.</summary>
internal sealed class SettingsValidation : IValidateOptions<ImageGeneratorSettings>
{
    public ValidateOptionsResult Validate(string? name, ImageGeneratorSettings settings)
    {
        string[] wrong = [.. settings.Unreadable, .. Model(settings.Model), .. settings.Generator.Validate()];
        return wrong.Length == 0 ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(wrong.Select(sentence => Errors.Of(name, sentence)));
    }

    private static IEnumerable<string> Model(string path)
    {
        if (string.IsNullOrWhiteSpace(path))
            yield return Errors.NoModel();
        else if (!File.Exists(path) && !File.Exists(Path.Combine(path, "model.onnx")))
            yield return Errors.ModelMissing(path);
    }
}
