using System.Diagnostics;
using System.Globalization;
using GanOnnx.Imaging;
using GanOnnx.Inference;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.ML.OnnxRuntime;

namespace GanOnnx.Benchmarks.Serving;

/// <summary>What the server is compared with: ONNX Runtime in a loop, and an endpoint as it is written first. The same pictures, by the
/// same encoder, with the same provenance.</summary>
internal static class Peers
{
    /// <summary>Batches one after the other, as fast as they are made and encoded; prints pictures per second, and milliseconds of the
    /// processor for each.</summary>
    public static void Loop(string model, TimeSpan duration, int batch)
    {
        using var peer = new Peer(model);
        var (made, time, process) = (0L, Stopwatch.StartNew(), Process.GetCurrentProcess());
        var before = process.TotalProcessorTime;
        for (var warmUp = true; time.Elapsed < duration;)
        {
            made += peer.Make(made, batch).Length;
            if (warmUp && time.Elapsed.TotalSeconds > 2)
            {
                (warmUp, made) = (false, 0);
                process.Refresh();
                before = process.TotalProcessorTime;
                time.Restart();
            }
        }
        process.Refresh();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{made / time.Elapsed.TotalSeconds} {(process.TotalProcessorTime - before).TotalMilliseconds / made}"));
    }

    /// <summary>An endpoint whose requests each run one shared session by themselves.</summary>
    public static async Task Endpoint(string model, int port)
    {
        using var peer = new Peer(model);
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenLocalhost(port));
        await using var app = builder.Build();
        app.MapGet("/api/images/model", (ulong seed) => Results.Bytes(peer.Make((long)seed, 1)[0], "image/png"));
        app.Lifetime.ApplicationStarted.Register(() => Console.WriteLine("ready"));
        await app.RunAsync().ConfigureAwait(false);
    }

    private sealed class Peer : IDisposable
    {
        private readonly InferenceSession _session;
        private readonly ModelDescription _model;
        private readonly LatentSampler _sampler;

        public Peer(string model)
        {
            using (var generator = ImageGenerator.Load(model))
                _model = generator.Model;
            _sampler = new(_model.LatentSize, _model.LatentDistribution);
            using var options = new Microsoft.ML.OnnxRuntime.SessionOptions { IntraOpNumThreads = 1 };
            _session = new(_model.Path, options);
        }

        public byte[][] Make(long seed, int count)
        {
            var latents = new float[count * _sampler.Size];
            for (var i = 0; i < count; i++)
                _sampler.Fill((ulong)(seed + i), 0, latents.AsSpan(i * _sampler.Size, _sampler.Size));
            using var z = OrtValue.CreateTensorValueFromMemory(latents, [count, _sampler.Size]);
            using var run = new RunOptions();
            using var made = _session.Run(run, ["z"], [z], ["image"]);
            var images = new ImageBatch(made[0].GetTensorDataAsSpan<float>().ToArray(), count, _model.Channels!.Value, _model.Height!.Value,
                _model.Width!.Value);
            return [.. Enumerable.Range(0, count).Select(i =>
            {
                using var image = images.ToImage(i);
                return ImageFile.Encode(image, ".png", new() { Provenance = Provenance.Of(_model, new((ulong)(seed + i))) });
            })];
        }

        public void Dispose() => _session.Dispose();
    }
}
