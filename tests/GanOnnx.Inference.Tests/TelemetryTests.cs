using System.Diagnostics;
using System.Diagnostics.Metrics;
using GanOnnx.Tests.Shared.Models;

namespace GanOnnx.Inference.Tests;

/// <summary>What listeners to the library's meter and activities hear, and what listening costs.</summary>
public sealed class TelemetryTests : IDisposable
{
    private static readonly ImageGeneratorOptions OnCpu = new() { Device = Device.Cpu, Threads = 1, ParallelBatches = 1, BatchSize = 4 };
    private static readonly TimeSpan AMinute = TimeSpan.FromMinutes(1), Patience = TimeSpan.FromSeconds(30);

    private readonly ModelFolder _folder = new();
    private readonly string _name = $"model-{Guid.NewGuid():N}";

    public void Dispose() => _folder.Dispose();

    [Test]
    public void Generate_WithAListener_TellsImagesFillAndTimeOfEveryRun()
    {
        using var measurements = new Measurements(_name);
        using var generator = Load(OnCpu);

        generator.Generate(10);

        Assert.That(measurements.Values("ganonnx.images"), Is.EqualTo([4, 4, 2]));
        Assert.That(measurements.Values("ganonnx.batch.fill"), Is.EqualTo([1, 1, 0.5]));
        Assert.That(measurements.Values("ganonnx.run.duration"), Has.Length.EqualTo(3).And.All.Positive.And.All.LessThan(60));
        Assert.That(measurements.Values("ganonnx.queue.duration"), Is.Empty);
    }

    [Test]
    public void Generate_WithAListener_NamesModelProviderAndUnit()
    {
        using var measurements = new Measurements(_name);
        using var generator = Load(OnCpu);
        generator.Generate(1);

        string[] units = ["{image}", "1", "s"];
        foreach (var (instrument, unit) in new[] { "ganonnx.images", "ganonnx.batch.fill", "ganonnx.run.duration" }.Zip(units))
        {
            var measured = measurements.Of(instrument).Single();
            Assert.That(measured.Unit, Is.EqualTo(unit));
            Assert.That(measured.Tags, Is.EqualTo(new Dictionary<string, object?>
            {
                ["ganonnx.model"] = generator.Model.Name,
                ["ganonnx.provider"] = generator.Provider,
            }));
        }
    }

    [Test]
    public async Task GenerateAsync_WithAListener_TellsTheQueuesLengthAndTime()
    {
        using var measurements = new Measurements(_name);
        using var generator = Load(OnCpu with { MaxQueueDelay = AMinute });

        var waiting = generator.GenerateAsync(3);
        Assert.That(measurements.Values("ganonnx.queue.length"), Is.EqualTo([3]));

        await Task.WhenAll(waiting, generator.GenerateAsync(1)).WaitAsync(Patience);
        Assert.That(measurements.Values("ganonnx.queue.length"), Is.EqualTo([0]));
        Assert.That(measurements.Values("ganonnx.queue.duration"), Has.Length.EqualTo(2).And.All.Positive.And.All.LessThan(60));
        Assert.That(measurements.Values("ganonnx.batch.fill"), Is.EqualTo([1]), "both calls in one batch");
    }

    [Test]
    public async Task GenerateAsync_LargerThanABatch_WaitedOnce()
    {
        using var measurements = new Measurements(_name);
        using var generator = Load(OnCpu);

        await generator.GenerateAsync(11);

        Assert.That(measurements.Values("ganonnx.queue.duration"), Has.Length.EqualTo(1));
        Assert.That(measurements.Values("ganonnx.images").Sum(), Is.EqualTo(11));
    }

    [Test]
    public void Dispose_TellsTheQueuesLengthNoMore()
    {
        using var measurements = new Measurements(_name);
        var generator = Load(OnCpu);
        Assert.That(measurements.Values("ganonnx.queue.length"), Is.EqualTo([0]));

        generator.Dispose();

        Assert.That(measurements.Values("ganonnx.queue.length"), Is.Empty);
    }

    [Test]
    public void GenerateAsync_FullQueue_TellsThatItRefused()
    {
        using var measurements = new Measurements(_name);
        using var generator = Load(OnCpu with { QueueLimit = 3, MaxQueueDelay = AMinute });
        var waiting = generator.GenerateAsync(3);

        Assert.That(() => generator.GenerateAsync(1), Throws.TypeOf<QueueFullException>());

        Assert.That(measurements.Values("ganonnx.queue.rejected"), Is.EqualTo([1]));
        Assert.That(waiting.IsCompleted, Is.False);
    }

    [Test]
    public void Generate_RunThatFails_TellsTheError()
    {
        using var measurements = new Measurements(_name);
        using var activities = new Activities(_name);
        using var generator = Load(OnCpu, TestModels.Conditional([], 3));

        Assert.That(() => generator.Generate(1, label: 3), Throws.TypeOf<ModelException>());

        var failed = measurements.Of("ganonnx.run.duration").Single();
        Assert.That(failed.Tags["error.type"], Is.EqualTo("GanOnnx.Inference.ModelException"));
        Assert.That(measurements.Values("ganonnx.images"), Is.Empty);
        Assert.That(activities.Named("run").Concat(activities.Named("generate")).Select(a => a.Status),
            Is.EqualTo([ActivityStatusCode.Error, ActivityStatusCode.Error]));
    }

