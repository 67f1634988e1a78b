using GanOnnx.Inference;

namespace GanOnnx.Hosting.Internals;

/// <summary>Every message of the library: what was found, what is expected, what to do.</summary>
internal static class Errors
{
    // The settings

    public static string Of(string? name, string sentence) =>
        string.IsNullOrEmpty(name) ? sentence : $"Image generator '{name}': {sentence}";

    public static string NoModel() => "The setting Model is missing. Set it to an .onnx file or a folder with model.onnx.";

    public static string ModelMissing(string path) =>
        $"The setting Model is '{path}', where there is neither an .onnx file nor a folder with model.onnx. Correct it.";

    public static string UnknownKey(string path, IEnumerable<string> known) =>
        $"The setting {path} is unknown; there are {string.Join(", ", known.Order(StringComparer.Ordinal))}.";

    public static string UnreadableValue(string path, string? value, Exception e) => value is null
        ? $"The setting {path} can't be read: {Sentence(e.Message)}"
        : $"The setting {path} is '{value}', which can't be read: {Sentence(e.GetBaseException().Message)}";

    // What was asked for

    public static ModelException NoPrompts(ModelDescription model, string prompt) =>
        new($"'{model.Name}' is unconditional: it understands no prompt, and '{prompt}' was given. Leave the prompt empty.");

    public static ModelException TwoLabels(string prompt, string label) =>
        new($"The prompt '{prompt}' and the label '{label}' both name a class. Give one of them.");

    public static ModelException WrongSeed(string seed) =>
        new($"The seed is '{seed}'; a whole number from 0 to {ulong.MaxValue} is expected.");

    public static ModelException WrongSize(int width, int height, long most) =>
        new($"The image size is {width} × {height}; at least 1 × 1 and at most {most} pixels are expected.");

    public static ModelException WrongMediaType(string type, IEnumerable<string> types) =>
        new($"Images can't be made as {type}. Ask for {string.Join(", ", types)}.");

    public static ModelException NoEditing(ModelDescription model) =>
        new($"'{model.Name}' makes images of noise and can't edit any, but original images were given. Leave them out.");

    public static ModelException OtherModel(ModelDescription model, string asked) =>
        new($"The model '{asked}' was asked for, but this is '{model.Name}'. Leave the model out, or ask its generator.");

    private static string Sentence(string text) => text.EndsWith('.') ? text : $"{text}.";
}
