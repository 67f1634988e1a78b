using GanOnnx.Tests.Shared.Models;

namespace GanOnnx.Inference.Tests;

/// <summary>GenerateAsync: small requests of many callers in one batch.</summary>
public sealed class GatheringTests : IDisposable
{
    private const float Tolerance = 1e-5f;

    // One batch at a time, so that what is running and what waits is certain.
    private static readonly ImageGeneratorOptions OnCpu = new() { Device = Device.Cpu, Threads = 1, ParallelBatches = 1 };
    private static readonly TimeSpan AMinute = TimeSpan.FromMinutes(1);
    private static readonly string[] Digits = ["zero", "one", "two", "three", "four"];

    private readonly ModelFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Test]
    public async Task GenerateAsync_ManyRequests_GivesEachCallerItsImagesInOrder()
    {
        using var generator = ImageGenerator.Load(_folder.Save(TestModels.Generator()), OnCpu with { BatchSize = 8 });

        var requests = Enumerable.Range(0, 60).Select(i => generator.GenerateAsync(1 + i % 11, (ulong)i, first: (ulong)(i % 3))).ToList();

        for (var i = 0; i < requests.Count; i++)
        {
            var images = await requests[i];
            Assert.That(images.Provider, Is.EqualTo("CPUExecutionProvider"));
            Assert.That(images.Values.ToArray(),
                Is.EqualTo(generator.Generate(1 + i % 11, (ulong)i, first: (ulong)(i % 3)).Values.ToArray()).Within(Tolerance));
        }
    }

    [Test]
    public async Task GenerateAsync_FullBatch_DoesNotWait()
    {
        using var generator = ImageGenerator.Load(_folder.Save(TestModels.Generator()),
            OnCpu with { BatchSize = 4, MaxQueueDelay = AMinute });

        var requests = Enumerable.Range(0, 4).Select(i => generator.GenerateAsync(1, (ulong)i)).ToArray();

        await Task.WhenAll(requests).WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Test]
    public async Task GenerateAsync_BatchThatIsNotFull_WaitsTheMaxQueueDelay()
    {
        var wait = TimeSpan.FromMilliseconds(300);
        using var generator = ImageGenerator.Load(_folder.Save(TestModels.Generator()), OnCpu with { BatchSize = 4, MaxQueueDelay = wait });
        generator.Generate(1);
        var time = System.Diagnostics.Stopwatch.StartNew();

        await generator.GenerateAsync(1).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.That(time.Elapsed, Is.GreaterThanOrEqualTo(wait));
    }

    [Test]
    public async Task GenerateAsync_LabelsOfSeveralCallers_ReachTheModel()
    {
        using var generator = ImageGenerator.Load(_folder.Save(TestModels.LabelAsPixel(Digits)),
            OnCpu with { BatchSize = 6, MaxQueueDelay = AMinute });

        var requests = new[] { generator.GenerateAsync(2, label: 4), generator.GenerateAsync(3, label: 0),
            generator.GenerateAsync(1, label: 2) };
        var images = await Task.WhenAll(requests).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.That(images.SelectMany(batch => batch.Values.ToArray()), Is.EqualTo(new float[] { 4, 4, 0, 0, 0, 2 }));
    }

    [Test]
    public async Task GenerateAsync_OneOfABatchFails_TheOthersGetTheirImages()
    {
        var path = _folder.Save(TestModels.Conditional([], 3));
        using var generator = ImageGenerator.Load(path, OnCpu with { BatchSize = 3, MaxQueueDelay = AMinute });

        var (first, wrong, last) = (generator.GenerateAsync(1, label: 0), generator.GenerateAsync(1, label: 3),
            generator.GenerateAsync(1, label: 2));

        Assert.That((await first).Values.ToArray(), Is.EqualTo(generator.Generate(1, label: 0).Values.ToArray()).Within(Tolerance));
        Assert.That((await last).Values.ToArray(), Is.EqualTo(generator.Generate(1, label: 2).Values.ToArray()).Within(Tolerance));
        Assert.That(async () => await wrong,
            Throws.TypeOf<ModelException>().With.Message.StartsWith($"ONNX Runtime failed to run '{path}': the operator Gather"));
    }

    [Test]
    public void GenerateAsync_FullQueue_IsRefused()
    {
        using var generator = ImageGenerator.Load(_folder.Save(TestModels.Generator()),
            OnCpu with { QueueLimit = 10, MaxQueueDelay = AMinute });
        var waiting = generator.GenerateAsync(8);

        Assert.That(() => generator.GenerateAsync(3),
            Throws.TypeOf<QueueFullException>().With.Message.EqualTo(
                "3 more images can't wait: 8 do, and the option QueueLimit is 10. Ask again later."));
        Assert.That(() => generator.GenerateAsync(11),
            Throws.TypeOf<QueueFullException>().With.Message.EqualTo(
                "11 more images can't wait: 8 do, and the option QueueLimit is 10. Ask for fewer at once."));
        Assert.That(waiting.IsCompleted, Is.False);
    }

    [Test]
    public async Task GenerateAsync_Cancelled_LeavesTheQueue()
    {
        using var generator = ImageGenerator.Load(_folder.Save(TestModels.Generator()),
            OnCpu with { BatchSize = 4, QueueLimit = 4, MaxQueueDelay = AMinute });
        using var cancellation = new CancellationTokenSource();
        var cancelled = generator.GenerateAsync(3, seed: 1, cancellation: cancellation.Token);

        await cancellation.CancelAsync();

        Assert.That(async () => await cancelled, Throws.InstanceOf<OperationCanceledException>());
        // There is room again for a whole batch, which begins when it is full.
        var images = await generator.GenerateAsync(4, seed: 2).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.That(images.Values.ToArray(), Is.EqualTo(generator.Generate(4, seed: 2).Values.ToArray()).Within(Tolerance));
    }

    [Test]
    public void GenerateAsync_CancelledBefore_IsCancelled()
    {
        using var generator = ImageGenerator.Load(_folder.Save(TestModels.Generator()), OnCpu);

        Assert.That(generator.GenerateAsync(1, cancellation: new(canceled: true)).IsCanceled, Is.True);
    }

    [Test]
    public void Dispose_RequestsThatWait_AreRefused()
    {
        var path = _folder.Save(TestModels.Generator());
        var generator = ImageGenerator.Load(path, OnCpu with { MaxQueueDelay = AMinute });
        var waiting = generator.GenerateAsync(1);

        generator.Dispose();

        var closed = $"'{path}' is closed. Load the model again.";
        Assert.That(async () => await waiting, Throws.TypeOf<ObjectDisposedException>().With.Message.EqualTo(closed));
        Assert.That(() => generator.GenerateAsync(1), Throws.TypeOf<ObjectDisposedException>().With.Message.EqualTo(closed));
        Assert.That(() => generator.Generate(1), Throws.TypeOf<ObjectDisposedException>().With.Message.EqualTo(closed));
        Assert.That(() => generator.FromLatents(new float[TestModels.LatentSize]),
            Throws.TypeOf<ObjectDisposedException>().With.Message.EqualTo(closed));
        Assert.That(() => generator.Stream([new(0)]).ToList(), Throws.TypeOf<ObjectDisposedException>().With.Message.EqualTo(closed));
    }

    [Test]
    public async Task GenerateAsync_OneRequestMakesNoNumbers_TheOthersOfItsBatchAreWhole()
    {
        // The label's logarithm: class 0 makes minus infinity.
        var builder = TestModels.LabelAsPixel("zero", "one", "two");
        builder.Model.Graph.Output.Clear();
        builder.Node("Log", ["image"], "log").Output("log", GanOnnx.Onnx.TensorProto.Types.DataType.Float, "N", 1, 1, 1);
        using var generator = ImageGenerator.Load(_folder.Save(builder), OnCpu with { BatchSize = 6, MaxQueueDelay = AMinute });

        // Two full batches, of which the third request has an image each.
        var requests = new[] { (4, 2), (1, 0), (2, 1), (5, 1) }.Select(r => generator.GenerateAsync(r.Item1, label: r.Item2)).ToList();

        Assert.That(async () => await requests[1],
            Throws.TypeOf<ModelException>().With.Message.Contains("made an image with values that are no numbers"));
        Assert.That((await requests[0]).Values.ToArray(), Is.EqualTo(Enumerable.Repeat(MathF.Log(2), 4)).Within(1e-6));
        Assert.That((await requests[2]).Values.ToArray(), Is.EqualTo([0, 0]));
        Assert.That((await requests[3]).Values.ToArray(), Is.EqualTo(new float[5]));
    }

    [TestCase(0, "0 images can't be generated. Ask for at least 1.")]
    [TestCase(-1, "-1 images can't be generated. Ask for at least 1.")]
    public void GenerateAsync_WrongCount(int count, string message)
    {
        using var generator = ImageGenerator.Load(_folder.Save(TestModels.Generator()), OnCpu);

        Assert.That(() => generator.GenerateAsync(count), Throws.TypeOf<ModelException>().With.Message.EqualTo(message));
    }
}
