using System.Threading.RateLimiting;
using GanOnnx.AspNetCore;
using GanOnnx.AspNetCore.Models;
using GanOnnx.AspNetCore.Requests;
using GanOnnx.Imaging;
using GanOnnx.Inference;
using GanOnnx.Shared;
using GanOnnx.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Errors = GanOnnx.AspNetCore.Errors;

namespace GanOnnx.Server.Verification;

/// <summary>Whether what a picture says of its origin holds, as <c>gan verify</c> tells it, with the models that are served.</summary>
internal static class VerifyEndpoint
{
    // What the answer calls it.
    private const string Name = "picture";

    public static IEndpointConventionBuilder Map(IEndpointRouteBuilder endpoints) => endpoints.MapPost("/api/verify", Verify)
        .AddEndpointFilter(new ProblemFilter()).WithMetadata(new VerifiesPictures()).WithTags("Images")
        .WithSummary("The body is a picture; the answer is whether what it says of its origin holds.")
        .Accepts<byte[]>("image/png", "image/jpeg", "image/webp", "image/gif", "image/bmp").Produces(StatusCodes.Status200OK);

    private static async Task<IResult> Verify(HttpContext context, ModelCatalog catalog, PictureChecks checks,
        IOptions<GanOnnxOptions> options)
    {
        if (context.Request.ContentType is not { } type || !type.StartsWith("image/", StringComparison.OrdinalIgnoreCase))
            throw Errors.WrongContentType(context.Request.ContentType, "image/png, image/jpeg, image/webp, image/gif or image/bmp");
        var body = await Body.Read(context, options.Value.MaxBodySize).ConfigureAwait(false);
        var deadline = Deadline.Of(context, null, options.Value.Timeout);
        using var place = await checks.Place(deadline.Token).ConfigureAwait(false);
        using var rented = new RentedModels(catalog);
        var result = await Task.Run(() => Check(body, rented, checks.Detector, options.Value.MaxPixels, deadline.Token), deadline.Token)
            .ConfigureAwait(false);
        return Results.Json(result, Answers.Json);
    }

    private static VerifiedPicture Check(byte[] body, RentedModels models, Lazy<PictureDetector?> detector, long maxPixels,
        CancellationToken stop)
    {
        using var scratch = ScratchFolder.InTemp();
        var path = Path.Combine(scratch.Path, Name);
        File.WriteAllBytes(path, body);
        var result = new PictureVerifier(models, null, detector, stop) { MaxPixels = maxPixels }.Verify(path);
        return result with
        {
            File = Name,
            // Where files lie is nobody's business.
            Reasons = [.. result.Reasons.Select(reason => models.WithoutPaths(reason.Replace($"'{path}'", $"The {Name}", StringComparison.Ordinal)))],
            Model = result.Model is { } model ? models.WithoutPaths(model) : null,
        };
    }

    /// <summary>What all checks share. Making images again takes all cores, so a few are done at a time; some more may wait.</summary>
    internal sealed class PictureChecks(IOptions<GanOnnxOptions> options) : IDisposable
    {
        private readonly ConcurrencyLimiter _places = new(new()
        {
            PermitLimit = Environment.ProcessorCount,
            QueueLimit = options.Value.PictureQueueLimit,
        });

        /// <summary>Loaded with the first picture that needs it; null where it isn't shipped with this server.</summary>
        public Lazy<PictureDetector?> Detector { get; } = new(() => FoundDetection.Shipped(CancellationToken.None));

        /// <exception cref="QueueFullException">Too many wait.</exception>
        public async Task<IDisposable> Place(CancellationToken stop)
        {
            var lease = await _places.AcquireAsync(1, stop).ConfigureAwait(false);
            return lease.IsAcquired ? lease : throw new QueueFullException("Too many pictures wait.");
        }

        public void Dispose()
        {
            _places.Dispose();
            if (Detector.IsValueCreated)
                Detector.Value?.Dispose();
        }
    }

    /// <summary>The models that a check uses, which aren't closed before it is done.</summary>
    private sealed class RentedModels(ModelCatalog catalog) : IModels, IDisposable
    {
        private readonly List<LoadedModel> _models = [];

        public ImageGenerator? Find(string sha256)
        {
            var model = catalog.All.FirstOrDefault(model => model.Rows is not null
                && model.Description.Sha256.Equals(sha256, StringComparison.OrdinalIgnoreCase) && model.TryRent());
            if (model is not null)
                _models.Add(model);
            return model?.Rows;
        }

        public string? PathOf(string beginning) => catalog.All.FirstOrDefault(model => model.Description.Sha256.StartsWith(beginning,
            StringComparison.OrdinalIgnoreCase))?.Name;

        public string WithoutPaths(string text) => catalog.All.Aggregate(text, (shown, model) =>
            shown.Replace(model.Description.Path, model.Name, StringComparison.Ordinal));

        public void Dispose() => _models.ForEach(model => model.Return());
    }
}
