using System.Reflection;
using GanOnnx.AspNetCore.Models;
using GanOnnx.AspNetCore.Requests;
using GanOnnx.AspNetCore.Tensors;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace GanOnnx.AspNetCore.Endpoints;

/// <summary>The Open Inference Protocol, version 2 (https://github.com/kserve/open-inference-protocol), over HTTP.</summary>
internal static class InferenceEndpoints
{
    /// <summary>There is one of each model.</summary>
    public const string Version = "1";

    /// <summary>What is served, and by what.</summary>
    public const string ServerName = "ganonnx";

    public const string Platform = "onnx_onnxv1";

    public static IReadOnlyList<string> Extensions { get; } = ["binary_tensor_data"];

    public static string ServerVersion { get; } = Assembly.GetExecutingAssembly().GetName().Version!.ToString(3);

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/v2").WithTags("Open Inference Protocol").WithMetadata(new Problem.PlainErrors());
        group.MapGet("/", () => Json(new { name = ServerName, version = ServerVersion, extensions = Extensions }))
            .WithSummary("The server.");
        group.MapGet("/health/live", () => Json(new { live = true })).WithSummary("Whether the server is alive.");
        group.MapGet("/health/ready", (ModelCatalog catalog) => catalog.IsReady ? Json(new { ready = true })
            : Results.Json(new { ready = false }, statusCode: StatusCodes.Status503ServiceUnavailable)).WithSummary("Whether all models are loaded.");
        foreach (var model in (string[])["/models/{model}", "/models/{model}/versions/{version}"])
        {
            group.MapGet(model, Describe).WithSummary("A model's tensors.");
            group.MapGet($"{model}/ready", Ready).WithSummary("Whether a model is loaded.");
            group.MapPost($"{model}/infer", Infer).WithSummary("Run a model on tensors, JSON or binary.");
        }
    }

    private static IResult Describe(string model, string? version, ModelCatalog catalog, HttpContext context)
    {
        var rented = Rent(context, catalog, model, version);
        return Json(new
        {
            rented.Name,
            versions = new[] { Version },
            platform = Platform,
            inputs = rented.Description.Inputs.Select(Tensor.Describe),
            outputs = rented.Description.Outputs.Select(Tensor.Describe),
        });
    }

    private static IResult Ready(string model, string? version, ModelCatalog catalog, HttpContext context) =>
        Json(new { name = Rent(context, catalog, model, version).Name, ready = true });

    private static async Task<IResult> Infer(string model, string? version, HttpContext context, ModelCatalog catalog,
        IOptions<GanOnnxOptions> options)
    {
        var body = await TensorBody.Read(context, options.Value.MaxBodySize).ConfigureAwait(false);
        var rented = Rent(context, catalog, model, version);
        var deadline = Deadline.Of(context, body.Timeout, options.Value.Timeout);
        var made = await TensorRun.Run(rented, body.Inputs, [.. body.Outputs], options.Value, deadline).ConfigureAwait(false);
        return body.Answer(rented.Name, made);
    }

    private static LoadedModel Rent(HttpContext context, ModelCatalog catalog, string model, string? version) =>
        version is null or Version ? catalog.Rent(context, model) : throw Errors.NoVersion(model, version);

    private static IResult Json(object value) => Results.Json(value, Answers.Json);
}
