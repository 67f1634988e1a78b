namespace GanOnnx.Inference;

/// <summary>One image to generate.</summary>
/// <param name="Seed">The seed its latent is drawn with.</param>
/// <param name="Index">Which image of that seed. The default is 0.</param>
/// <param name="Label">The class, from 0. The default is null: a conditional model's label is drawn from the seed.</param>
/// <param name="StyleMix">Whose style is mixed in. The default is null: the image's own style in all layers.</param>
/// <param name="Truncation">What goes into the input <c>truncation</c>. The default is null: what the call says of all its images, else 1,
/// no truncation.</param>
/// <param name="TruncationCutoff">The layer from which on truncation doesn't count, from 0, the lowest resolution. The default is null: it
/// counts in all layers.</param>
public readonly record struct Sample(ulong Seed, ulong Index = 0, int? Label = null, StyleMix? StyleMix = null, float? Truncation = null,
    int? TruncationCutoff = null)
{
    /// <summary>What the image is to show, in words, for a model that takes prompts: 1 to 1,000 characters. The default is null: one of the
    /// captions that the model's file has, drawn from the seed.</summary>
    public string? Prompt { get; init; }
}
