using System.Collections.Concurrent;
using Google.Protobuf;

namespace GanOnnx.AspNetCore.Tests;

/// <summary>A folder of models, while its files change.</summary>
public sealed class ModelsFolderTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private ModelFolder _folder = null!;

    [SetUp]
    public void Make() => _folder = new();

    [TearDown]
    public void Clean() => _folder.Dispose();

    [Test]
    public async Task What_is_in_it_is_served_and_so_is_what_comes()
    {
        _folder.Save(Generator(1), "first.onnx");
        await using var server = await Start();
        Assert.That(await Names(server), Is.EqualTo(["first"]));

        Directory.CreateDirectory(Path.Combine(_folder.Path, "second"));
        _folder.Save(Generator(2), "second/model.onnx");
        await Eventually(async () => (await Names(server)).SequenceEqual(["first", "second"]));
        Assert.That(await server.Client.Generate(new { model = "second", seed = 1 }).Images(), Has.Length.EqualTo(1));

        File.Delete(Path.Combine(_folder.Path, "first.onnx"));
        await Eventually(async () => (await Names(server)).SequenceEqual(["second"]));
        Assert.That(await server.Client.Generate(new { model = "first" }).Problem(HttpStatusCode.NotFound),
            Is.EqualTo("There is no model 'first'. There is second."));
    }

    [Test]
    public async Task A_broken_one_is_refused_and_the_old_one_stays_until_it_is_mended()
    {
        _folder.Save(Generator(1), "model-a.onnx");
        await using var server = await Start();
        var before = await server.Client.Generate(new { seed = 1 }).Images();

        Replace("model-a.onnx", "nonsense"u8.ToArray());
        await Eventually(() => Task.FromResult(server.Logged.Any(line => line.Contains("The one before stays.", StringComparison.Ordinal))));
        Assert.That(server.Logged, Has.Some.Contains("is not an ONNX model"));
        Assert.That(await server.Client.Generate(new { seed = 1 }).Images(), Is.EqualTo(before));
        Assert.That(server.Logged.Count(line => line.Contains("The one before stays.", StringComparison.Ordinal)), Is.EqualTo(1), "said once");

        Replace("model-a.onnx", Bytes(2));
        await Eventually(async () => !(await server.Client.Generate(new { seed = 1 }).Images())[0].SequenceEqual(before[0]));
    }

    [Test]
    public async Task A_file_that_is_written_slowly_is_taken_when_it_is_whole()
    {
        _folder.Save(Generator(1), "other.onnx");
        await using var server = await Start();
        var bytes = Bytes(2);
        await using (var file = File.Create(Path.Combine(_folder.Path, "slow.onnx")))
            for (var i = 0; i < 10; i++)
            {
                await file.WriteAsync(bytes.AsMemory(i * bytes.Length / 10, (i + 1) * bytes.Length / 10 - i * bytes.Length / 10));
                await file.FlushAsync();
                await Task.Delay(300);
            }
        await Eventually(async () => (await Names(server)).Contains("slow"));
        Assert.That(server.Logged, Has.None.Contains("isn't served"));
    }

    [Test]
    public async Task Exchanged_under_load_no_request_fails_and_no_picture_names_another_model_than_made_it()
    {
        var models = new[] { Bytes(1), Bytes(2) };
        _folder.Save(models[0], "busy.onnx");
        var expected = models.Select((bytes, i) =>
        {
            using var generator = ImageGenerator.Load(_folder.Save(bytes, $"expected-{i}.onnx"));
            var hash = generator.Model.Sha256;
            var pixels = Enumerable.Range(0, 8).Select(seed => generator.Generate(1, (ulong)seed).Values.ToArray()).ToArray();
            File.Delete(generator.Model.Path);
            return (hash, pixels);
        }).ToDictionary(pair => pair.hash, pair => pair.pixels);
        await using var server = await Start();

        using var stop = new CancellationTokenSource();
        var answers = new ConcurrentQueue<(int Seed, byte[] Picture)>();
        var load = Enumerable.Range(0, 8).Select(seed => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
                answers.Enqueue((seed, await server.Client.GetByteArrayAsync($"api/images/busy?seed={seed}")));
        })).ToArray();
        for (var i = 1; i <= 4; i++)
        {
            Replace("busy.onnx", models[i % 2]);
            var count = i + 1;
            await Eventually(() => Task.FromResult(
                server.Logged.Count(line => line.Contains("Loaded busy", StringComparison.Ordinal)) == count));
        }
        await stop.CancelAsync();
        await Task.WhenAll(load); // one that failed throws

        var path = Path.Combine(_folder.Path, "answer.png");
        var told = new HashSet<string>();
        foreach (var (seed, picture) in answers.DistinctBy(answer => Convert.ToBase64String(answer.Picture)))
        {
            File.WriteAllBytes(path, picture);
            var model = Provenance.Read(path)!.ModelSha256!;
            told.Add(model);
            var pixels = expected[model][seed];
            var read = ImageReader.Read(path, 16, 3);
            for (var i = 0; i < read.Length; i++)
                Assert.That(read[i], Is.EqualTo((pixels[i % 3 * 256 + i / 3] + 1) * 127.5f).Within(1.01), "what its provenance names made it");
        }
        Assert.That(told, Is.EquivalentTo(expected.Keys));
        Assert.That(server.Logged, Has.None.Contains("Exception"));
    }

    private Task<TestServer> Start() => TestServer.Start(options => options.ModelsFolder = _folder.Path);

    private static async Task<string[]> Names(TestServer server) =>
        [.. JsonNode.Parse(await server.Client.GetStringAsync("v1/models"))!["data"]!.AsArray().Select(model => (string)model!["id"]!)];

    // As people should: written elsewhere and moved in.
    private void Replace(string name, byte[] bytes)
    {
        var path = Path.Combine(_folder.Path, $".{name}.new");
        File.WriteAllBytes(path, bytes);
        File.Move(path, Path.Combine(_folder.Path, name), overwrite: true);
    }

    private static byte[] Bytes(int scale) => Generator(scale).Model.ToByteArray();

    // Models that differ in how far their latents go.
    private static ModelBuilder Generator(int scale)
    {
        var builder = TestModels.Generator(TestModels.Metadata);
        builder.Scalar("scale", scale).Model.Graph.Node.Insert(0, new GanOnnx.Onnx.NodeProto { OpType = "Mul", Input = { "z", "scale" }, Output = { "scaled" } });
        builder.Model.Graph.Node[1].Input[0] = "scaled";
        return builder;
    }

    private static async Task Eventually(Func<Task<bool>> isSo)
    {
        using var patience = new CancellationTokenSource(_patience);
        while (!await isSo())
            await Task.Delay(100, patience.Token);
    }
}
