namespace GanOnnx.Server.Jobs;

/// <summary>What the OpenAPI document says of a request for a job.</summary>
/// <param name="Model">A served model's name; may be left out where there is one.</param>
/// <param name="Count">How many images, 1 to 10,000,000.</param>
/// <param name="Seed">The default is drawn.</param>
/// <param name="Label">Classes by name or number, several with commas, or <c>all</c>, which is the default; image i has the ith in turn.</param>
/// <param name="Prompt">What all images are to show, for a model that takes prompts.</param>
/// <param name="Truncation">0 … 1, of models that have it.</param>
/// <param name="TruncationCutoff">Layers up to which it is applied.</param>
/// <param name="Format"><c>tar</c>, <c>zip</c> or <c>parquet</c>. The default is <c>tar</c>.</param>
/// <param name="Encoding"><c>png</c>, <c>jpg</c> or <c>webp</c>. The default is <c>png</c>.</param>
/// <param name="ImagesPerFile">The default is 1,000; there may be 10,000 files.</param>
internal sealed record JobRequest(string? Model, long Count, ulong? Seed, string? Label, string? Prompt, double? Truncation,
    double? TruncationCutoff, string? Format, string? Encoding, int? ImagesPerFile);
