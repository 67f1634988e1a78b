using System.Diagnostics;
using System.Net;
using System.Text.Json;
using GanOnnx.Imaging;

namespace GanOnnx.Samples.Tests;

/// <summary>The service, started as a process on a free port.</summary>
public sealed class ImageServiceTests : IDisposable
{
    private readonly ModelFolder _folder = new();
    private readonly string _model;

    public ImageServiceTests() => _model = _folder.Save(GreyClasses.Create(16, "T-shirt/top", "Bag"));

    public void Dispose() => _folder.Dispose();

    [TestCase("Bag", 1)]
    [TestCase("bag", 1)]
    [TestCase("1", 1)]
    [TestCase("T-shirt/top", 0)]
    [TestCase("T-shirt%2Ftop", 0)]
    public async Task A_label_and_a_seed_make_a_png_with_provenance(string label, int index)
    {
        await using var service = await Service.Start(_model);
        using var response = await service.Client.GetAsync($"images/{label}?seed=7");
        Assert.That((response.StatusCode, response.Content.Headers.ContentType!.MediaType), Is.EqualTo((HttpStatusCode.OK, "image/png")));

        var path = Path.Combine(_folder.Path, "answer.png");
        await File.WriteAllBytesAsync(path, await response.Content.ReadAsByteArrayAsync());
        using var generator = ImageGenerator.Load(_model);
        AssertImage(await File.ReadAllBytesAsync(path), generator.Generate(1, 7, index));
        var provenance = Provenance.Read(path)!;
        Assert.That((provenance.DigitalSourceType, provenance.ModelSha256, provenance.Seeds, provenance.Indices, provenance.Label),
            Is.EqualTo((Provenance.TrainedAlgorithmicMedia, generator.Model.Sha256, "7", "0", $"{index}")));
    }

    [Test]
    public async Task Without_a_seed_each_answer_is_another_image_and_says_its_seed()
    {
        await using var service = await Service.Start(_model);
        var first = await service.Client.GetByteArrayAsync("images/Bag");
        Assert.That(await service.Client.GetByteArrayAsync("images/Bag"), Is.Not.EqualTo(first));
        var path = Path.Combine(_folder.Path, "drawn.png");
        await File.WriteAllBytesAsync(path, first);
        Assert.That(await service.Client.GetByteArrayAsync($"images/Bag?seed={Provenance.Read(path)!.Seeds}"), Is.EqualTo(first));
    }

    [TestCase("images/cow", "The model has no class 'cow'. Its classes are 0 T-shirt/top, 1 Bag; give a name or a number.")]
    [TestCase("images/2", "The model has no class 2. Its classes are 0 T-shirt/top, 1 Bag; give a name or a number.")]
    [TestCase("images/Bag?seed=-1", "'-1' is no seed. Give a whole number from 0 to 18446744073709551615.")]
    [TestCase("images/Bag?seed=many", "'many' is no seed. Give a whole number from 0 to 18446744073709551615.")]
    [TestCase("images/Bag?seed=", "'' is no seed. Give a whole number from 0 to 18446744073709551615.")]
    public async Task Bad_input_gets_400_and_the_sentence(string path, string sentence)
    {
        await using var service = await Service.Start(_model);
        using var response = await service.Client.GetAsync(path);
        Assert.That((response.StatusCode, await Detail(response)), Is.EqualTo((HttpStatusCode.BadRequest, sentence)));
    }

    [Test]
    public async Task The_shipped_model_takes_no_label()
    {
        await using var service = await Service.Start(Path.Combine(Repository.Root, "models", "fashion-dcgan"));
        using var image = await service.Client.GetAsync("images?seed=3");
        Assert.That(image.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        using var labelled = await service.Client.GetAsync("images/Bag?seed=3");
        Assert.That((labelled.StatusCode, await Detail(labelled)),
            Is.EqualTo((HttpStatusCode.BadRequest, "The model is unconditional: it takes no label. Leave the label out.")));
    }

    [Test]
    public async Task Many_clients_at_once_get_the_images_they_asked_for()
    {
        await using var service = await Service.Start(_model);
        var images = new byte[100][];
        await Parallel.ForAsync(0, images.Length, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, stop) =>
            images[i] = await service.Client.GetByteArrayAsync($"images/{i % 2}?seed={i}", stop));

        using var generator = ImageGenerator.Load(_model);
        for (var i = 0; i < images.Length; i++)
            AssertImage(images[i], generator.Generate(1, (ulong)i, i % 2));
    }

