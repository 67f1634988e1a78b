using System.Globalization;
using GanOnnx.CommandLine;
using GanOnnx.Imaging;
using GanOnnx.Imaging.Animation;
using GanOnnx.Imaging.Decoding;
using GanOnnx.Inference;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanOnnx.Trust;

/// <summary>Makes again what marks say, as the verbs made it: an image, a grid, a frame or an animation; and compares.</summary>
internal static class Remaking
{
    // Marks may be anybody's, and ask for a year of work.
    private const int MostImages = 4096;

    private const int LargestScale = 64;

    private const long LargestFile = 1 << 30;

    private const long MostValues = 64_000_000;

    /// <exception cref="RemakeException">What they say can't be made, or is too much.</exception>
    /// <exception cref="UsageException">A list of seeds or styles can't be read.</exception>
    /// <exception cref="ModelException">The model doesn't take it.</exception>
    public static Likeness Compare(ImageGenerator generator, Provenance claimed, Image<Rgba32> picture, string path, CancellationToken stop)
    {
        var seeds = SeedList.Parse(claimed.Seeds!);
        if (generator.Model.Metadata?.Task is ModelTask.Sound)
            throw new RemakeException("The model that is named makes sounds, not pictures.");
        if (generator.Model.Metadata?.Task is ModelTask.Video)
            return CompareClips(new VideoGenerator(generator), claimed, seeds, picture, path, stop);
        return claimed.Frames is { } frames ? CompareWalk(generator, claimed, seeds, frames, picture, path, stop)
            : IsAnimation(path) ? Likeness.Moving : CompareImages(generator, claimed, seeds, picture, path, stop);
    }

    // Who shows animations shows other frames of it than the one that is compared.
    private static bool IsAnimation(string path) => new FileInfo(path).Length <= LargestFile
        ? FrameCount.IsAnimation(File.ReadAllBytes(path))
        : throw new RemakeException($"A file of more than {LargestFile >> 30} GB isn't looked through for further frames.");

    private static Likeness CompareImages(ImageGenerator generator, Provenance claimed, IReadOnlyList<ulong> seeds, Image<Rgba32> picture,
        string path, CancellationToken stop)
    {
        var indices = SeedList.Parse(claimed.Indices ?? "0", "Indices");
        var mixes = claimed.StyleMix is { } text ? StyleMixes.Parse(text) : [];
        var prompts = PromptList.Read(claimed.Prompt);
        var labels = claimed.Label?.Split(',').Select(Number).ToArray() ?? [];
        if (seeds.Count > 1 && indices.Count > 1)
            throw new RemakeException("Several seeds have several images each, which no verb writes.");
        var chosen = seeds.Count > 1 ? seeds.Select(seed => new Sample(seed, indices[0])) : indices.Select(i => new Sample(seeds[0], i));
        var samples = chosen.Select((sample, i) => Ask(generator.Model, claimed, sample with
        {
            Label = labels.Length == 0 ? null : labels[i % labels.Length],
            Prompt = prompts.Count == 0 ? null : prompts[i % prompts.Count],
        })).ToArray();
        if (GridPlan.CountOf(samples.Length, mixes.Count) > MostImages)
            throw Many(GridPlan.CountOf(samples.Length, mixes.Count));

        // An image by itself may have a style mixed in without being a table.
        if (samples.Length == 1 && mixes.Count <= 1)
        {
            using var image = Made(generator, [.. mixes.Count == 0 ? samples : StyleMixes.Mix(samples[0], mixes)], stop)[0];
            if (image.Size() == picture.Size() || (mixes.Count == 0 && !IsGridOf(picture, image.Width, image.Height)))
                return CompareMarked(generator.Model, claimed, image, picture, path);
        }
        return CompareGrid(generator, claimed, new(samples, mixes, null, null), picture, path, stop);
    }

