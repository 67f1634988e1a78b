using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using GanOnnx.AspNetCore.Models;
using GanOnnx.AspNetCore.Requests;
using GanOnnx.Inference;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace GanOnnx.AspNetCore.Endpoints;

/// <summary>OpenAI's images API (https://platform.openai.com/docs/api-reference/images) on the models that are served.</summary>
internal static class OpenAIEndpoints
{
    // What clients send by themselves is taken, as long as it asks for nothing.
    private static readonly Dictionary<string, string[]> _bothDefaults = new()
    {
        ["quality"] = ["auto", "standard"],
        ["background"] = ["auto"],
        ["partial_images"] = ["0"],
    };

    private static readonly Dictionary<string, string[]> _generationDefaults = new(_bothDefaults)
    {
        ["style"] = ["vivid"],
        ["moderation"] = ["auto"],
    };

    private static readonly Dictionary<string, string[]> _editDefaults = new(_bothDefaults) { ["input_fidelity"] = ["low", "high"] };

    private static readonly string[] _generation = [.. NamesOf<GenerationRequest>(), .. _generationDefaults.Keys];

    // A mask is refused with a sentence of its own.
    private static readonly string[] _edit = [.. NamesOf<EditRequest>(), .. _editDefaults.Keys, "mask"];

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/v1").WithTags("OpenAI");
        group.MapGet("/models", Models).WithSummary("The models there are, and their aliases.");
        group.MapGet("/models/{model}", Model).WithSummary("One of the models.");
        group.MapPost("/images/generations", Generate).WithSummary("Make images.")
            .WithDescription("The prompt is what the images are to show, for a model that takes prompts; a class's name or number, for one with classes; else empty, or any.")
            .Accepts<GenerationRequest>("application/json").Produces<ImagesResponse>();
        group.MapPost("/images/edits", Edit).WithSummary("Make pictures of pictures, with a model from image to image.")
            .Accepts<EditRequest>("multipart/form-data").Produces<ImagesResponse>();
    }

    private static IResult Models(ModelCatalog catalog)
    {
        var models = catalog.All;
        return Json(new
        {
            @object = "list",
            data = models.SelectMany(model => catalog.AliasesOf(model.Name).Prepend(model.Name).Select(name => Described(model, name))),
        });
    }

    private static IResult Model(string model, ModelCatalog catalog, HttpContext context) =>
        Json(Described(catalog.Rent(context, model), model));

    private static object Described(LoadedModel model, string name) => new
    {
        id = name,
        @object = "model",
        created = model.Created.ToUnixTimeSeconds(),
        owned_by = "ganonnx",
    };

    private static async Task<IResult> Generate(HttpContext context, ModelCatalog catalog, IOptions<GanOnnxOptions> options,
        LinkGenerator links)
    {
        using var body = await Body.ReadJson(context, options.Value.MaxBodySize).ConfigureAwait(false);
        var fields = Fields.OfJson(body.RootElement, _generation);
        RefuseWhatIsNotHad(fields, _generationDefaults);
        var model = catalog.Rent(context, fields.Text("model"));
        var sample = Asking.ImageOfPrompt(model, fields);
        var count = (int)(fields.Whole("n", 1, options.Value.MaxImages) ?? 1);
        var format = PictureFormat.Read(fields, "output_format", "output_compression", options.Value.MaxPixels);
        var asUrl = fields.Word("response_format", "url", "b64_json") == "url";
        var deadline = Deadline.Of(context, fields.Seconds("timeout"), options.Value.Timeout);
        if (asUrl)
            return Json(Response(format, Enumerable.Range(0, count).Select(i => Linked(sample with { Index = sample.Index + (ulong)i }))));

        var pictures = Pictures.Generate(model, sample, count, format, deadline);
        return await Answer(context, pictures, format, fields.Flag("stream") == true, "image_generation",
            i => Made(sample with { Index = sample.Index + (ulong)i })).ConfigureAwait(false);

        Dictionary<string, object> Made(Sample made)
        {
            var image = new Dictionary<string, object> { ["seed"] = made.Seed, ["index"] = made.Index };
            foreach (var (name, text) in model.Description.AskedBy(made))
                image[JsonNamingPolicy.SnakeCaseLower.ConvertName(name)] = text;
            return image;
        }

        Dictionary<string, object> Linked(Sample made)
        {
            var image = Made(made);
            var values = new RouteValueDictionary(image.Select(pair => KeyValuePair.Create(pair.Key, (object?)pair.Value)))
            {
                ["model"] = model.Name,
                ["format"] = format.Name,
            };
            if (format.Size is { } size)
                values["size"] = string.Create(CultureInfo.InvariantCulture, $"{size.Width}x{size.Height}");
            if (fields.Text("output_compression") is { } quality)
                values["quality"] = quality;
            image["url"] = links.GetUriByName(context, ImageEndpoints.ImageName, values)!;
            return image;
        }
    }

    private static async Task<IResult> Edit(HttpContext context, ModelCatalog catalog, IOptions<GanOnnxOptions> options)
    {
        var form = await Body.ReadForm(context, options.Value.MaxBodySize).ConfigureAwait(false);
        var fields = Fields.Of(form, _edit);
        RefuseWhatIsNotHad(fields, _editDefaults);
        if (form.Files.Any(file => file.Name == "mask") || fields.Text("mask") is { Length: > 0 })
            throw Errors.NoMask();
        var files = form.Files.Where(file => file.Name is "image" or "image[]").ToArray();
        if (files.Length < form.Files.Count)
            throw Errors.Unknown(form.Files.First(file => !files.Contains(file)).Name, ["image", "image[]"]);
        if (files.Length == 0)
            throw Errors.Missing("image", "a picture as a file of the form");
        if (files.Length > options.Value.MaxImages)
            throw Errors.Wrong("image", $"there {files.Length} times", $"at most {options.Value.MaxImages} pictures");
        var model = catalog.Rent(context, fields.Text("model"));
        if (fields.Text("prompt")?.Trim() is { Length: > 0 } prompt && !prompt.Equals("any", StringComparison.OrdinalIgnoreCase))
            throw Errors.NoPrompt(model.Name, prompt);
        if (fields.Whole("n", 1, options.Value.MaxImages) > 1)
            throw Errors.OneOfEach();
        if (fields.Word("response_format", "url", "b64_json") == "url")
            throw Errors.NoAddress();
        var format = PictureFormat.Read(fields, "output_format", "output_compression", options.Value.MaxPixels);
        var deadline = Deadline.Of(context, fields.Seconds("timeout"), options.Value.Timeout);
        return await Answer(context, Translate(), format, fields.Flag("stream") == true, "image_edit", _ => []).ConfigureAwait(false);

        async IAsyncEnumerable<byte[]> Translate()
        {
            foreach (var file in files)
                yield return await Pictures.Translate(model, file.OpenReadStream(), format, options.Value, deadline).ConfigureAwait(false);
        }
    }

    private static void RefuseWhatIsNotHad(Fields fields, Dictionary<string, string[]> defaults)
    {
        foreach (var (name, values) in defaults)
            fields.OnlyDefault(name, values);
    }

    // What the OpenAPI document says can be sent.
    private static IEnumerable<string> NamesOf<TBody>() =>
        new DefaultJsonTypeInfoResolver().GetTypeInfo(typeof(TBody), Answers.Json).Properties.Select(property => property.Name);

    private static async Task<IResult> Answer(HttpContext context, IAsyncEnumerable<byte[]> pictures, PictureFormat format, bool stream,
        string what, Func<int, Dictionary<string, object>> describe)
    {
        var images = new List<Dictionary<string, object>>();
        var events = stream ? new ServerSentEvents(context) : null;
        try
        {
            await foreach (var picture in pictures.ConfigureAwait(false))
            {
                var image = describe(images.Count);
                image["b64_json"] = Convert.ToBase64String(picture);
                images.Add(image);
                if (events is null)
                    continue;
                image["type"] = $"{what}.completed";
                image["created_at"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
                (image["output_format"], image["size"], image["quality"], image["background"]) =
                    (format.Name, Size(format), "auto", "auto");
                await events.Send($"{what}.completed", image).ConfigureAwait(false);
                image.Clear();
            }
        }
        catch (Exception e) when (events is { HasBegun: true } && Sentence(e) is { } sentence)
        {
            // The status is sent already.
            await events.Send("error", new() { ["type"] = "error", ["error"] = new { message = sentence } }).ConfigureAwait(false);
        }
        return events is null ? Json(Response(format, images)) : Results.Empty;

        string? Sentence(Exception e) => context.RequestAborted.IsCancellationRequested ? null
            : e is OperationCanceledException ? Errors.TooLate(context.Features.Get<Deadline>()!.Length)
            : Problem.Of(e, context.Features.Get<LoadedModel>())?.Detail;
    }

    private static object Response(PictureFormat format, IEnumerable<Dictionary<string, object>> images) => new
    {
        created = DateTimeOffset.UtcNow.ToUnixTimeSeconds(),
        output_format = format.Name,
        size = Size(format),
        data = images,
    };

    private static string Size(PictureFormat format) => format.Size is { } size
        ? string.Create(CultureInfo.InvariantCulture, $"{size.Width}x{size.Height}") : "auto";

    private static IResult Json(object value) => Results.Json(value, Answers.Json);
}
