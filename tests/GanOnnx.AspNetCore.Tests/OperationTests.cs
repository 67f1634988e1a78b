using System.Diagnostics;

namespace GanOnnx.AspNetCore.Tests;

/// <summary>What those who keep the server running look at.</summary>
public sealed class OperationTests
{
    private const string Key = "correct-horse-battery-staple";

    [Test]
    public async Task Metrics_count_images_and_requests()
    {
        await using var server = await TestServer.Start("fashion-dcgan");
        await server.Client.Generate(new { n = 3 }).Images();
        var metrics = await server.Client.GetStringAsync("metrics");
        // One is made when the model is loaded; other tests may have made some more.
        var images = metrics.Split('\n').Single(line => line.StartsWith("ganonnx_inference_ganonnx_images", StringComparison.Ordinal)
            && line.Contains("ganonnx_model=\"fashion-dcgan\"", StringComparison.Ordinal));
        Assert.That(double.Parse(images.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture), Is.GreaterThanOrEqualTo(4));
        Assert.That(metrics, Does.Contain("ganonnx_queue_length").And.Contain("http_server_request_duration"));
    }

    [Test]
    public async Task Metrics_need_a_key_where_models_do()
    {
        await using var server = await TestServer.Start(options => options.Models.Add(new(TestServer.Shipped("fashion-dcgan"))),
            options => options with { Keys = TestServer.Keys(Key) });
        await server.Client.GetAsync("metrics").Problem(HttpStatusCode.Unauthorized);
        server.Client.DefaultRequestHeaders.Authorization = new("Bearer", Key);
        Assert.That((await server.Client.GetAsync("metrics")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task The_api_is_described_with_a_page_to_try_it()
    {
        await using var server = await TestServer.Start("fashion-dcgan");
        var document = JsonNode.Parse(await server.Client.GetStringAsync("openapi/v1.json"))!;
        Assert.That(document["paths"]!.AsObject().Select(path => path.Key), Is.SupersetOf(
            ["/v1/images/generations", "/v1/images/edits", "/v1/models", "/v2/models/{model}/infer", "/api/images/{model}", "/healthz/live"]));
        var known = document["components"]!["schemas"]!["GenerationRequest"]!["properties"]!.AsObject().Select(property => property.Key).ToArray();
        Assert.That(known, Is.SupersetOf(["model", "prompt", "n", "response_format", "seed", "style_mix"]));
        // What it says can be sent is taken.
        await server.Client.Generate(known.ToDictionary(name => name, _ => (object?)null)).Images();
        Assert.That(await server.Client.GetStringAsync("docs/"), Does.Contain("<title>GanOnnx</title>"));
    }

    [Test]
    public async Task It_isnt_ready_when_it_ends()
    {
        await using var server = await TestServer.Start(options =>
        {
            options.Models.Add(new(TestServer.Shipped("fashion-dcgan")));
            options.Generator = new() { MaxQueueDelay = TimeSpan.FromSeconds(3) };
        });
        Assert.That(await server.Client.GetStringAsync("healthz/ready"), Is.EqualTo("ready"));
        var waiting = server.Client.GetAsync("api/images/fashion-dcgan");
        await Task.Delay(300);
        var end = server.Stop();
        Assert.That(((Models.ModelCatalog)server.Services.GetService(typeof(Models.ModelCatalog))!).IsReady, Is.False);
        Assert.That((await waiting).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        await end;
    }

    [Test]
    public async Task Where_otel_is_set_traces_go_there()
    {
        using var collector = new HttpListener();
        var port = GrpcTests.FreePort();
        collector.Prefixes.Add($"http://127.0.0.1:{port}/");
        collector.Start();
        Environment.SetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT", $"http://127.0.0.1:{port}");
        Environment.SetEnvironmentVariable("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf");
        Process process;
        try
        {
            process = OurPrograms.StartServer("fashion-dcgan", "--port", "0");
        }
        finally
        {
            Environment.SetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT", null);
            Environment.SetEnvironmentVariable("OTEL_EXPORTER_OTLP_PROTOCOL", null);
        }
        using var ended = process;
        _ = process.StandardError.ReadToEndAsync();
        using var client = new HttpClient { BaseAddress = new((await process.StandardOutput.ReadLineAsync())!.Split(' ')[0]) };
        await client.Generate(new { }).Images();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var traces = "";
        while (!traces.Contains("generate", StringComparison.Ordinal))
        {
            var context = await collector.GetContextAsync().WaitAsync(patience.Token);
            using var body = new StreamReader(context.Request.InputStream, Encoding.Latin1);
            var text = await body.ReadToEndAsync(patience.Token);
            if (context.Request.Url!.AbsolutePath == "/v1/traces")
                traces += text;
            context.Response.Close();
        }
        process.Kill();
        Assert.That(traces, Does.Contain("gan-serve").And.Contain("GanOnnx.Inference").And.Contain("ganonnx.images"));
    }
}
