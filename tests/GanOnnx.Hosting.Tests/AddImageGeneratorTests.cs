using GanOnnx.Inference;
using GanOnnx.Tests.Shared.Models;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace GanOnnx.Hosting.Tests;

/// <summary>The generator in a container and in a host: when it is loaded, by whom it is shared, when it is closed.</summary>
public sealed class AddImageGeneratorTests : IDisposable
{
    // Images of another batch may differ by the rounding of differently ordered sums.
    private const float Tolerance = 1e-5f;

    private static readonly ImageGeneratorOptions OnCpu = new() { Device = Device.Cpu, Threads = 1, ParallelBatches = 1 };

    private readonly ModelFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Test]
    public void Generator_OfTheContainer_IsOneAndClosedWithIt()
    {
        var services = new ServiceCollection().AddImageGenerator(Use(_folder.Save(TestModels.Generator()))).BuildServiceProvider();
        var generator = services.GetRequiredService<ImageGenerator>();
        using (var scope = services.CreateScope())
            Assert.That(scope.ServiceProvider.GetRequiredService<ImageGenerator>(), Is.SameAs(generator));
        Assert.That(generator.Generate(1).Count, Is.EqualTo(1), "the scope's end closes nothing");

        services.Dispose();

        Assert.That(() => generator.Generate(1), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void Generators_WithKeys_AreDifferentModels()
    {
        using var services = new ServiceCollection()
            .AddKeyedImageGenerator("tiny", Use(_folder.Save(ForeignModels.Tiny(), "tiny.onnx")))
            .AddKeyedImageGenerator("digits",
                Settings.Section(("Model", _folder.Save(TestModels.LabelAsPixel("zero", "one"), "digits.onnx")), ("Device", "cpu")))
            .AddImageGenerator(Use(_folder.Save(TestModels.Generator(), "plain.onnx")))
            .BuildServiceProvider();

        Assert.That(services.GetRequiredKeyedService<ImageGenerator>("tiny").Model.Name, Is.EqualTo("tiny"));
        Assert.That(services.GetRequiredKeyedService<ImageGenerator>("digits").Model.Classes, Is.EqualTo(["zero", "one"]));
        Assert.That(services.GetRequiredService<ImageGenerator>().Model.Name, Is.EqualTo("plain"));
        Assert.That(services.GetKeyedService<ImageGenerator>("other"), Is.Null);
    }

    [Test]
    public async Task Host_WithARelativePath_FindsTheModelInItsContentRoot()
    {
        _folder.Save(TestModels.Generator(), "faces.onnx");
        using var reference = ImageGenerator.Load(Path.Combine(_folder.Path, "faces.onnx"), OnCpu);
        using var host = Host(services => services.AddImageGenerator(Settings.Section(("Model", "faces.onnx"), ("Device", "cpu"))));
        await host.StartAsync();

        var images = await host.Services.GetRequiredService<ImageGenerator>().GenerateAsync(3, seed: 5);

        Assert.That(images.Values.ToArray(), Is.EqualTo(reference.Generate(3, seed: 5).Values.ToArray()).Within(Tolerance));
        await host.StopAsync();
    }

    [Test]
    public async Task Host_WithAJsonFile_TakesItsSection()
    {
        _folder.Save(TestModels.Generator());
        _folder.Save("""{ "ImageGenerator": { "Model": "model.onnx", "Device": "cpu", "BatchSize": 5, "Classes": [], "DeviceMemoryLimit": null } }"""u8.ToArray(), "appsettings.json");
        var builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder(
            new HostApplicationBuilderSettings { ContentRootPath = _folder.Path });
        builder.Logging.ClearProviders();
        builder.Services.AddImageGenerator(builder.Configuration.GetSection("ImageGenerator"));
        using var host = builder.Build();
        await host.StartAsync();

        Assert.That(host.Services.GetRequiredService<ImageGenerator>().BatchSize, Is.EqualTo(5));
    }

    [Test]
    public void Host_WithWrongSettings_DoesNotStart()
    {
        using var host = Host(services => services
            .AddImageGenerator(Settings.Section(("Model", "missing.onnx"), ("BatchSize", "0")))
            .AddKeyedImageGenerator("other", Settings.Section(("Threads", "0"))));

        var error = Assert.CatchAsync(() => host.StartAsync())!;

        var failures = ((error as AggregateException)?.InnerExceptions ?? new([error])).Cast<OptionsValidationException>()
            .SelectMany(e => e.Failures);
        Assert.That(failures, Is.EquivalentTo([
            $"The setting Model is '{Path.Combine(_folder.Path, "missing.onnx")}', where there is neither an .onnx file nor a folder "
                + "with model.onnx. Correct it.",
            "The option BatchSize is 0; at least 1 is expected.",
            "Image generator 'other': The setting Model is missing. Set it to an .onnx file or a folder with model.onnx.",
            "Image generator 'other': The option Threads is 0; at least 1 is expected.",
        ]));
    }

    [Test]
    public void Host_WithABrokenModel_DoesNotStart()
    {
        var path = _folder.Save([], "model.onnx");
        using var host = Host(services => services.AddImageGenerator(Use(path)));

        Assert.That(async () => await host.StartAsync(),
            Throws.TypeOf<ModelException>().With.Message.EqualTo($"'{path}' is empty. Copy or export the model again."));
    }

    [Test]
    public async Task Host_ToldNotToLoadAtStart_LoadsForTheFirstWhoAsks()
    {
        var path = _folder.Save([], "model.onnx");
        using var host = Host(services => services.AddImageGenerator(settings =>
        {
            Use(path)(settings);
            settings.LoadAtStart = false;
        }));

        await host.StartAsync();

        Assert.That(() => host.Services.GetRequiredService<ImageGenerator>(), Throws.TypeOf<ModelException>());
    }

    [TestCaseSource(nameof(KindsOfModels))]
    public async Task Host_LoadingAtStart_TriesAnyKindOfModel(Func<object> model)
    {
        using var host = Host(services => services.AddImageGenerator(Use(_folder.Save((ModelBuilder)model()))));

        await host.StartAsync();

        Assert.That(host.Services.GetRequiredService<ImageGenerator>().BatchSize, Is.Positive);
    }

    [Test]
    public async Task Host_FallingBackToTheCpu_LogsTheNotice()
    {
        using var log = new LogLines();
        using var host = Host(services => services
            .AddLogging(logging => logging.AddProvider(log))
            // There is no hundredth GPU anywhere.
            .AddImageGenerator(Settings.Section(("Model", _folder.Save(TestModels.Generator())), ("Device", "auto:99"))));

        await host.StartAsync();

        var generator = host.Services.GetRequiredService<ImageGenerator>();
        Assert.That(log.Lines, Has.Member((LogLevel.Information, $"Loaded {generator.Model.Path} on CPUExecutionProvider.")));
        Assert.That(log.Lines, Has.Member((LogLevel.Warning, generator.Notice)));
    }

    private static IEnumerable<TestCaseData> KindsOfModels() =>
    [
        new TestCaseData(() => (object)TestModels.Conditional(["cat", "dog"], 2)) { TestName =
            "Host_LoadingAtStart_TriesAnyKindOfModel(conditional)" },
        new TestCaseData(() => (object)TestModels.Conditional([], 2)) { TestName =
            "Host_LoadingAtStart_TriesAnyKindOfModel(classes unknown)" },
        new TestCaseData(() => (object)TestModels.Truncated()) { TestName = "Host_LoadingAtStart_TriesAnyKindOfModel(truncated)" },
    ];

    private static Action<ImageGeneratorSettings> Use(string model) => settings => (settings.Model, settings.Generator) = (model, OnCpu);

    private IHost Host(Action<IServiceCollection> add)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new() { ContentRootPath = _folder.Path });
        add(builder.Services);
        return builder.Build();
    }

    private sealed class LogLines : ILoggerProvider, ILogger
    {
        public List<(LogLevel, string?)> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?,
            string> formatter)
        {
            lock (Lines)
                Lines.Add((logLevel, formatter(state, exception)));
        }

        public void Dispose()
        {
        }
    }
}