    [Test]
    public async Task A_full_queue_is_503_and_a_client_that_leaves_makes_room()
    {
        // One image may wait, and waits a minute for others to share its batch.
        await using var service = await Service.Start(_model, "--ImageGenerator:QueueLimit=1", "--ImageGenerator:MaxQueueDelay=00:01:00");
        var (refused, waiting, leave) = await OneOfTwo(service);
        Assert.That(refused.Headers.RetryAfter!.Delta, Is.EqualTo(TimeSpan.FromSeconds(1)));
        Assert.That(await Detail(refused), Is.EqualTo("Too many images wait. Ask again later."));

        using (var next = await service.Client.GetAsync("images/Bag"))
            Assert.That(next.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable), "the image still waits");
        await leave.CancelAsync();
        Assert.That(() => waiting, Throws.InstanceOf<OperationCanceledException>());
        // Only now has another one room; without it the minute would have to pass.
        var (_, second, again) = await OneOfTwo(service);
        await again.CancelAsync();
        Assert.That(() => second, Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void A_model_that_is_missing_ends_it_before_it_listens()
    {
        var (code, _, error) = SampleProgram.Run("ImageService", "--ImageGenerator:Model=nowhere.onnx", "--urls", "http://127.0.0.1:0");
        Assert.That((code, error.TrimEnd()), Is.EqualTo((2,
            $"The setting Model is '{Path.GetFullPath("nowhere.onnx")}', where there is neither an .onnx file nor a folder with "
                + "model.onnx. Correct it.")));
    }

    // Two requests at once where one has room: the one that is refused, and the one that waits until its client leaves.
    private static async Task<(HttpResponseMessage Refused, Task<HttpResponseMessage> Waiting,
        CancellationTokenSource Leave)> OneOfTwo(Service service)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(50));
        while (true)
        {
            CancellationTokenSource[] leave = [new(), new()];
            var requests = leave.Select(l => service.Client.GetAsync("images/Bag?seed=1", l.Token)).ToList();
            var first = await Task.WhenAny(requests).WaitAsync(patience.Token);
            Assert.That((await first).StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
            var other = 1 - requests.IndexOf(first);
            // The server learns a little later than its client that somebody left.
            if (await Task.WhenAny(requests[other], Task.Delay(500, patience.Token)) != requests[other])
                return (await first, requests[other], leave[other]);
        }
    }

    private static async Task<string> Detail(HttpResponseMessage response) =>
        JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("detail").GetString()!;

    private static void AssertImage(byte[] png, ImageBatch expected)
    {
        var bytes = new byte[expected.Values.Length];
        expected.CopyBytesTo(0, bytes);
        // Values may differ by 1e-5 with what they share a batch with, so a byte may round the other way.
        Assert.That(ImageReader.Read(new MemoryStream(png), expected.Height, 1), Is.EqualTo(bytes).Within(1));
    }

    private sealed class Service : IAsyncDisposable
    {
        private const string Listening = "Now listening on: ";

        private readonly Process _process;

        private Service(Process process, string address) => (_process, Client) = (process, new() { BaseAddress = new(address) });

        public HttpClient Client { get; }

        public static async Task<Service> Start(string model, params string[] settings)
        {
            var process = SampleProgram.Start("ImageService",
                ["--urls", "http://127.0.0.1:0", $"--ImageGenerator:Model={model}", .. settings]);
            while (await process.StandardOutput.ReadLineAsync() is { } line)
                if (line.IndexOf(Listening, StringComparison.Ordinal) is >= 0 and var at)
                {
                    _ = process.StandardOutput.ReadToEndAsync();
                    _ = process.StandardError.ReadToEndAsync();
                    return new(process, line[(at + Listening.Length)..]);
                }
            throw new InvalidOperationException(await process.StandardError.ReadToEndAsync());
        }

        // As a container's host stops it: it ends by itself, with exit code 0.
        public async ValueTask DisposeAsync()
        {
            Client.Dispose();
            if (OperatingSystem.IsWindows())
                _process.Kill();
            else
                using (var kill = Process.Start("sh", ["-c", $"kill -TERM {_process.Id}"]))
                    await kill.WaitForExitAsync();
            SampleProgram.Wait(_process);
            if (!OperatingSystem.IsWindows())
                Assert.That(_process.ExitCode, Is.Zero);
            _process.Dispose();
        }
    }
}
