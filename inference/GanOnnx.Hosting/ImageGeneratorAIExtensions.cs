using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using GanOnnx.Hosting.Internals;
using GanOnnx.Imaging;
using GanOnnx.Inference;

namespace Microsoft.Extensions.AI;

/// <summary>An <see cref="ImageGenerator"/> as Microsoft.Extensions.AI's <see cref="IImageGenerator"/>, which is experimental
/// there.</summary>
[Experimental("MEAI001")]
public static class ImageGeneratorAIExtensions
{
    /// <summary>
    /// Makes a generator an <see cref="IImageGenerator"/>: encoded images that say they are generated, many callers' images
    /// in one batch.
    /// </summary>
    /// <param name="generator">The generator. Whoever made it disposes it, not the adapter.</param>
    /// <param name="saving">Quality and provenance of the encoded images; the model, its hash, and what makes the image again are added to
    /// the provenance. With a provenance of null nothing is. The default is null: those of <see cref="ImageSaveOptions"/>.</param>
    /// <remarks>
    /// A GAN knows classes, not sentences. <b>The prompt</b> is the name or number of a class of a conditional model, see
    /// <see cref="ModelDescription.FindLabel"/>; an empty one leaves the classes to chance. An unconditional model only takes an
    /// empty one. Everything else is a <see cref="ModelException"/> that tells the classes there are.
    /// <para>
    /// <b>Options</b>: <see cref="ImageGenerationOptions.Count"/> is 1 unless given;
    /// <see cref="ImageGenerationOptions.MediaType"/> is <c>image/png</c> (unless given), <c>image/jpeg</c> or <c>image/webp</c>;
    /// <see cref="ImageGenerationOptions.ModelId"/> is the model's name or null. Of its
    /// <see cref="ImageGenerationOptions.AdditionalProperties"/>, <c>seed</c> (a whole number; drawn if it isn't given),
    /// <c>label</c> (in the place of a prompt), <c>truncation</c> and <c>styleMix</c> (a seed and the layer from which on the style of
    /// its image 0 is mixed in, as <c>7:3</c>) are looked at, as numbers or as text. The images' size is the model's, and they always
    /// come as data.
    /// </para>
    /// <para>
    /// <b>The response</b> has a <see cref="DataContent"/> for each image, whose additional properties <c>seed</c> and
    /// <c>index</c> (and <c>label</c>, <c>truncation</c> and <c>styleMix</c>, where they were given) are what makes the same image again;
    /// its raw representation is the
    /// <see cref="ImageBatch"/>. A full queue is a <see cref="QueueFullException"/>.
    /// </para>
    /// </remarks>
    public static IImageGenerator AsIImageGenerator(this ImageGenerator generator, ImageSaveOptions? saving = null)
    {
        ArgumentNullException.ThrowIfNull(generator);
        return new Adapter(generator, saving ?? new());
    }

    private sealed class Adapter(ImageGenerator generator, ImageSaveOptions saving) : IImageGenerator
    {
        // The largest that JSON's numbers hold exactly, so that a seed survives the way through a web page.
        private const long LargestDrawnSeed = 1L << 53;

        private static readonly Dictionary<string, string> _extensions = new(StringComparer.OrdinalIgnoreCase)
        {
            ["image/png"] = ".png",
            ["image/jpeg"] = ".jpg",
            ["image/webp"] = ".webp",
        };

        public async Task<ImageGenerationResponse> GenerateAsync(
            ImageGenerationRequest request, ImageGenerationOptions? options = null, CancellationToken cancellationToken = default)
        {
            ArgumentNullException.ThrowIfNull(request);
            var mediaType = options?.MediaType ?? "image/png";
            if (!_extensions.TryGetValue(mediaType, out var extension))
                throw Errors.WrongMediaType(mediaType, _extensions.Keys);
            if (request.OriginalImages?.Any() == true)
                throw Errors.NoEditing(generator.Model);
            if (options?.ModelId is { } asked && asked != generator.Model.Name)
                throw Errors.OtherModel(generator.Model, asked);

            var (sample, truncation) = (Sample(request.Prompt, options), Truncation(options));
            var images = await generator.GenerateAsync(
                options?.Count ?? 1, sample.Seed, sample.Label, truncation, sample.StyleMix, cancellation: cancellationToken)
                    .ConfigureAwait(false);
            var contents = Enumerable.Range(0, images.Count)
                .Select(i => Encode(images, i, extension, mediaType, sample with { Index = (ulong)i }, truncation));
            return new([.. contents]) { RawRepresentation = images };
        }

