using System.Globalization;
using System.Text.Json.Nodes;
using GanOnnx.AspNetCore;
using GanOnnx.AspNetCore.Models;
using GanOnnx.AspNetCore.Requests;
using GanOnnx.CommandLine;
using GanOnnx.Hosting.Internals;
using GanOnnx.Imaging;
using GanOnnx.Inference;
using GanOnnx.Sets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Errors = GanOnnx.AspNetCore.Errors;
using Results = Microsoft.AspNetCore.Http.Results;

namespace GanOnnx.Server.Jobs;

/// <summary>Large sets in the background: asked for, looked at, downloaded file by file, cancelled, removed.</summary>
internal static class JobEndpoints
{
    /// <summary>What one job may ask for.</summary>
    private const long MostImages = 10_000_000, MostFiles = 10_000;

    private const int DefaultPerFile = 1000;

    private static readonly string[] _known = ["model", "count", "seed", "label", "prompt", "truncation", "truncation_cutoff", "format", "encoding", "images_per_file"];

    // A folder is no file that can be sent.
    private static readonly string[] _formats = [.. SetFormat.Names.Where(name => name != SetFormat.Folder)];

    public static IEndpointConventionBuilder Map(IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/v1/jobs").WithTags("Jobs").AddEndpointFilter(new ProblemFilter());
        group.MapPost("", Add).WithSummary("Ask for a large set, made in the background.").Accepts<JobRequest>("application/json")
            .Produces(StatusCodes.Status202Accepted);
        group.MapGet("", (JobStore jobs) => Json(new { @object = "list", data = jobs.All.Select(Described) })).WithSummary("All jobs, the newest first.");
        group.MapGet("/{id}", (string id, JobStore jobs) => Json(Described(jobs.Find(id)))).WithSummary("How far a job is.");
        group.MapPost("/{id}/cancel", Cancel).WithSummary("End the work on a job; what is whole of it stays.");
        group.MapDelete("/{id}", Remove).WithSummary("End it, and remove its files.").Produces(StatusCodes.Status204NoContent);
        group.MapGet("/{id}/files/{name}", File).WithSummary("A file of a job, or its manifest, manifest.jsonl; also in parts (Range).")
            .Produces<byte[]>(contentType: "application/octet-stream");
        return group;
    }

    private static async Task<IResult> Add(HttpContext context, JobStore jobs, ModelCatalog catalog, IOptions<GanOnnxOptions> options)
    {
        using var body = await Body.ReadJson(context, options.Value.MaxBodySize).ConfigureAwait(false);
        var fields = Fields.OfJson(body.RootElement, _known);
        var rented = catalog.Rent(context, fields.Text("model"));
        var model = Asking.Generator(rented).Model;
        var count = fields.Whole("count", 1, MostImages) ?? throw Errors.Missing("count", "the number of images");
        var first = Asking.All(rented, fields, new Sample(fields.Seed("seed") ?? GeneratedPicture.DrawSeed()), ["prompt", "truncation", "truncation_cutoff"]);
        var set = new SetDescription
        {
            Model = Provenance.Of(model, first).Model!,
            ModelSha256 = model.Sha256,
            License = model.Metadata?.License,
            Seed = first.Seed,
            Count = count,
            ImagesPerFile = (int)(fields.Whole("images_per_file", 1, SetDescription.MostPerFile) ?? DefaultPerFile),
            Format = fields.Word("format", _formats) ?? SetFormat.Tar,
            Encoding = fields.Word("encoding", SetFormat.Encodings) ?? SetFormat.Encodings[0],
            Labels = Labels(fields, model),
            Prompt = first.Prompt,
            Truncation = first.Truncation?.ToString(CultureInfo.InvariantCulture),
            TruncationCutoff = first.TruncationCutoff?.ToString(CultureInfo.InvariantCulture),
        };
        if (set.Files > MostFiles)
            throw Errors.Wrong("images_per_file", $"{set.ImagesPerFile}, which makes {set.Files} files", $"what makes at most {MostFiles}");
        if (jobs.IsFull)
            return new Problem(StatusCodes.Status503ServiceUnavailable, $"{JobStore.MostWaiting} jobs wait. Ask again later.", RetryAfter: 60);
        // Its first image, so that what the model doesn't take is told now.
        var deadline = Deadline.Of(context, null, options.Value.Timeout);
        await rented.Generator!.GenerateAsync(1, set.SampleOf(0, model), deadline.Token).ConfigureAwait(false);
        var job = jobs.Add(set);
        context.Response.Headers.Location = PathOf(context, job);
        return Results.Json(Described(job), Answers.Json, statusCode: StatusCodes.Status202Accepted);
    }

