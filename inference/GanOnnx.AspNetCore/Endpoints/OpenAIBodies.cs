using System.ComponentModel;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;

namespace GanOnnx.AspNetCore.Endpoints;

// What bodies may hold, and what the OpenAPI document says of it; they are read value by value, so that an answer says which one is wrong.

internal sealed record GenerationRequest(
    [property: Description("Which model, by name or alias; may be left out where there is one.")] string? Model,
    [property: Description("What the images are to show, for a model that takes prompts; a class's name or number, for one with classes; else empty, or any.")] string? Prompt,
    [property: Description("How many images, 1 to 10.")] int? N,
    [property: Description("auto, the model's own, or width and height as 256x256: resized.")] string? Size,
    [property: JsonPropertyName("response_format"), Description("b64_json, which is the default, or url.")] string? ResponseFormat,
    [property: JsonPropertyName("output_format"), Description("png, which is the default, jpeg or webp.")] string? OutputFormat,
    [property: JsonPropertyName("output_compression"), Description("Quality of JPEG and WebP, 0 to 100.")] int? OutputCompression,
    [property: Description("Send each image when it is made.")] bool? Stream,
    [property: Description("Not looked at.")] string? User,
    [property: Description("Makes the same images again; drawn where it isn't given, and told.")] ulong? Seed,
    [property: Description("The number of the first image of the seed.")] ulong? Index,
    [property: Description("A class's name or number, in the place of a prompt.")] string? Label,
    [property: Description("-2 to 2, for models that have it; 1 is no truncation.")] float? Truncation,
    [property: JsonPropertyName("truncation_cutoff"), Description("The layer from which on truncation doesn't count.")] int? TruncationCutoff,
    [property: JsonPropertyName("style_mix"), Description("A seed and the layer from which on its style counts, as 7:3.")] string? StyleMix,
    [property: Description("Seconds after which it is given up.")] double? Timeout);

internal sealed record EditRequest(
    [property: Description("A PNG, JPEG, WebP, GIF or BMP file.")] IFormFile Image,
    [property: Description("Which model, by name or alias; may be left out where there is one.")] string? Model,
    [property: Description("Empty, or any: models from image to image understand none.")] string? Prompt,
    [property: Description("1: the same picture becomes the same picture each time.")] int? N,
    [property: Description("auto, the model's own, or width and height as 256x256: resized.")] string? Size,
    [property: JsonPropertyName("response_format"), Description("b64_json: pictures aren't kept here.")] string? ResponseFormat,
    [property: JsonPropertyName("output_format"), Description("png, which is the default, jpeg or webp.")] string? OutputFormat,
    [property: JsonPropertyName("output_compression"), Description("Quality of JPEG and WebP, 0 to 100.")] int? OutputCompression,
    [property: Description("Send each picture when it is made.")] bool? Stream,
    [property: Description("Not looked at.")] string? User,
    [property: Description("Seconds after which it is given up.")] double? Timeout);

internal sealed record ImagesResponse(long Created, [property: JsonPropertyName("output_format")] string OutputFormat, string Size,
    IReadOnlyList<ImageResponse> Data);

internal sealed record ImageResponse([property: JsonPropertyName("b64_json")] string? Base64, string? Url, ulong? Seed, ulong? Index);
