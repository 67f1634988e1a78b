using System.Text.Json;
using GanOnnx.Inference;
using GanOnnx.Inference.Models;
using GanOnnx.ML.Generating;
using GanOnnx.ML.Models;
using GanOnnx.ML.Tensors;
using GanOnnx.ML.Translating;

namespace GanOnnx.ML.Saving;

/// <summary>How a column was made, as it is kept in a saved model. Devices are left out: they are the loading machine's.</summary>
internal sealed record SavedSettings
{
    public const string Key = "gan.mlnet";

    public const string Generate = "GenerateImages", Sounds = "GenerateSounds", Translate = "TranslateImages", Apply = "ApplyOnnxModelBatched";

    public required string Method { get; init; }

    public required string[] Outputs { get; init; }

    public required string[] Inputs { get; init; }

    public string? Label { get; init; }

    public int? BatchSize { get; init; }

    public int? Parallelism { get; init; }

    public PixelType Pixels { get; init; }

    public LatentDistribution Latent { get; init; }

    public string[] Classes { get; init; } = [];

    public PixelFormat Format { get; init; } = new();

    public PixelFormat OutputFormat { get; init; } = new();

    public string ToJson() => JsonSerializer.Serialize(this);

    public static SavedSettings? FromJson(string json) => JsonSerializer.Deserialize<SavedSettings>(json);

    /// <summary>The model that was saved.</summary>
    public BatchModel Load(string path, ContextDevice context) => Method switch
    {
        Generate or Sounds => GenerateImagesModel.Load(path, new(Outputs[0], Inputs[0], Label)
        {
            Kind = Method == Sounds ? GeneratorKind.Sounds : GeneratorKind.Images,
        }, new()
        {
            BatchSize = BatchSize,
            Parallelism = Parallelism,
            Pixels = Pixels,
            Latent = Latent,
            Classes = Classes,
            Format = Format,
        }, context),
        Translate => TranslateImagesModel.Load(path, Outputs[0], Inputs[0], new()
        {
            BatchSize = BatchSize,
            Parallelism = Parallelism,
            Pixels = Pixels,
            Input = Format,
            Output = OutputFormat,
        }, context),
        _ => TensorModels.Apply(path, Outputs, Inputs, new() { BatchSize = BatchSize, Parallelism = Parallelism }, context),
    };
}