    // All beside each other, or one alone.
    private static Likeness CompareClips(VideoGenerator generator, Provenance claimed, IReadOnlyList<ulong> seeds, Image<Rgba32> picture,
        string path, CancellationToken stop)
    {
        var samples = Samples(claimed, seeds);
        if ((long)samples.Length * generator.Frames > MostImages)
            throw Many((long)samples.Length * generator.Frames);
        // Before anything is made: marks may ask for much.
        var grids = (from scale in Enumerable.Range(1, LargestScale)
                     let columns = Columns(picture, generator.Width * scale, generator.Height * scale, samples.Length)
                     where columns is not null
                     select (Scale: scale, Columns: columns.Value)).ToArray();
        if (grids.Length == 0)
            return Likeness.OtherSize(picture, $"{samples.Length} clips of {generator.Width} × {generator.Height} pixels");
        var length = (long)samples.Length * generator.Frames * generator.Channels * generator.Height * generator.Width;
        if (length > MostValues)
            throw new RemakeException(string.Create(CultureInfo.InvariantCulture, $"{length:N0} values are more than the {MostValues:N0} that are made to check one file."));
        float[] values = [.. generator.Stream(samples, stop).SelectMany(batch => batch.Values.ToArray())];
        var clips = new VideoBatch(values, samples.Length, generator.Frames, generator.Channels, generator.Height, generator.Width,
            generator.FramesPerSecond);
        Likeness? best = null;
        foreach (var (scale, columns) in grids)
        {
            var likeness = Likeness.OfAnimation(GifFrames.Read(path, clips.Frames),
                ClipAnimation.Grids(clips, new ImageGridOptions { Columns = columns, Scale = scale }), path);
            if (likeness.IsThatImage)
                return likeness;
            best ??= likeness;
        }
        return best!;
    }

    /// <summary>What marks ask for by seeds or numbers, and by class.</summary>
    /// <exception cref="RemakeException">They ask for too much, or for what no verb writes.</exception>
    public static Sample[] Samples(Provenance claimed, IReadOnlyList<ulong> seeds)
    {
        var indices = SeedList.Parse(claimed.Indices ?? "0", "Indices");
        var labels = claimed.Label?.Split(',').Select(Number).ToArray() ?? [];
        if (seeds.Count > 1 && indices.Count > 1)
            throw new RemakeException("Several seeds have several images each, which no verb writes.");
        if (Math.Max(seeds.Count, indices.Count) > MostImages)
            throw Many(Math.Max(seeds.Count, indices.Count));
        return [.. (seeds.Count > 1 ? seeds.Select(seed => new Sample(seed, indices[0])) : indices.Select(i => new Sample(seeds[0], i)))
            .Select((sample, i) => labels.Length == 0 ? sample : sample with { Label = labels[i % labels.Length] })];
    }

    private static Likeness CompareGrid(ImageGenerator generator, Provenance claimed, GridPlan plan, Image<Rgba32> picture, string path,
        CancellationToken stop)
    {
        var images = Made(generator, plan.Samples, stop);
        try
        {
            if (plan.IsTable)
                images.Insert(0, new Image<L8>(images[0].Width, images[0].Height, new L8(byte.MaxValue)));
            var (width, height) = (images[0].Width, images[0].Height);
            Likeness? best = null;
            foreach (var scale in Enumerable.Range(1, LargestScale))
                if (Columns(picture, width * scale, height * scale, images.Count) is { } columns
                    && (plan.Columns is null || plan.Columns == columns))
                {
                    using var grid = ImageGrid.Compose(images, new ImageGridOptions { Columns = columns, Scale = scale });
                    var likeness = CompareMarked(generator.Model, claimed, grid, picture, path);
                    if (likeness.IsThatImage)
                        return likeness;
                    best ??= likeness;
                }
            return best ?? Likeness.OtherSize(picture, $"a grid of {images.Count} images of {width} × {height} pixels");
        }
        finally
        {
            images.ForEach(image => image.Dispose());
        }
    }

    // With the watermark that the marks say.
    private static Likeness CompareMarked(ModelDescription model, Provenance claimed, Image made, Image<Rgba32> picture, string path)
    {
        if (claimed.Watermark is not { } name || made.Size() != picture.Size())
            return Likeness.Of(picture, made, path);
        var watermark = ModelWatermark.Of(name, model) ?? throw new RemakeException($"There is no watermark '{name}' in this version.");
        using var marked = watermark.Embed(made, out _);
        return Likeness.Of(picture, marked, path, isMarked: true);
    }

