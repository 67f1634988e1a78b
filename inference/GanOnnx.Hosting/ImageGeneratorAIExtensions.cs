using System.Diagnostics.CodeAnalysis;
using System.Drawing;
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
    /// its image 0 is mixed in, as <c>7:3</c>) are looked at, as numbers or as text. Images come in the model's size, and
    /// resized (bicubic) where <see cref="ImageGenerationOptions.ImageSize"/> is another; they always come as data.
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
        public async Task<ImageGenerationResponse> GenerateAsync(
            ImageGenerationRequest request, ImageGenerationOptions? options = null, CancellationToken cancellationToken = default)
        {
            ArgumentNullException.ThrowIfNull(request);
            var mediaType = options?.MediaType ?? "image/png";
            if (!GeneratedPicture.Extensions.TryGetValue(mediaType, out var extension))
                throw Errors.WrongMediaType(mediaType, GeneratedPicture.Extensions.Keys);
            if (request.OriginalImages?.Any() == true)
                throw Errors.NoEditing(generator.Model);
            if (options?.ModelId is { } asked && asked != generator.Model.Name)
                throw Errors.OtherModel(generator.Model, asked);

            if (options?.ImageSize is { } size
                && (size.Width < 1 || size.Height < 1 || (long)size.Width * size.Height > GeneratedPicture.MostPixels))
                throw Errors.WrongSize(size.Width, size.Height, GeneratedPicture.MostPixels);

            var sample = Sample(request.Prompt, options);
            var images = await generator.GenerateAsync(options?.Count ?? 1, sample, cancellationToken).ConfigureAwait(false);
            var contents = Enumerable.Range(0, images.Count)
                .Select(i => Encode(images, i, extension, mediaType, sample with { Index = (ulong)i }, options?.ImageSize));
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

        private AIContent Encode(ImageBatch images, int index, string extension, string mediaType, Sample sample, Size? size)
        {
            var bytes = GeneratedPicture.Encode(images, index, generator.Model, sample, size, extension, saving);
            var properties = new AdditionalPropertiesDictionary { ["seed"] = sample.Seed, ["index"] = index };
            foreach (var (name, text) in generator.Model.AskedBy(sample))
                properties[name] = name == "prompt" ? text : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? whole
                    : float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : text;
            return new DataContent(bytes, mediaType)
            {
                Name = string.Create(CultureInfo.InvariantCulture, $"seed{sample.Seed:0000}-{index:000000}{extension}"),
                AdditionalProperties = properties,
            };
        }

        private Sample Sample(string? prompt, ImageGenerationOptions? options)
        {
            var sample = generator.Model.HasPrompt
                ? new Sample(Seed(options)) { Prompt = string.IsNullOrWhiteSpace(prompt) ? null : prompt }
                : new Sample(Seed(options), Label: Label(prompt, options));
            foreach (var name in generator.Model.Asks)
                if (Text(options, name) is { } text)
                    sample = generator.Model.Ask(sample, name, text);
            return sample;
        }

        private int? Label(string? prompt, ImageGenerationOptions? options)
        {
            prompt = prompt?.Trim();
            var label = Text(options, "label");
            if (string.IsNullOrEmpty(prompt))
                return null;
            if (label is not null)
                throw Errors.TwoLabels(prompt, label);
            return generator.Model.IsConditional ? generator.Model.FindLabel(prompt) : throw Errors.NoPrompts(generator.Model, prompt);
        }

        private static ulong Seed(ImageGenerationOptions? options)
        {
            if (Text(options, "seed") is not { } text)
                return GeneratedPicture.DrawSeed();
            return ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seed) ? seed
                : throw Errors.WrongSeed(text);
        }

        // Numbers of any type, text, and what JSON was read into.
        private static string? Text(ImageGenerationOptions? options, string name) =>
            options?.AdditionalProperties?.TryGetValue(name, out var value) == true ? Convert.ToString(value, CultureInfo.InvariantCulture)
                : null;
    }
}
