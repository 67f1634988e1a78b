using System.Globalization;
using GanOnnx.Imaging;
using GanOnnx.Inference;

namespace ImageService;

/// <summary><c>GET /images/{label}?seed=7</c>: a PNG file with its provenance.</summary>
internal static class ImageEndpoint
{
    // A class's name may hold a slash, as "T-shirt/top" does.
    public static void MapImages(this IEndpointRouteBuilder app) => app.MapGet("/images/{**label}", GetImage);

    private static async Task<IResult> GetImage(
        string? label, string? seed, ImageGenerator generator, HttpResponse response, CancellationToken clientLeft)
    {
        if (!TryParse(seed, out var number))
            return Problem(StatusCodes.Status400BadRequest, $"'{seed}' is no seed. Give a whole number from 0 to {ulong.MaxValue}.");
        if (!TryFind(generator.Model, label, out var index, out var sentence))
            return Problem(StatusCodes.Status400BadRequest, sentence);

        try
        {
            // Requests that come at the same time share the model's batches.
            var images = await generator.GenerateAsync(1, number, index, cancellation: clientLeft);
            return Results.Bytes(Png(images, generator.Model, number, index), "image/png");
        }
        catch (QueueFullException)
        {
            response.Headers.RetryAfter = "1";
            return Problem(StatusCodes.Status503ServiceUnavailable, "Too many images wait. Ask again later.");
        }
    }

    private static bool TryParse(string? seed, out ulong number)
    {
        number = (ulong)Random.Shared.NextInt64();
        return seed is null || ulong.TryParse(seed, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    private static bool TryFind(ModelDescription model, string? label, out int? index, out string sentence)
    {
        (index, sentence) = (null, "");
        if (label is null)
            return true;
        try
        {
            index = model.FindLabel(label.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase));
            return true;
        }
        catch (ModelException e)
        {
            // Where the model's file is, is nobody's business out there.
            sentence = e.Message.Replace($"'{model.Path}'", "The model", StringComparison.Ordinal);
            return false;
        }
    }

    private static byte[] Png(ImageBatch images, ModelDescription model, ulong seed, int? label)
    {
        using var image = images.ToImage(0);
        return ImageFile.Encode(image, ".png", new()
        {
            Provenance = new()
            {
                Model = model.Name,
                ModelSha256 = model.Sha256,
                Seeds = seed.ToString(CultureInfo.InvariantCulture),
                Indices = "0",
                Label = label?.ToString(CultureInfo.InvariantCulture),
            },
        });
    }

    private static IResult Problem(int status, string sentence) => Results.Problem(sentence, statusCode: status);
}
