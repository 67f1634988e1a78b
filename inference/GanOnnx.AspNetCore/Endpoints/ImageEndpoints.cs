using System.Globalization;
using GanOnnx.AspNetCore.Models;
using GanOnnx.AspNetCore.Requests;
using GanOnnx.Imaging;
using GanOnnx.Inference;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace GanOnnx.AspNetCore.Endpoints;

/// <summary>Single images by address, as the page asks for them: an image is its seed, so its address makes it again.</summary>
internal static class ImageEndpoints
{
    /// <summary>The name of the endpoint that addresses of images lead to.</summary>
    public const string ImageName = "GanOnnx.Image";

    private const int MostSeeds = 16, MostFrames = 240, FramesPerSeed = 24, FramesPerSecond = 24;

    private static readonly string[] _format = ["size", "format", "quality", "timeout"];
    private static readonly string[] _image = ["seed", "index", .. Asking.Names, .. _format];
    private static readonly string[] _walk = ["seeds", "frames", "frame", "open", "fps", .. Asking.Names, .. _format];

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/api").WithTags("Images");
        group.MapGet("/images/{model}", Generate).WithName(ImageName).WithSummary("Image `index` of a seed, as a file.")
            .Produces<byte[]>(200, "image/png", "image/jpeg", "image/webp");
        group.MapPost("/images/{model}", Translate).WithSummary("The body is a picture; the answer is what the model makes of it.")
            .Accepts<byte[]>("image/png", "image/jpeg", "image/webp", "image/gif", "image/bmp")
            .Produces<byte[]>(200, "image/png", "image/jpeg", "image/webp");
        group.MapGet("/walks/{model}", Walk)
            .WithSummary("A walk from seed to seed as an animated GIF that loops, or one of its frames.")
            .Produces<byte[]>(200, "image/gif", "image/png", "image/jpeg", "image/webp");
    }

    private static async Task<IResult> Generate(string model, HttpContext context, ModelCatalog catalog, IOptions<GanOnnxOptions> options)
    {
        var fields = Fields.OfQuery(context.Request, _image);
        var rented = catalog.Rent(context, model);
        var sample = Asking.Image(rented, fields);
        var format = PictureFormat.Read(fields, "format", "quality", options.Value.MaxPixels);
        var deadline = Deadline.Of(context, fields.Seconds("timeout"), options.Value.Timeout);
        await foreach (var picture in Pictures.Generate(rented, sample, 1, format, deadline).ConfigureAwait(false))
        {
            Answers.SayWhich(context.Response, rented.Description, sample);
            return Results.Bytes(picture, format.MediaType);
        }
        return Results.Empty;
    }

    private static async Task<IResult> Translate(string model, HttpContext context, ModelCatalog catalog, IOptions<GanOnnxOptions> options)
    {
        var fields = Fields.OfQuery(context.Request, _format);
        var format = PictureFormat.Read(fields, "format", "quality", options.Value.MaxPixels);
        if (context.Request.ContentType?.StartsWith("image/", StringComparison.OrdinalIgnoreCase) != true)
            throw Errors.WrongContentType(context.Request.ContentType, "image/png, image/jpeg, image/webp, image/gif or image/bmp");
        var body = await Body.Read(context, options.Value.MaxBodySize).ConfigureAwait(false);
        var rented = catalog.Rent(context, model);
        var deadline = Deadline.Of(context, fields.Seconds("timeout"), options.Value.Timeout);
        var made = await Pictures.Translate(rented, new MemoryStream(body), format, options.Value, deadline).ConfigureAwait(false);
        return Results.Bytes(made, format.MediaType);
    }

    private static async Task<IResult> Walk(string model, HttpContext context, ModelCatalog catalog, IOptions<GanOnnxOptions> options)
    {
        var fields = Fields.OfQuery(context.Request, _walk);
        var rented = catalog.Rent(context, model);
        var description = Asking.Generator(rented).Model;
        var seeds = Seeds(fields);
        var frames = (int)(fields.Whole("frames", seeds.Length, MostFrames) ?? Math.Min(FramesPerSeed * seeds.Length, MostFrames));
        var walk = new LatentWalk(new(description.LatentSize, description.LatentDistribution), seeds, frames, fields.Flag("open") != true);
        var sample = Asking.All(rented, fields, new Sample(seeds[0]));
        if (description.IsConditional && sample.Label is null)
            throw Errors.NeedsClass(rented.Name, "label");
        var origin = Provenance.Of(description, sample) with { Seeds = string.Join(',', seeds) };
        var frame = (int?)fields.Whole("frame", 0, frames - 1);
        var format = PictureFormat.Read(fields, "format", "quality", options.Value.MaxPixels);
        var fps = fields.Whole("fps", 1, (long)ImageAnimation.HighestFramesPerSecond) ?? FramesPerSecond;
        var deadline = Deadline.Of(context, fields.Seconds("timeout"), options.Value.Timeout);

        if (frame is null && (long)frames * (description.Height ?? 0) * (description.Width ?? 0) > options.Value.MaxPixels)
            throw Errors.TooLongAWalk(frames, (long)description.Height!.Value * description.Width!.Value, options.Value.MaxPixels);
        using var place = frame is null ? await rented.Place(deadline.Token).ConfigureAwait(false) : null;
        var images = await Frames(rented, walk, sample, frame ?? 0, frame is null ? frames : 1, deadline).ConfigureAwait(false);
        if (frame is { } number)
            return Results.Bytes(Encode(images[0], format, origin with { Frames = Provenance.FramesOf(walk, $"{number}") }), format.MediaType);
        return Results.Bytes(ImageAnimation.Encode(ImageAnimation.Enlarged(images), fps, new()
        {
            Loop = walk.IsClosed,
            Provenance = origin with { Frames = Provenance.FramesOf(walk, $"0-{frames - 1}") },
        }), "image/gif");
    }

    // A batch at a time: a long walk takes no more room in the queue than others.
    private static async Task<List<ImageBatch>> Frames(LoadedModel model, LatentWalk walk, Sample sample, int first, int count,
        Deadline deadline)
    {
        var generator = Asking.Generator(model);
        var images = new List<ImageBatch>();
        for (var done = 0; done < count; done += generator.BatchSize)
        {
            var latents = new float[Math.Min(generator.BatchSize, count - done) * generator.Model.LatentSize];
            walk.Fill(first + done, latents);
            images.Add(await generator.FromLatentsAsync(latents, sample, deadline.Token).ConfigureAwait(false));
        }
        return images;
    }

    private static byte[] Encode(ImageBatch images, PictureFormat format, Provenance origin)
    {
        using var image = images.ToImage(0);
        return ImageFile.Encode(image, format.Extension, format.Saving with { Provenance = origin });
    }

    private static ulong[] Seeds(Fields fields)
    {
        if (fields.Text("seeds") is not { } text)
            throw Errors.Missing("seeds", "two seeds or more, as 1,5,9,");
        var seeds = text.Split(',', StringSplitOptions.TrimEntries)
            .Select(part => ulong.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var seed) ? seed : (ulong?)null)
            .ToArray();
        return seeds.Length is >= 2 and <= MostSeeds && seeds.All(seed => seed is not null) ? [.. seeds.Select(seed => seed!.Value)]
            : throw Errors.Wrong("seeds", $"'{Errors.Shown(text)}'", $"2 to {MostSeeds} seeds, as 1,5,9,");
    }
}
