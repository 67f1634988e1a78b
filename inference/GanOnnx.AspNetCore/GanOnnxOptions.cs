using GanOnnx.Inference;

namespace GanOnnx.AspNetCore;

/// <summary>Which models an app serves, and how much it does for one request.</summary>
public sealed class GanOnnxOptions
{
    /// <summary>The models. They are loaded, and each makes an image, when the host starts; one that can't ends the start.</summary>
    public IList<ServedModel> Models { get; } = [];

    /// <summary>
    /// A folder whose models are served too: each .onnx file in it, and each folder in it with <c>model.onnx</c>. It is looked at every
    /// second. A new or replaced file is loaded beside the old one, makes an image, and takes its place, and what runs on the old one is
    /// finished; a broken one is refused, which the log tells, and the old one stays. Write files elsewhere and move them in. The default
    /// is null, none.
    /// </summary>
    public string? ModelsFolder { get; set; }

    /// <summary>Other names for models, as <c>gpt-image-1</c> for clients that know no other, and which models they mean.</summary>
    public IDictionary<string, string> Aliases { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>How models from noise to images are run. The default is that of <see cref="ImageGenerator.Load"/>, with at most 256 images of
    /// each model that wait.</summary>
    public ImageGeneratorOptions Generator { get; set; } = new() { QueueLimit = 256 };

    /// <summary>How models from image to image are run. The default is that of <see cref="ImageTranslator.Load"/>.</summary>
    public ImageTranslatorOptions Translator { get; set; } = new();

    /// <summary>The most images of one request, 1 to 1024. The default is 10, as OpenAI has it.</summary>
    public int MaxImages { get; set; } = 10;

    /// <summary>The largest body of a request in bytes, 1024 to 1 GiB. The default is 16 MiB.</summary>
    public long MaxBodySize { get; set; } = 16 << 20;

    /// <summary>The most pixels of a picture that comes in or goes out, 1 to 100 million. The default is 16 million.</summary>
    public long MaxPixels { get; set; } = 16_000_000;

    /// <summary>The most requests for pictures of pictures, walks, and tensors of more than a batch that wait for each model, 0 to 4096:
    /// each runs by itself, with memory of its own. The default is 32.</summary>
    public int PictureQueueLimit { get; set; } = 32;

    /// <summary>The longest that a request may take, from a hundredth of a second to a day; requests may ask for less. The default is a
    /// minute.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(1);

    internal IEnumerable<string> Violations()
    {
        if (MaxImages is < 1 or > 1024)
            yield return $"MaxImages is {MaxImages}; 1 to 1024 is expected.";
        if (MaxBodySize is < 1024 or > 1 << 30)
            yield return $"MaxBodySize is {MaxBodySize}; 1024 to {1 << 30} is expected.";
        if (MaxPixels is < 1 or > 100_000_000)
            yield return $"MaxPixels is {MaxPixels}; 1 to 100000000 is expected.";
        if (PictureQueueLimit is < 0 or > 4096)
            yield return $"PictureQueueLimit is {PictureQueueLimit}; 0 to 4096 is expected.";
        if (Timeout < TimeSpan.FromSeconds(0.01) || Timeout > TimeSpan.FromDays(1))
            yield return $"Timeout is {Timeout}; a hundredth of a second to a day is expected.";
        if (ModelsFolder is { } folder && !Directory.Exists(folder))
            yield return $"There is no folder '{folder}' to take models from.";
        foreach (var sentence in Generator.Validate().Concat(Translator.Validate()))
            yield return sentence;
    }
}