        public object? GetService(Type serviceType, object? serviceKey = null)
        {
            ArgumentNullException.ThrowIfNull(serviceType);
            return serviceKey is not null ? null
                : serviceType.IsInstanceOfType(this) ? this
                : serviceType.IsInstanceOfType(generator) ? generator
                : serviceType == typeof(ImageGeneratorMetadata)
                    ? new ImageGeneratorMetadata("ganonnx", defaultModelId: generator.Model.Name)
                : null;
        }

        public void Dispose()
        {
        }

        private AIContent Encode(ImageBatch images, int index, string extension, string mediaType, Sample sample, float? truncation)
        {
            using var image = images.ToImage(index);
            var bytes = ImageFile.Encode(image, extension, saving with { Provenance = Provenance(sample, truncation) });
            var properties = new AdditionalPropertiesDictionary { ["seed"] = sample.Seed, ["index"] = index };
            if (sample.Label is { } label)
                properties["label"] = label;
            if (truncation is { } factor)
                properties["truncation"] = factor;
            if (sample.StyleMix is { } styleMix)
                properties["styleMix"] = Text(styleMix);
            return new DataContent(bytes, mediaType)
            {
                Name = string.Create(CultureInfo.InvariantCulture, $"seed{sample.Seed:0000}-{index:000000}{extension}"),
                AdditionalProperties = properties,
            };
        }

        private Provenance? Provenance(Sample sample, float? truncation) => saving.Provenance is { } provenance
            ? provenance with
            {
                Model = generator.Model.Name,
                ModelSha256 = generator.Model.Sha256,
                Seeds = sample.Seed.ToString(CultureInfo.InvariantCulture),
                Indices = sample.Index.ToString(CultureInfo.InvariantCulture),
                Label = sample.Label?.ToString(CultureInfo.InvariantCulture),
                Truncation = truncation?.ToString(CultureInfo.InvariantCulture),
                StyleMix = sample.StyleMix is { } styleMix ? Text(styleMix) : null,
            }
            : null;

        private Sample Sample(string? prompt, ImageGenerationOptions? options) =>
            new(Seed(options), Label: Label(prompt, options), StyleMix: StyleMix(options));

        private int? Label(string? prompt, ImageGenerationOptions? options)
        {
            prompt = prompt?.Trim();
            var label = Text(options, "label");
            if (string.IsNullOrEmpty(prompt))
                return label is null ? null : generator.Model.FindLabel(label);
            if (label is not null)
                throw Errors.TwoLabels(prompt, label);
            return generator.Model.IsConditional ? generator.Model.FindLabel(prompt) : throw Errors.NoPrompts(generator.Model, prompt);
        }

        private static ulong Seed(ImageGenerationOptions? options)
        {
            if (Text(options, "seed") is not { } text)
                return (ulong)Random.Shared.NextInt64(LargestDrawnSeed);
            return ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seed) ? seed
                : throw Errors.WrongSeed(text);
        }

        private static float? Truncation(ImageGenerationOptions? options)
        {
            if (Text(options, "truncation") is not { } text)
                return null;
            return float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var factor) ? factor
                : throw Errors.WrongTruncation(text);
        }

        private static StyleMix? StyleMix(ImageGenerationOptions? options)
        {
            if (Text(options, "styleMix") is not { } text)
                return null;
            return text.Split(':') is [var first, var second]
                && ulong.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var seed)
                && int.TryParse(second, NumberStyles.None, CultureInfo.InvariantCulture, out var layer)
                    ? new(seed, layer) : throw Errors.WrongStyleMix(text);
        }

        private static string Text(StyleMix styleMix) =>
            string.Create(CultureInfo.InvariantCulture, $"{styleMix.Seed}:{styleMix.FromLayer}");

        // Numbers of any type, text, and what JSON was read into.
        private static string? Text(ImageGenerationOptions? options, string name) =>
            options?.AdditionalProperties?.TryGetValue(name, out var value) == true ? Convert.ToString(value, CultureInfo.InvariantCulture)
                : null;
    }
}
