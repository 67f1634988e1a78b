using GanOnnx.AspNetCore.Models;
using GanOnnx.AspNetCore.Requests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace GanOnnx.AspNetCore.Endpoints;

/// <summary>What the models say of themselves, for the page to make its controls from.</summary>
internal static class CatalogEndpoint
{
    private const int ExamplePrompts = 16;

    public static void Map(IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/api/models", Describe).WithTags("Images").WithSummary("What the models say of themselves, and what they take.");

    private static IResult Describe(ModelCatalog catalog, IOptions<GanOnnxOptions> options,
        EndpointDataSource endpoints) => Results.Json(new
        {
            verifies = endpoints.Endpoints.Any(endpoint => endpoint.Metadata.GetMetadata<VerifiesPictures>() is not null),
            limits = new { images = options.Value.MaxImages, pixels = options.Value.MaxPixels, bytes = options.Value.MaxBodySize },
            models = catalog.All.Select(model => Described(model, catalog.AliasesOf(model.Name))),
        }, Answers.Json);

    private static object Described(LoadedModel model, IEnumerable<string> aliases)
    {
        var (description, translator) = (model.Description, model.Translator);
        var (metadata, training) = (description.Metadata, description.Metadata?.Training);
        var source = translator?.Loaded.Source;
        return new
        {
            model.Name,
            aliases,
            Task = model.Sounds is not null ? "sound" : model.Clips is not null ? "video" : translator is null ? description.HasPrompt ? "text-to-image" : "generate" : metadata?.Task is Inference.ModelTask.Upscale ? "upscale" : "translate",
            metadata?.License,
            metadata?.Architecture,
            training?.Data,
            training?.ImagesSeen,
            training?.Loss,
            training?.Tool,
            training?.Figures,
            description.Sha256,
            description.FileSize,
            model.Provider,
            model.Notice,
            model.Sounds?.Rate,
            model.Clips?.Frames,
            model.Clips?.FramesPerSecond,
            description.Channels,
            description.Height,
            description.Width,
            description.LatentSize,
            description.IsConditional,
            description.Classes,
            description.Takes,
            Prompts = metadata?.Text?.Examples.Take(ExamplePrompts),
            model.StyleLayers,
            Source = source is null ? null : new { Channels = source.Channels, Height = source.Height, Width = source.Width },
            Inputs = description.Inputs.Select(input => input.ToString()),
            Outputs = description.Outputs.Select(output => output.ToString()),
            model.Card,
        };
    }
}