    [Test]
    public void Generate_InParallel_IsOneCallWithItsRuns()
    {
        using var activities = new Activities(_name);
        using var generator = Load(OnCpu with { ParallelBatches = 3 });
        using var caller = new Activity("caller").Start();

        generator.Generate(20);

        var call = activities.Named("generate").Single();
        Assert.That(call.ParentSpanId, Is.EqualTo(caller.SpanId));
        Assert.That(call.GetTagItem("ganonnx.images"), Is.EqualTo(20));
        Assert.That(call.GetTagItem("ganonnx.provider"), Is.EqualTo("CPUExecutionProvider"));
        var runs = activities.Named("run");
        Assert.That(runs.Select(run => run.ParentSpanId), Has.All.EqualTo(call.SpanId));
        Assert.That(runs.Sum(run => (int)run.GetTagItem("ganonnx.images")!), Is.EqualTo(20));
        Assert.That(runs.Select(run => run.GetTagItem("ganonnx.batch.size")), Has.All.EqualTo(4));
        Assert.That(Activity.Current, Is.SameAs(caller));
    }

    [Test]
    public async Task GenerateAsync_AloneInItsRun_IsTheRunsParent()
    {
        using var activities = new Activities(_name);
        using var generator = Load(OnCpu);
        using var caller = new Activity("caller").Start();

        var request = generator.GenerateAsync(2);
        Assert.That(Activity.Current, Is.SameAs(caller), "the call is over, the request isn't");
        await request;

        var call = activities.Named("generate").Single();
        Assert.That(call.ParentSpanId, Is.EqualTo(caller.SpanId));
        Assert.That(activities.Named("run").Single().ParentSpanId, Is.EqualTo(call.SpanId));
        Assert.That(Activity.Current, Is.SameAs(caller));
    }

    [Test]
    public async Task GenerateAsync_SeveralCallsInARun_AreLinkedToIt()
    {
        using var activities = new Activities(_name);
        using var generator = Load(OnCpu with { MaxQueueDelay = AMinute });

        await Task.WhenAll(generator.GenerateAsync(1), generator.GenerateAsync(2), generator.GenerateAsync(1)).WaitAsync(Patience);

        var run = activities.Named("run").Single();
        Assert.That(run.Links.Select(link => link.Context.SpanId),
            Is.EquivalentTo(activities.Named("generate").Select(call => call.SpanId)));
        Assert.That(run.Links.Count(), Is.EqualTo(3));
        Assert.That(run.ParentSpanId, Is.EqualTo(default(ActivitySpanId)));
    }

    [Test]
    public void GenerateAsync_RefusedOrCancelled_EndsItsActivityWithAnError()
    {
        using var activities = new Activities(_name);
        using var generator = Load(OnCpu with { QueueLimit = 3, MaxQueueDelay = AMinute });
        using var stop = new CancellationTokenSource();
        var waiting = generator.GenerateAsync(3, cancellation: stop.Token);

        Assert.That(() => generator.GenerateAsync(1), Throws.TypeOf<QueueFullException>(), "at once, as without a listener");
        stop.Cancel();
        Assert.That(async () => await waiting, Throws.InstanceOf<OperationCanceledException>());

        Assert.That(waiting.IsCanceled);
        var ended = activities.Named("generate");
        Assert.That(ended.Select(call => call.Status), Is.EqualTo([ActivityStatusCode.Error, ActivityStatusCode.Error]));
        Assert.That(ended.Select(call => call.GetTagItem("error.type")), Has.Some.EqualTo("GanOnnx.Inference.QueueFullException"));
    }

    [Test]
    public void Translate_WithAListener_IsATranslation()
    {
        using var activities = new Activities(_name);
        using var measurements = new Measurements(_name);
        using var translator = ImageTranslator.Load(
            _folder.Save(ForeignModels.Darker(null, "N", 3, 8, 8), $"{_name}.onnx"),
            new ImageTranslatorOptions { Device = Device.Cpu, BatchSize = 4, Input = new() { Range = ValueRange.Signed } });

        translator.Translate(new ImageBatch(new float[5 * 3 * 8 * 8], 5, 3, 8, 8));

        Assert.That(activities.Named("translate").Single().GetTagItem("ganonnx.images"), Is.EqualTo(5));
        Assert.That(measurements.Values("ganonnx.images").Sum(), Is.EqualTo(5));
    }

    [Test]
    public void Generate_WithAMeterListener_AllocatesNothingPerImageOrRun()
    {
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == InferenceTelemetry.MeterName)
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        long images = 0;
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => images += value);
        listener.SetMeasurementEventCallback<double>((_, _, _, _) => { });
        listener.Start();
        using var generator = Load(OnCpu);
        generator.Generate(400);
        var least = long.MaxValue;
        for (var i = 0; i < 20; i++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            generator.Generate(400, seed: (ulong)i);
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        Assert.That(images, Is.GreaterThanOrEqualTo(21 * 400));
        // A hundred runs with four measurements each; as without a listener, the array's and the batch's headers are all there is.
        Assert.That(least - 400 * 768 * sizeof(float), Is.LessThan(100));
    }

    [TestCase("fashion/model.onnx", "fashion")]
    [TestCase("fashion/other.onnx", "other")]
    public void Name_OfAModel_IsTheFilesOrTheFolders(string path, string name)
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "fashion"));
        using var generator = ImageGenerator.Load(_folder.Save(TestModels.Generator(), path), OnCpu);

        Assert.That(generator.Model.Name, Is.EqualTo(name));
    }

    private ImageGenerator Load(ImageGeneratorOptions options, ModelBuilder? model = null) =>
        ImageGenerator.Load(_folder.Save(model ?? TestModels.Generator(), $"{_name}.onnx"), options);
}
