using GanOnnx.Inference;
using GanOnnx.Tests.Shared.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace GanOnnx.Hosting.Tests;

/// <summary>What the health check says of a generator that works, one that fell back, and one that doesn't work.</summary>
public sealed class HealthCheckTests : IDisposable
{
    private readonly ModelFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Test]
    public async Task Check_OfAWorkingGenerator_IsHealthy()
    {
        var entry = await Check(Use(_folder.Save(TestModels.Generator(), "faces.onnx"), Device.Cpu));

        Assert.That(entry.Status, Is.EqualTo(HealthStatus.Healthy));
        Assert.That(entry.Description, Is.EqualTo("'faces' makes images on CPUExecutionProvider."));
        Assert.That(entry.Data["model"], Is.EqualTo("faces"));
        Assert.That(entry.Data["provider"], Is.EqualTo("CPUExecutionProvider"));
        Assert.That(entry.Data["sha256"], Has.Length.EqualTo(64));
    }

    [Test]
    public async Task Check_OfTheDefaultDeviceWithoutAGpu_IsHealthy()
    {
        if (File.Exists("/dev/nvidiactl"))
            Assert.Ignore("There is a GPU.");
        Assert.That((await Check(Use(_folder.Save(TestModels.Generator()), Device.Auto))).Status, Is.EqualTo(HealthStatus.Healthy));
    }

    [Test]
    public async Task Check_OfAGeneratorThatFellBack_IsDegraded()
    {
        // There is no hundredth GPU anywhere.
        var entry = await Check(Use(_folder.Save(TestModels.Generator()), Device.AutoAt(99)));

        Assert.That(entry.Status, Is.EqualTo(HealthStatus.Degraded));
        Assert.That(entry.Description, Does.StartWith("Running on the CPU; CUDA can't be used: "));
    }

    [Test]
    public async Task Check_OfABrokenModel_IsUnhealthyAndSaysWhy()
    {
        var path = _folder.Save("This is no model."u8.ToArray());

        var entry = await Check(Use(path, Device.Cpu));

        Assert.That(entry.Status, Is.EqualTo(HealthStatus.Unhealthy));
        Assert.That(entry.Description, Is.EqualTo($"'{path}' is not an ONNX model. Give a file that was exported to ONNX."));
    }

    [Test]
    public async Task Check_OfWrongSettings_IsUnhealthyAndSaysWhy()
    {
        var entry = await Check(Use("", Device.Cpu));

        Assert.That(entry.Status, Is.EqualTo(HealthStatus.Unhealthy));
        Assert.That(entry.Description, Is.EqualTo("The setting Model is missing. Set it to an .onnx file or a folder with model.onnx."));
    }

    [Test]
    public async Task Check_OfAModelThatFailsToRun_IsUnhealthyAndSaysWhy()
    {
        // A label is needed to run it, and the table has no row for any.
        var path = _folder.Save(TestModels.Conditional([], 0));

        var entry = await Check(Use(path, Device.Cpu));

        Assert.That(entry.Status, Is.EqualTo(HealthStatus.Unhealthy));
        Assert.That(entry.Description, Does.StartWith($"ONNX Runtime failed to run '{path}'"));
    }

    [Test]
    public async Task Check_OfAFullQueue_IsHealthy()
    {
        var path = _folder.Save(TestModels.Generator());
        using var services = Services(settings =>
        {
            settings.Model = path;
            settings.Generator = new() { Device = Device.Cpu, QueueLimit = 1, MaxQueueDelay = TimeSpan.FromMinutes(1) };
        });
        var waiting = services.GetRequiredService<ImageGenerator>().GenerateAsync(1);

        var report = await services.GetRequiredService<HealthCheckService>().CheckHealthAsync();

        Assert.That(report.Status, Is.EqualTo(HealthStatus.Healthy));
        Assert.That(waiting.IsCompleted, Is.False);
    }

    [Test]
    public async Task Checks_OfKeyedGenerators_HaveTheirNames()
    {
        var path = _folder.Save(TestModels.Generator());
        var collection = new ServiceCollection().AddLogging().AddKeyedImageGenerator("faces", Use(path, Device.Cpu))
            .AddKeyedImageGenerator("hands", Use("", Device.Cpu));
        collection.AddHealthChecks().AddImageGenerator("faces")
            .AddImageGenerator("hands", failureStatus: HealthStatus.Degraded, tags: ["ready"]);
        using var services = collection.BuildServiceProvider();

        var report = await services.GetRequiredService<HealthCheckService>().CheckHealthAsync();

        Assert.That(report.Entries["image-generator-faces"].Status, Is.EqualTo(HealthStatus.Healthy));
        Assert.That(report.Entries["image-generator-hands"].Status, Is.EqualTo(HealthStatus.Degraded));
        Assert.That(report.Entries["image-generator-hands"].Tags, Is.EqualTo(["ready"]));
    }

    private static Action<ImageGeneratorSettings> Use(string model, Device device) =>
        settings => (settings.Model, settings.Generator) = (model, new() { Device = device, Threads = 1, ParallelBatches = 1 });

    private static ServiceProvider Services(Action<ImageGeneratorSettings> configure)
    {
        var services = new ServiceCollection().AddLogging().AddImageGenerator(configure);
        services.AddHealthChecks().AddImageGenerator();
        return services.BuildServiceProvider();
    }

    private static async Task<HealthReportEntry> Check(Action<ImageGeneratorSettings> configure)
    {
        using var services = Services(configure);
        var report = await services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        return report.Entries["image-generator"];
    }
}