    // A set without its labels is of little use.
    private static IReadOnlyList<int>? Labels(Fields fields, ModelDescription model)
    {
        try
        {
            return fields.Text("label") is { Length: > 0 } text ? LabelList.Find(text, model, "label")
                : model.IsConditional ? LabelList.All(model, "label") : null;
        }
        catch (UsageException e)
        {
            throw new RequestException(StatusCodes.Status400BadRequest, e.Message.Replace($"'{model.Path}'", $"'{model.Name}'", StringComparison.Ordinal),
                "label");
        }
    }

    private static async Task<IResult> Cancel(string id, JobStore jobs, HttpContext context)
    {
        var job = jobs.Find(id);
        await jobs.Cancel(job, context.RequestAborted).ConfigureAwait(false);
        return Json(Described(job));
    }

    private static async Task<IResult> Remove(string id, JobStore jobs)
    {
        // Whoever leaves doesn't leave half of it.
        await jobs.Remove(jobs.Find(id), CancellationToken.None).ConfigureAwait(false);
        return Results.NoContent();
    }

    private static IResult File(string id, string name, JobStore jobs)
    {
        var job = jobs.Find(id);
        if (name == SetManifest.FileName)
            return Results.File(Shared(job.ManifestPath), "application/jsonl", name);
        if (job.Files(job.Read()).FirstOrDefault(file => file.File == name) is { } entry)
            return Results.File(Shared(Path.Combine(job.Folder, entry.File)), "application/octet-stream", name, entityTag: new EntityTagHeaderValue($"\"{entry.Sha256}\""),
                enableRangeProcessing: true);
        throw new RequestException(StatusCodes.Status404NotFound, "The job has no such file yet. Its manifest.jsonl tells which are whole.", "name");
    }

    // While a file is sent, its job may go on or be removed.
    private static FileStream Shared(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1, FileOptions.Asynchronous | FileOptions.SequentialScan);

    private static JsonObject Described(Job job)
    {
        var manifest = job.Read();
        var set = manifest.Description!;
        var files = job.Files(manifest);
        var isDone = files.Count >= set.Files;
        return new()
        {
            ["id"] = job.Id,
            ["object"] = "job",
            ["created_at"] = job.Created.ToUnixTimeSeconds(),
            ["status"] = isDone ? "completed" : manifest.Cancelled is not null ? "cancelled" : job.Error is not null ? "failed"
                : job.IsRunning ? "running" : "queued",
            ["error"] = isDone ? null : job.Error,
            ["model"] = set.Model,
            ["model_sha256"] = set.ModelSha256,
            ["seed"] = set.Seed,
            ["format"] = set.Format,
            ["encoding"] = set.Encoding,
            ["labels"] = set.Labels is { } labels ? new JsonArray([.. labels.Select(label => JsonValue.Create(label))]) : null,
            ["prompt"] = set.Prompt,
            ["images"] = new JsonObject { ["total"] = set.Count, ["done"] = files.Sum(file => (long)file.Count) },
            ["files"] = new JsonObject { ["total"] = set.Files, ["done"] = files.Count, ["images_per_file"] = set.ImagesPerFile },
        };
    }

    private static string PathOf(HttpContext context, Job job) => $"{context.Request.PathBase}/v1/jobs/{job.Id}";

    private static IResult Json(object value) => Results.Json(value, Answers.Json);
}
