using GanOnnx.Inference.Models;

namespace GanOnnx.Inference;

/// <summary>
/// What a model file says about itself: the contract between training, which writes it, and everything that
/// generates. It is kept in ONNX's <c>metadata_props</c>, so nothing beside the file is needed.
/// </summary>
/// <remarks>
/// Schema 1 has these keys. <c>gan.schema</c> (<c>1</c>) and <c>gan.task</c> (<c>generate</c>,
/// <c>text-to-image</c>, <c>translate</c>, <c>upscale</c>, <c>score</c>, <c>sound</c> or <c>video</c>) are required;
/// <c>gan.architecture</c> and <c>gan.license</c> are
/// plain text; <c>gan.latent</c> is JSON like <c>{"distribution":"normal","size":128}</c>; <c>gan.classes</c> is a JSON array of
/// names in label order; <c>gan.text</c> is JSON like
/// <c>{"encoder":"all-MiniLM-L6-v2","sha256":"…","size":384,"examples":["a cat"],"vectors":"…"}</c>, the vectors being float32,
/// little-endian, in Base64; <c>gan.pixels</c> is JSON like <c>{"range":[-1,1],"channels":"rgb"}</c>; <c>gan.audio</c> is JSON like <c>{"rate":8000}</c>;
/// <c>gan.video</c> is JSON like <c>{"framesPerSecond":8}</c>;
/// <c>gan.training</c> is JSON like
/// <c>{"data":"faces","imagesSeen":1000,"loss":"hinge","seed":0,"tool":"GanOnnx 0.1.0"}</c>; <c>gan.quantization</c> is JSON like
/// <c>{"precision":"int8","layers":4,"layersInAll":4,"psnr":41.5,"images":1000}</c>.
/// Members of a JSON value that this version doesn't know are ignored.
/// </remarks>
public sealed record ModelMetadata
{
    /// <summary>The schema this version reads and writes.</summary>
    public const int Schema = 1;

    /// <summary>What the model does. The default is <see cref="ModelTask.Generate"/>.</summary>
    public ModelTask Task { get; init; } = ModelTask.Generate;

    /// <summary>The network's name, as <c>dcgan</c>. The default is null, unknown.</summary>
    public string? Architecture { get; init; }

    /// <summary>What goes into the input <c>z</c>, or <c>z_content</c> and <c>z_motion</c> together. The default is null, unknown or no
    /// such input.</summary>
    public LatentDescription? Latent { get; init; }

    /// <summary>The classes' names in label order. The default is empty, an unconditional model.</summary>
    public IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary>What goes into the input <c>text</c>. The default is null: there is no such input.</summary>
    public TextDescription? Text { get; init; }

    /// <summary>What the values of images mean. The default is null: −1 to 1, and channels as the graph shows.</summary>
    public PixelDescription? Pixels { get; init; }

    /// <summary>What the values of sounds mean. The default is null: the model makes none.</summary>
    public AudioDescription? Audio { get; init; }

    /// <summary>How fast clips play. The default is null: the model makes none.</summary>
    public VideoDescription? Video { get; init; }

    /// <summary>How the model came about. The default is null, unknown.</summary>
    public TrainingDescription? Training { get; init; }

    /// <summary>The license of the weights, an SPDX identifier or text. The default is null, unknown.</summary>
    public string? License { get; init; }

    /// <summary>What the model loses to the float model it was made of. The default is null: it wasn't quantized, or by another
    /// program.</summary>
    public QuantizationDescription? Quantization { get; init; }

    /// <summary>The <c>metadata_props</c> that say this, in a fixed order; what is unknown is left out.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> ToProperties() => MetadataProperties.Write(this);

    /// <summary>Reads <c>metadata_props</c>; keys that don't begin with <c>gan.</c> are passed over.</summary>
    /// <returns>What they say, or null if there is no key <c>gan.schema</c>: a file made by others.</returns>
    /// <exception cref="ModelException">The schema or the task is unknown, or a value can't be read.</exception>
    public static ModelMetadata? FromProperties(IEnumerable<KeyValuePair<string, string>> properties)
    {
        ArgumentNullException.ThrowIfNull(properties);
        return MetadataProperties.Read(properties);
    }
}
