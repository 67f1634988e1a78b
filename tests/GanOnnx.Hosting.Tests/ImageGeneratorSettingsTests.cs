using GanOnnx.Inference;
using GanOnnx.Tests.Shared.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace GanOnnx.Hosting.Tests;

/// <summary>Settings from configuration and code, and what is wrong with them.</summary>
public sealed class ImageGeneratorSettingsTests : IDisposable
{
    private readonly ModelFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Test]
    public void Section_WithEveryKey_SetsEveryOption()
    {
        var model = _folder.Save(TestModels.Generator());
        using var services = new ServiceCollection().AddImageGenerator(Settings.Section(
            ("Model", model), ("LoadAtStart", "false"), ("Device", "cuda:1"), ("DeviceMemoryLimit", "1000000000"), ("BatchSize", "8"),
            ("PadBatches", "true"), ("Threads", "2"), ("ParallelBatches", "3"), ("ReadAhead", "4"), ("Latent", "Uniform"),
            ("Classes:0", "cat"), ("Classes:1", "dog"), ("Pixels:Range:Lowest", "0"), ("Pixels:Range:Highest", "255"),
                ("Pixels:Channels", "Bgr"),
            ("Pixels:Layout", "Last"), ("Pixels:Shape:Channels", "3"), ("Pixels:Shape:Height", "16"), ("Pixels:Shape:Width", "32"),
            ("MaxQueueDelay", "00:00:00.005"), ("QueueLimit", "100"), ("Timeout", "00:00:30"))).BuildServiceProvider();

        var settings = services.GetRequiredService<IOptions<ImageGeneratorSettings>>().Value;

        Assert.That(settings.Model, Is.EqualTo(model));
        Assert.That(settings.LoadAtStart, Is.False);
        Assert.That(settings.Generator.Classes, Is.EqualTo(["cat", "dog"]));
        Assert.That(settings.Generator with { Classes = [] }, Is.EqualTo(new ImageGeneratorOptions
        {
            Device = Device.CudaAt(1),
            DeviceMemoryLimit = 1_000_000_000,
            BatchSize = 8,
            PadBatches = true,
            Threads = 2,
            ParallelBatches = 3,
            ReadAhead = 4,
            Latent = LatentDistribution.Uniform,
            Pixels = new() { Range = ValueRange.Bytes, Channels = ChannelOrder.Bgr, Layout = ChannelLayout.Last, Shape = new(3, 16, 32) },
            MaxQueueDelay = TimeSpan.FromMilliseconds(5),
            QueueLimit = 100,
            Timeout = TimeSpan.FromSeconds(30),
            Classes = [],
        }));
    }

    [Test]
    public void Section_WithEveryKey_LeavesNoneOut()
    {
        string[] tested =
        [
            "Device", "DeviceMemoryLimit", "BatchSize", "PadBatches", "Threads", "ParallelBatches", "ReadAhead", "Latent", "Classes",
                "Pixels",
            "MaxQueueDelay", "QueueLimit", "Timeout",
        ];
        Assert.That(
            typeof(ImageGeneratorOptions).GetProperties().Select(p => p.Name),
            Is.EquivalentTo([.. tested, nameof(ImageGeneratorOptions.TextEncoder)]),
            "a new option belongs into the test above");
    }

    [Test]
    public void Section_WithAKeyOf01_IsReadAsTheOneOfToday()
    {
        using var services = new ServiceCollection().AddImageGenerator(Settings.Section(
            ("Model", _folder.Save(TestModels.Generator())), ("LongestWait", "00:02:00"))).BuildServiceProvider();

        Assert.That(() => services.GetRequiredService<ImageGenerator>(), Throws.TypeOf<OptionsValidationException>().With.Message.EqualTo(
            "The option MaxQueueDelay is 00:02:00; 0 to 00:01:00 is expected."));
    }

    [Test]
    public void Code_AfterASection_HasTheLastWord()
    {
        using var services = new ServiceCollection()
            .AddImageGenerator(Settings.Section(("Model", _folder.Save(TestModels.Generator())), ("BatchSize", "8"), ("QueueLimit", "100")))
            .AddImageGenerator(settings => settings.Generator = settings.Generator with { Device = Device.Cpu, BatchSize = 2 })
            .BuildServiceProvider();

        var generator = services.GetServices<ImageGenerator>().Single();

        Assert.That(generator.BatchSize, Is.EqualTo(2));
        Assert.That(() => generator.GenerateAsync(101), Throws.TypeOf<QueueFullException>());
    }

    [Test]
    public void Settings_WithSeveralErrors_TellsAllOfThem()
    {
        using var services = new ServiceCollection().AddImageGenerator(Settings.Section(
            ("Model", "/nowhere/model.onnx"), ("Device", "gpu"), ("BatchSise", "3"), ("Threads", "many"), ("QueueLimit", "0"),
            ("MaxQueueDelay", "00:02:00"), ("Pixels:Range:Lowest", "1"))).BuildServiceProvider();

        var error = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<ImageGenerator>())!;

        Assert.That(error.Failures, Is.EquivalentTo([
            "The setting ImageGenerator:BatchSise is unknown; there are BatchSize, Classes, Device, DeviceMemoryLimit, Latent, "
                + "LoadAtStart, MaxQueueDelay, Model, "
                + "PadBatches, ParallelBatches, Pixels, QueueLimit, ReadAhead, Threads, Timeout.",
            "The setting ImageGenerator:Device is 'gpu', which can't be read: 'gpu' is no device. Give auto, cpu, cuda, or one of "
                + "several GPUs as cuda:1, counted from 0.",
            "The setting ImageGenerator:Threads is 'many', which can't be read: The input string 'many' was not in a correct format.",
            "The setting Model is '/nowhere/model.onnx', where there is neither an .onnx file nor a folder with model.onnx. Correct it.",
            "The option QueueLimit is 0; at least 1 is expected.",
            "The option Pixels.Range is 1 to 0; two numbers, the lower one first, are expected.",
            "The option MaxQueueDelay is 00:02:00; 0 to 00:01:00 is expected.",
        ]));
        Assert.That(error.Failures, Has.All.Matches<string>(failure => error.Message.Contains(failure, StringComparison.Ordinal)));
    }

    [TestCase("Pixels:Rnge:Lowest", "Rnge")]
    [TestCase("Pixels:Channels", "Purple")]
    public void Settings_WithANestedError_TellsIt(string key, string found)
    {
        using var services = new ServiceCollection()
            .AddImageGenerator(Settings.Section(("Model", _folder.Save(TestModels.Generator())), (key, "Purple")))
            .BuildServiceProvider();

        Assert.That(() => services.GetRequiredService<ImageGenerator>(),
            Throws.TypeOf<OptionsValidationException>().With.Message.StartsWith(
                "The setting ImageGenerator:Pixels can't be read: ").And.Message.Contains(found));
    }

    [Test]
    public void Settings_WithoutAModel_AsksForIt()
    {
        using var services = new ServiceCollection().AddImageGenerator(_ => { }).BuildServiceProvider();

        Assert.That(() => services.GetRequiredService<ImageGenerator>(), Throws.TypeOf<OptionsValidationException>()
            .With.Message.EqualTo("The setting Model is missing. Set it to an .onnx file or a folder with model.onnx."));
    }

    [Test]
    public void Settings_OfAKeyedGenerator_NameItInTheirErrors()
    {
        using var services = new ServiceCollection().AddKeyedImageGenerator("faces", _ => { }).BuildServiceProvider();

        Assert.That(() => services.GetRequiredKeyedService<ImageGenerator>("faces"),
            Throws.TypeOf<OptionsValidationException>().With.Message.StartsWith("Image generator 'faces': The setting Model is missing."));
    }
}
