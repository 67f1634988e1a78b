using GanOnnx.AspNetCore.Models;
using GanOnnx.AspNetCore.Requests;
using GanOnnx.Imaging;
using GanOnnx.Inference;
using GanOnnx.Video;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace GanOnnx.AspNetCore.Endpoints;

/// <summary>Single clips as GIF files, or MP4 files where FFmpeg is installed.</summary>
internal static class VideoEndpoints
{
    private const string Gif = "image/gif", Mp4 = "video/mp4";

    private static readonly string[] _clip = ["seed", "index", "label", "format", "timeout"];

    public static void Map(IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/api/videos/{model}", Generate).WithTags("Videos").WithSummary("Clip `index` of a seed, as a GIF file.")
            .WithDescription("With `format=mp4` an MP4 file, where ffmpeg is installed.").Produces<byte[]>(200, Gif, Mp4);

    private static async Task<IResult> Generate(string model, HttpContext context, ModelCatalog catalog, IOptions<GanOnnxOptions> options)
    {
        var fields = Fields.OfQuery(context.Request, _clip);
        var format = fields.Text("format")?.ToLowerInvariant() ?? "gif";
        if (format is not ("gif" or "mp4"))
            throw Errors.NoVideoFormat(format);
        if (format == "mp4" && !VideoFile.CanWriteMp4)
            throw Errors.NoFfmpeg();
        var rented = catalog.Rent(context, model);
        var sample = Asking.Clip(rented, fields);
        var (generator, deadline) = (rented.Clips!, Deadline.Of(context, fields.Seconds("timeout"), options.Value.Timeout));
        // A file of many frames takes more memory than a picture.
        using var place = await rented.Place(deadline.Token).ConfigureAwait(false);
        var clips = await generator.GenerateAsync(1, sample.Seed, sample.Label, sample.Index, deadline.Token).ConfigureAwait(false);
        Answers.SayWhich(context.Response, generator.Model, sample);
        var file = await Task.Run(() => VideoFile.Encode(clips, 0, $".{format}", Provenance.Of(generator.Model, sample), deadline.Token), deadline.Token).ConfigureAwait(false);
        return Results.Bytes(file, format == "gif" ? Gif : Mp4);
    }
}
