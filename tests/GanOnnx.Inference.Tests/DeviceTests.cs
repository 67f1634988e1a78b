using GanOnnx.Tests.Shared.Models;

namespace GanOnnx.Inference.Tests;

/// <summary>What a machine without CUDA says, and on one with CUDA, that it is used.</summary>
public sealed class DeviceTests : IDisposable
{
    private readonly ModelFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Test]
    public void Load_CudaWhereThereIsNone_SaysWhatIsMissing()
    {
        var path = WithoutCuda();

        Assert.That(() => ImageGenerator.Load(path, new() { Device = Device.Cuda }).Dispose(),
            Throws.TypeOf<ModelException>().With.Message.Matches(
                $"^The device cuda can't be used: {Missing}. Mend that, or use the device cpu or auto.$"));
    }

    [Test]
    public void Load_AutoWhereThereIsNoGpu_IsSimplyTheCpu()
    {
        using var generator = ImageGenerator.Load(WithoutCuda());
        if (generator.Notice is { } notice)
            Assert.Ignore($"There is a GPU: {notice}");

        Assert.That(generator.Provider, Is.EqualTo("CPUExecutionProvider"));
        Assert.That(generator.Generate(1).Count, Is.EqualTo(1));
    }

    [Test]
    public void Load_AGpuByItsNumberThatIsNotThere_RunsOnTheCpuAndSaysSo()
    {
        using var generator = ImageGenerator.Load(WithoutCuda(), new() { Device = Device.AutoAt(99) });

        Assert.That(generator.Provider, Is.EqualTo("CPUExecutionProvider"));
        Assert.That(generator.Notice, Does.Match($"^Running on the CPU; CUDA can't be used: {Missing}.$"));
    }

    [Test]
    public void Load_CudaThatDoesNotWork_IsAnErrorForTheReasonAutoGives()
    {
        using var auto = ImageGenerator.Load(WithoutCuda(), new() { Device = Device.AutoAt(99) });
        var path = auto.Model.Path;
        if (auto.Notice is null)
            Assert.Ignore($"The model runs on {auto.Provider}.");

        var reason = auto.Notice["Running on the CPU; CUDA can't be used: ".Length..];

        Assert.That(() => ImageGenerator.Load(path, new() { Device = Device.CudaAt(99) }).Dispose(),
            Throws.TypeOf<ModelException>().With.Message.EqualTo(
                $"The device cuda:99 can't be used: {reason} Mend that, or use the device cpu or auto."));
    }

    [Test]
    public void Load_Cuda_RunsOnCudaAndMatchesTheCpu()
    {
        var path = _folder.Save(TestModels.Generator());
        using var cpu = ImageGenerator.Load(path, new() { Device = Device.Cpu });
        using var auto = ImageGenerator.Load(path);
        if (auto.Provider == "CPUExecutionProvider")
            Assert.Ignore(auto.Notice ?? "There is no GPU.");

        // TensorFloat-32 keeps ten bits of the factors.
        Assert.That(auto.Provider, Does.Contain("CUDA").IgnoreCase);
        Assert.That(auto.Generate(70, seed: 1).Values.ToArray(), Is.EqualTo(cpu.Generate(70, seed: 1).Values.ToArray()).Within(2e-2f));
    }

    [Test]
    public void Load_AnotherGpuThatIsNotThere_IsNamed()
    {
        var path = WithoutCuda();

        Assert.That(() => ImageGenerator.Load(path, new() { Device = Device.CudaAt(1) }).Dispose(),
            Throws.TypeOf<ModelException>().With.Message.Matches(
                $"^The device cuda:1 can't be used: {Missing}. Mend that, or use the device cpu or auto.$"));
    }

    [Test]
    public void Generate_OnCudaWithEveryBatchSizeAndAMemoryLimit_MatchesTheCpu()
    {
        var path = _folder.Save(TestModels.Generator());
        using var cpu = ImageGenerator.Load(path, new() { Device = Device.Cpu });
        using var auto = ImageGenerator.Load(path, new() { DeviceMemoryLimit = 1L << 30 });
        if (auto.Provider == "CPUExecutionProvider")
            Assert.Ignore(auto.Notice ?? "There is no GPU.");

        Assert.That(auto.ParallelBatches, Is.EqualTo(2));
        foreach (var count in new[] { 1, 3, 64, 130, 500 })
            Assert.That(auto.Generate(count, seed: 1).Values.ToArray(),
                Is.EqualTo(cpu.Generate(count, seed: 1).Values.ToArray()).Within(2e-2f));
    }

    [TestCase("auto", "auto", 0)]
    [TestCase("CPU", "cpu", 0)]
    [TestCase(" cuda ", "cuda", 0)]
    [TestCase("cuda:0", "cuda", 0)]
    [TestCase("cuda:12", "cuda:12", 12)]
    [TestCase("auto:1", "auto:1", 1)]
    public void Parse_ADevice(string text, string name, int index)
    {
        var device = Device.Parse(text);

        Assert.That((device.ToString(), device.Index), Is.EqualTo((name, index)));
        Assert.That(System.ComponentModel.TypeDescriptor.GetConverter(typeof(Device)).ConvertFromInvariantString(text), Is.EqualTo(device));
    }

    [TestCase("gpu")]
    [TestCase("")]
    [TestCase("cuda:")]
    [TestCase("cuda:-1")]
    [TestCase("cuda:1:2")]
    [TestCase("cpu:1:")]
    public void Parse_NoDevice_SaysWhichThereAre(string text) =>
        Assert.That(() => Device.Parse(text), Throws.TypeOf<FormatException>()
            .With.Message.EqualTo($"'{text}' is no device. Give auto, cpu, cuda, or one of several GPUs as cuda:1, counted from 0."));

    // What is missing is for ONNX Runtime's build and the machine to tell.
    private static string Missing =>
        Microsoft.ML.OnnxRuntime.OrtEnv.Instance().GetAvailableProviders().Contains("CUDAExecutionProvider")
            ? @"the CUDA provider doesn't start \(.+\); it needs an NVIDIA GPU, its driver, CUDA and cuDNN"
            : @"this build of ONNX Runtime has no CUDA provider \(it has .+\); the package Microsoft\.ML\.OnnxRuntime\.Gpu has it for Windows and Linux x64";

    private string WithoutCuda()
    {
        var path = _folder.Save(TestModels.Generator());
        using var auto = ImageGenerator.Load(path);
        if (auto.Provider != "CPUExecutionProvider")
            Assert.Ignore($"The model runs on {auto.Provider}.");
        return path;
    }
}