    private static bool IsGridOf(Image picture, int width, int height) =>
        Enumerable.Range(1, LargestScale).Any(scale => Columns(picture, width * scale, height * scale, 1) is not null);

    // How many images a grid has in a row, if it is one of such tiles; null if it is none.
    private static int? Columns(Image picture, int width, int height, int count)
    {
        var gap = new ImageGridOptions().Gap;
        var ((columns, beside), (rows, below)) =
            (Math.DivRem(picture.Width + gap, width + gap), Math.DivRem(picture.Height + gap, height + gap));
        return beside == 0 && below == 0 && columns > 0 && rows == (count - 1) / columns + 1 ? columns : null;
    }

    private static Likeness CompareWalk(ImageGenerator generator, Provenance claimed, IReadOnlyList<ulong> seeds, string frames,
        Image<Rgba32> picture, string path, CancellationToken stop)
    {
        var (first, last, all, isClosed) = Frames(frames);
        if (last - first >= MostImages)
            throw Many(last - first + 1L);
        if (seeds.Count < 2 || all < seeds.Count)
            throw new RemakeException($"A walk of {all} frames through {seeds.Count} seeds is none.");
        var model = generator.Model;
        var walk = new LatentWalk(new LatentSampler(model.LatentSize, model.LatentDistribution), seeds, all, isClosed);
        var sample = Ask(model, claimed, new(seeds[0], Label: claimed.Label is { } label ? Number(label) : null)
        {
            Prompt = PromptList.Read(claimed.Prompt).FirstOrDefault(),
        });
        if (first == last && IsAnimation(path))
            return Likeness.Moving;
        if (first == last)
        {
            using var image = Batches(generator, walk, first, last, sample, stop).Single().ToImage(0);
            return CompareMarked(model, claimed, image, picture, path);
        }
        var made = ImageAnimation.Enlarged(Batches(generator, walk, first, last, sample, stop));
        return Likeness.OfAnimation(GifFrames.Read(path, last - first + 1), made, path);
    }

    private static IEnumerable<ImageBatch> Batches(ImageGenerator generator, LatentWalk walk, int first, int last, Sample sample,
        CancellationToken stop)
    {
        for (var frame = first; frame <= last; frame += generator.BatchSize)
        {
            var count = Math.Min(generator.BatchSize, last - frame + 1);
            var latents = new float[count * generator.Model.LatentSize];
            walk.Fill(frame, latents);
            yield return generator.FromLatents(latents, sample, stop);
        }
    }

    private static List<Image> Made(ImageGenerator generator, IReadOnlyList<Sample> samples, CancellationToken stop)
    {
        var images = new List<Image>(samples.Count);
        foreach (var batch in generator.Stream(samples, cancellation: stop))
            for (var i = 0; i < batch.Count; i++)
                images.Add(batch.ToImage(i));
        return images;
    }

    // Labels, prompts and styles are told for each image, the rest for all of them.
    private static Sample Ask(ModelDescription model, Provenance claimed, Sample sample)
    {
        if (claimed.Truncation is { } truncation)
            sample = model.Ask(sample, "truncation", truncation);
        return claimed.TruncationCutoff is { } cutoff ? model.Ask(sample, "truncationCutoff", cutoff) : sample;
    }

    // As 7 of 60, 0-59 of 60, or 0-59 of 60, open.
    private static (int First, int Last, int All, bool IsClosed) Frames(string text)
    {
        var isOpen = text.EndsWith(", open", StringComparison.Ordinal);
        return (isOpen ? text[..^", open".Length] : text).Split(" of ") is [var some, var all]
            && some.Split('-') is { Length: 1 or 2 } ends && Number(ends[0]) is var first && Number(ends[^1]) is var last
            && Number(all) is var frames && first <= last && last < frames ? (first, last, frames, !isOpen)
            : throw new RemakeException($"'{text}' are no frames.");
    }

    /// <exception cref="RemakeException">It is no number.</exception>
    internal static int Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
            : throw new RemakeException($"'{text}' in the marks is no number.");

    private static RemakeException Many(long count) => new(string.Create(CultureInfo.InvariantCulture,
        $"{count:N0} images are more than the {MostImages:N0} that are made to check one file."));
}
