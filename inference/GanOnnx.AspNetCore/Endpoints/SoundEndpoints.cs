using System.Text.Json.Serialization;
using GanOnnx.AspNetCore.Models;
using GanOnnx.AspNetCore.Requests;
using GanOnnx.Audio;
using GanOnnx.Imaging;
using GanOnnx.Inference;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace GanOnnx.AspNetCore.Endpoints;

/// <summary>Single sounds as WAV files: by address, as the page asks for them, and by OpenAI's speech API
/// (https://platform.openai.com/docs/api-reference/audio/createSpeech).</summary>
internal static class SoundEndpoints
{
    private const string MediaType = "audio/wav";

    private static readonly string[] _sound = ["seed", "index", "label", "timeout"];
    private static readonly string[] _speech = ["model", "input", "voice", "response_format", "speed", "instructions", "stream_format", .. _sound];

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/api/sounds/{model}", Generate).WithTags("Sounds").WithSummary("Sound `index` of a seed, as a WAV file.")
            .Produces<byte[]>(200, MediaType);
        endpoints.MapPost("/v1/audio/speech", Speak).WithTags("OpenAI").WithSummary("Make a sound.")
            .WithDescription("The input is a class's name or number, for a model with classes; else empty, or any. Answers are WAV files.")
            .Accepts<SpeechRequest>("application/json").Produces<byte[]>(200, MediaType);
    }

    private static Task<IResult> Generate(string model, HttpContext context, ModelCatalog catalog, IOptions<GanOnnxOptions> options)
    {
        var fields = Fields.OfQuery(context.Request, _sound);
        var rented = catalog.Rent(context, model);
        return Answer(context, rented, Asking.Sound(rented, fields), fields, options.Value);
    }

    private static async Task<IResult> Speak(HttpContext context, ModelCatalog catalog, IOptions<GanOnnxOptions> options)
    {
        using var body = await Body.ReadJson(context, options.Value.MaxBodySize).ConfigureAwait(false);
        var fields = Fields.OfJson(body.RootElement, _speech);
        // What clients send by themselves is taken, as long as it asks for nothing. A voice is the model's.
        fields.OnlyDefault("response_format", ["wav"]);
        fields.OnlyDefault("speed", ["1", "1.0"]);
        fields.OnlyDefault("stream_format", ["audio"]);
        var rented = catalog.Rent(context, fields.Text("model"));
        return await Answer(context, rented, Asking.Sound(rented, fields, fields.Text("input")), fields, options.Value).ConfigureAwait(false);
    }

    private static async Task<IResult> Answer(HttpContext context, LoadedModel model, Sample sample, Fields fields, GanOnnxOptions options)
    {
        var (generator, deadline) = (model.Sounds!, Deadline.Of(context, fields.Seconds("timeout"), options.Timeout));
        var sounds = await generator.GenerateAsync(1, sample.Seed, sample.Label, sample.Index, deadline.Token).ConfigureAwait(false);
        Answers.SayWhich(context.Response, generator.Model, sample);
        return Results.Bytes(SoundFile.Encode(sounds, 0, Provenance.Of(generator.Model, sample)), MediaType);
    }
}

/// <summary>What OpenAI's speech API takes here.</summary>
/// <param name="Model">The model; without it, the only one.</param>
/// <param name="Input">A class's name or number; empty, or any, for any.</param>
/// <param name="Voice">Not looked at: a voice is the model's.</param>
/// <param name="ResponseFormat">wav alone.</param>
/// <param name="Seed">Which sound; drawn where there is none.</param>
internal sealed record SpeechRequest(string? Model, string? Input, string? Voice,
    [property: JsonPropertyName("response_format")] string? ResponseFormat, ulong? Seed);
