using GanOnnx.AspNetCore.Models;
using GanOnnx.Hosting.Internals;
using GanOnnx.Inference;

namespace GanOnnx.AspNetCore.Requests;

/// <summary>Reads which image is asked for.</summary>
internal static class Asking
{
    private const string Prompt = "prompt";

    /// <summary>What everything that generates can be asked for, besides seeds: <see cref="ModelDescription.Asks"/> as JSON of web APIs
    /// writes it.</summary>
    public static IReadOnlyList<string> Names { get; } = ["label", Prompt, "truncation", "truncation_cutoff", "style_mix"];

    /// <summary>The generator of a model.</summary>
    public static ImageGenerator Generator(LoadedModel model) => model.Generator
        ?? throw (model.Sounds is not null ? Errors.MakesSounds(model.Name) : model.Clips is not null ? Errors.MakesClips(model.Name)
            : Errors.NotAGenerator(model.Name));

    /// <summary>The sound of a seed, which is drawn where none is given. The field <c>prompt</c>, or what stands for it, may name a
    /// class.</summary>
    public static Sample Sound(LoadedModel model, Fields fields, string? prompt = null)
    {
        var description = (model.Sounds ?? throw Errors.NoSounds(model.Name)).Model;
        var sample = First(fields);
        if (fields.Text("label") is { Length: > 0 } label)
            sample = sample with { Label = description.FindLabel(label) };
        return WithClass(model.Name, description, sample, prompt?.Trim());
    }

    /// <summary>The clip of a seed, which is drawn where none is given.</summary>
    public static Sample Clip(LoadedModel model, Fields fields)
    {
        var description = (model.Clips ?? throw Errors.NoClips(model.Name)).Model;
        var sample = First(fields);
        return fields.Text("label") is { Length: > 0 } label ? sample with { Label = description.FindLabel(label) } : sample;
    }

    private static Sample WithClass(string name, ModelDescription description, Sample sample, string? prompt)
    {
        var isAny = "any".Equals(prompt, StringComparison.OrdinalIgnoreCase)
            && !description.Classes.Contains(prompt, StringComparer.OrdinalIgnoreCase);
        if (string.IsNullOrEmpty(prompt) || isAny)
            return sample;
        if (description.HasPrompt)
            return sample with { Prompt = prompt };
        if (!description.IsConditional)
            throw Errors.NoPrompt(name, prompt);
        return sample.Label is { } label ? throw Errors.TwoLabels(prompt, $"{label}")
            : sample with { Label = description.FindLabel(prompt) };
    }

    /// <summary>The image of a seed, which is drawn where none is given.</summary>
    public static Sample Image(LoadedModel model, Fields fields) =>
        All(model, fields, First(fields));

    /// <summary>The same, where the field <c>prompt</c> may name a class too.</summary>
    public static Sample ImageOfPrompt(LoadedModel model, Fields fields) =>
        WithPrompt(model, All(model, fields, First(fields), [.. Names.Where(name => name != Prompt)]), fields.Text(Prompt));

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

    private static Sample First(Fields fields) => new(fields.Seed("seed") ?? GeneratedPicture.DrawSeed(), fields.Seed("index") ?? 0);

    private static Sample WithPrompt(LoadedModel model, Sample sample, string? prompt) =>
        WithClass(model.Name, Generator(model).Model, sample, prompt?.Trim());

    private static string Camel(string name) =>
        string.Concat(name.Split('_').Select((word, i) => i == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..]));
}
