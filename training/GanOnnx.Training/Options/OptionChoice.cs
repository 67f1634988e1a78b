using System.Text.Json.Serialization;
using GanOnnx.Data;
using GanOnnx.Training.Augmentation;
using GanOnnx.Training.Losses;
using GanOnnx.Training.Networks;
using GanOnnx.Training.Regularizers;
using GanOnnx.Training.Tasks;

namespace GanOnnx.Training;

/// <summary>What an option can be.</summary>
/// <param name="Name">As it is written.</param>
/// <param name="Description">What it is, in a line.</param>
/// <param name="Labels">An architecture's conditions, else null.</param>
/// <param name="Default">What a regularizer's name alone stands for, else null.</param>
public sealed record OptionChoice(
    string Name, string Description,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Labels = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Default = null)
{
    /// <summary>The tasks that have an architecture. The default is null: it isn't one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Tasks { get; init; }

    /// <summary>What there is of a kind, in the order it is listed to people; none for null.</summary>
    /// <param name="kind">A <see cref="TrainingOptionAttribute.Choice"/>.</param>
    internal static IReadOnlyList<OptionChoice> Of(string? kind) => kind switch
    {
        null => [],
        "task" => [.. TrainingTasks.Catalog.Names.Select(name => new OptionChoice(name, TrainingTasks.Catalog[name].Description))],
        "architecture" => [.. TrainingTasks.Networks],
        "loss" => [.. GanLosses.Names.Select(name => new OptionChoice(name, GanLosses.Description(name)))],
        "regularizer" => [.. GanRegularizers.Names.Select(name =>
            new OptionChoice(name, GanRegularizers.Description(name), Default: GanRegularizers.Default(name)))],
        "augmentation" => [.. GanAugmentations.Names.Select(name => new OptionChoice(name, GanAugmentations.Description(name)))],
        "condition" => [.. Conditions.Names.Select(name => new OptionChoice(name, Conditions.Description(name)))],
        "schedule" => [.. LearningRateSchedule.Names.Select(name => new OptionChoice(name, LearningRateSchedule.Description(name)))],
        "precision" =>
        [
            new("float32", "32 bits"),
            new("bf16", "bfloat16: convolutions and linear layers in 16 bits, weights and the model in 32"),
        ],
        "side-by-side" =>
        [
            new(SideBySidePairs.AtoB, "the left half becomes the right one"),
            new(SideBySidePairs.BtoA, "the right half becomes the left one"),
        ],
        "derivation" => [.. Derivations.Names.Select(name => new OptionChoice(name, Derivations.Description(name)))],
        "fit" =>
        [
            new("crop", "by their centre; what stands over is cut off"),
            new("pad", "whole, with white beside them"),
            new("stretch", "whole, made narrower or lower"),
            new("tiles", "cut into several, pixel for pixel"),
        ],
        _ => throw new ArgumentException($"Nothing is listed as '{kind}'.", nameof(kind)),
    };
}
