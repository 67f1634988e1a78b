using GanOnnx.AspNetCore.Models;
using GanOnnx.Hosting.Internals;
using GanOnnx.Inference;

namespace GanOnnx.AspNetCore.Requests;

/// <summary>Reads which image is asked for.</summary>
internal static class Asking
{
    /// <summary>What everything that generates can be asked for, besides seeds: <see cref="ModelDescription.Asks"/> as JSON of web APIs
    /// writes it.</summary>
    public static IReadOnlyList<string> Names { get; } = ["label", "truncation", "truncation_cutoff", "style_mix"];

    /// <summary>The generator of a model.</summary>
    public static ImageGenerator Generator(LoadedModel model) => model.Generator ?? throw Errors.NotAGenerator(model.Name);

    /// <summary>The image of a seed, which is drawn where none is given.</summary>
    public static Sample Image(LoadedModel model, Fields fields) =>
        All(model, fields, new Sample(fields.Seed("seed") ?? GeneratedPicture.DrawSeed(), fields.Seed("index") ?? 0));

    /// <summary>The same, whose class a prompt may name.</summary>
    public static Sample Image(LoadedModel model, Fields fields, string? prompt) => WithPrompt(model, Image(model, fields), prompt);

    /// <summary>A sample with all that is asked for by name.</summary>
    /// <param name="model">The model.</param>
    /// <param name="fields">The request's values.</param>
    /// <param name="sample">The sample.</param>
    /// <param name="names">Which of <see cref="Names"/> are looked at; null for all.</param>
    public static Sample All(LoadedModel model, Fields fields, Sample sample, IReadOnlyList<string>? names = null)
    {
        var description = Generator(model).Model;
        foreach (var name in names ?? Names)
            if (fields.Text(name) is { Length: > 0 } text)
                sample = description.Ask(sample, Camel(name), text);
        return sample;
    }

    private static Sample WithPrompt(LoadedModel model, Sample sample, string? prompt)
    {
        prompt = prompt?.Trim();
        var description = Generator(model).Model;
        var isAny = "any".Equals(prompt, StringComparison.OrdinalIgnoreCase)
            && !description.Classes.Contains(prompt, StringComparer.OrdinalIgnoreCase);
        if (string.IsNullOrEmpty(prompt) || isAny)
            return sample;
        if (!description.IsConditional)
            throw Errors.NoPrompt(model.Name, prompt);
        return sample.Label is { } label ? throw Errors.TwoLabels(prompt, $"{label}")
            : sample with { Label = description.FindLabel(prompt) };
    }

    private static string Camel(string name) =>
        string.Concat(name.Split('_').Select((word, i) => i == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..]));
}
