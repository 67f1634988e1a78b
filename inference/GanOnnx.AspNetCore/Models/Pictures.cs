using GanOnnx.AspNetCore.Requests;
using GanOnnx.Hosting.Internals;
using GanOnnx.Imaging;
using GanOnnx.Inference;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Processing;

namespace GanOnnx.AspNetCore.Models;

/// <summary>Makes encoded pictures with a model, in its queue.</summary>
internal static class Pictures
{
    /// <summary>Images of one seed, made in batches with whatever else waits. They come in chunks of a batch at most, as soon as each is
    /// made.</summary>
    public static async IAsyncEnumerable<byte[]> Generate(LoadedModel model, Sample first, int count, PictureFormat format,
        Deadline deadline)
    {
        var generator = Asking.Generator(model);
        for (var done = 0; done < count;)
        {
            var sample = first with { Index = first.Index + (ulong)done };
            var images = await generator.GenerateAsync(Math.Min(generator.BatchSize, count - done), sample, deadline.Token)
                .ConfigureAwait(false);
            for (var i = 0; i < images.Count; i++, done++)
                yield return GeneratedPicture.Encode(images, i, generator.Model, first with { Index = first.Index + (ulong)done },
                    format.Size, format.Extension, format.Saving);
        }
    }

    /// <summary>A picture made of a picture.</summary>
    /// <exception cref="ImageException">It can't be read.</exception>
    /// <exception cref="ModelException">The model doesn't take it.</exception>
    public static async Task<byte[]> Translate(LoadedModel model, Stream picture, PictureFormat format, GanOnnxOptions options,
        Deadline deadline)
    {
        if (model.Translator is not { } translator)
            throw model.Sounds is not null ? Errors.MakesSounds(model.Name) : model.Clips is not null ? Errors.MakesClips(model.Name)
                : Errors.NotATranslator(model.Name);
        using var place = await model.Place(deadline.Token).ConfigureAwait(false);
        return await Task.Run(() => Translate(translator, picture, format, options, deadline), deadline.Token).ConfigureAwait(false);
    }

    private static byte[] Translate(ImageTranslator translator, Stream picture, PictureFormat format, GanOnnxOptions options,
        Deadline deadline)
    {
        using var source = ImageReader.ReadWhole(picture, "picture", options.MaxPixels);
        var plan = translator.PlanFor(translator.Channels ?? 3, source.Height, source.Width);
        if ((long)plan.Width * plan.Height > options.MaxPixels)
            throw Errors.TooManyPixels("the result", plan.Width, plan.Height, options.MaxPixels);
        using var made = translator.Translate([source], cancellation: deadline.Token)[0];
        if (format.Size is { } size && (size.Width, size.Height) != (made.Width, made.Height))
            made.Mutate(context => context.Resize(size.Width, size.Height, KnownResamplers.Bicubic));
        return ImageFile.Encode(made, format.Extension, format.Saving with { Provenance = Provenance.OfPicture(translator.Model) });
    }
}
