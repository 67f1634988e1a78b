using System.Diagnostics;
using System.Security.Cryptography;
using GanOnnx.Onnx;
using GanOnnx.Tests.Shared.Models;
using Google.Protobuf;
using static GanOnnx.Onnx.TensorProto.Types;

namespace GanOnnx.Inference.Tests;

/// <summary>Models of strangers: what would harm the process is refused before ONNX Runtime sees it, and what never ends is
/// ended.</summary>
public sealed class HostileModelTests : IDisposable
{
    private static readonly ImageGeneratorOptions OnCpu = new() { Device = Device.Cpu, Threads = 1, ParallelBatches = 1 };

    private readonly ModelFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static IEnumerable<TestCaseData> Dangers()
    {
        yield return Case("stride 0", HostileModels.ZeroStride(),
            "the ConvTranspose that gives 'a3' has the strides [0, 2]; each is 1 or more.");
        yield return Case("stride 0 of a function", HostileModels.ZeroStrideOfAFunction(),
            "the Up that gives 'a3' has the strides [2, 0]; each is 1 or more.");
        yield return Case("a loop without end", HostileModels.Endless(isTold: true),
            "The graph runs more than 1000000000 nodes, with its loops and functions.");
        yield return Case("functions that double", HostileModels.Doubling(),
            "The function 'f19' becomes more than 1000000 nodes when the functions it calls are put in. 5 more were found.");
        yield return Case("a huge constant", HostileModels.HugeConstant(),
            "the ConstantOfShape that gives 'huge' makes [1048576, 1048576], which is more than 2147483647 values.");
        yield return Case("a division by 0", HostileModels.DivisionByZero(), "the Div that gives 'never' divides by 0.");

        static TestCaseData Case(string name, ModelBuilder builder, string finding) =>
            new TestCaseData(builder, finding).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Dangers))]
    public void Load_ADanger_IsRefusedBeforeItRuns(object builder, string finding)
    {
        var path = _folder.Save((ModelBuilder)builder);
        var sentence = $"'{path}' isn't loaded, for it could harm this process: {finding} Export it again, or don't use it.";

        Assert.That(() => ImageGenerator.Load(path, OnCpu), Throws.TypeOf<ModelException>().With.Message.EqualTo(sentence));
        Assert.That(() => ImageTranslator.Load(path, new() { Device = Device.Cpu }),
            Throws.TypeOf<ModelException>().With.Message.EqualTo(sentence));
    }

    [TestCase("../../../../../../../../../../etc/passwd")]
    [TestCase("link.data")]
    public void Load_WeightsOutsideTheFolder_AreRefused(string location)
    {
        using var elsewhere = new TemporaryFolder();
        File.WriteAllBytes(elsewhere["secret.data"], new byte[32768]);
        File.Delete(Path.Combine(_folder.Path, "link.data"));
        File.CreateSymbolicLink(Path.Combine(_folder.Path, "link.data"), elsewhere["secret.data"]);
        var path = _folder.Save(WithWeightsIn(location));

        Assert.That(() => ImageGenerator.Load(path, OnCpu), Throws.TypeOf<ModelException>().With.Message.EqualTo(
            $"'{path}' keeps the weight 'w2' in '{location}', which isn't in the model's folder. Export it again, or don't use it."));
    }

    [Test]
    public void Load_APipe_DoesNotHang()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Ignore("Pipes in folders are Unix's.");
        var pipe = Path.Combine(_folder.Path, "pipe.onnx");
        using (var make = Process.Start("mkfifo", pipe))
            make.WaitForExit();

        Assert.That(() => ImageGenerator.Load(pipe, OnCpu), Throws.TypeOf<ModelException>().With.Message.EqualTo(
            $"'{pipe}' is empty. Copy or export the model again."));
    }

    [Test]
    public void Generate_ThatNeverEnds_IsEndedByItsTimeout()
    {
        var path = _folder.Save(HostileModels.Endless(isTold: false));
        using var generator = ImageGenerator.Load(path, OnCpu with { Timeout = TimeSpan.FromMilliseconds(200) });
        var sentence = $"A run of '{path}' was ended after 00:00:00.2000000, the most that the option Timeout allows. Allow more, or don't "
            + "use it.";

        // The worker is as good as new afterwards.
        for (var i = 0; i < 2; i++)
            Assert.That(() => generator.Generate(1), Throws.TypeOf<ModelException>().With.Message.EqualTo(sentence));
        Assert.That(async () => await generator.GenerateAsync(1), Throws.TypeOf<ModelException>().With.Message.EqualTo(sentence));
    }

    // Without a number of threads, the first use tries which is faster.
    [TestCase(1)]
    [TestCase(null)]
    public void Generate_ThatNeverEnds_IsEndedByCancellation(int? threads)
    {
        using var generator = ImageGenerator.Load(_folder.Save(HostileModels.Endless(isTold: false)),
            new() { Device = Device.Cpu, Threads = threads });
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));

        Assert.That(() => generator.Generate(1, cancellation: cancellation.Token), Throws.InstanceOf<OperationCanceledException>());
    }

    [TestCase(1)]
    [TestCase(null)]
    public void GenerateAsync_ThatNobodyWaitsFor_IsEndedAndTheNextOneMade(int? threads)
    {
        using var generator = ImageGenerator.Load(_folder.Save(HostileModels.Endless(isTold: false)),
            new() { Device = Device.Cpu, Threads = threads, Timeout = TimeSpan.FromMinutes(5) });
        for (var i = 0; i < 3; i++)
        {
            using var cancellation = new CancellationTokenSource();
            var request = generator.GenerateAsync(1, cancellation: cancellation.Token);
            // Each takes the only worker; were the run before not ended, this one wouldn't begin, nor the generator be closed.
            Thread.Sleep(100);
            cancellation.Cancel();
            Assert.That(async () => await request, Throws.InstanceOf<OperationCanceledException>());
        }
    }

    [TestCase(1)]
    [TestCase(null)]
    public void Dispose_WhileARunNeverEnds_EndsIt(int? threads)
    {
        var path = _folder.Save(HostileModels.Endless(isTold: false));
        var generator = ImageGenerator.Load(path, new() { Device = Device.Cpu, Threads = threads });
        var (sync, async) = (Task.Run(() => generator.Generate(1)), generator.GenerateAsync(1));
        Thread.Sleep(200);

        generator.Dispose();

        var closed = $"'{path}' is closed. Load the model again.";
        Assert.That(async () => await sync, Throws.TypeOf<ObjectDisposedException>().With.Message.EqualTo(closed));
        Assert.That(async () => await async, Throws.TypeOf<ObjectDisposedException>().With.Message.EqualTo(closed));
    }

    [Test]
    public void Load_ThatNeverEnds_IsEndedByTimeoutAndCancellation()
    {
        var path = _folder.Save(HostileModels.Endless(isTold: false, runsToLoad: true));
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));

        Assert.That(() => ImageGenerator.Load(path, OnCpu with { Timeout = TimeSpan.FromMilliseconds(200) }),
            Throws.TypeOf<ModelException>().With.Message.Matches("^('.*' wasn't loaded within|A run of '.*' was ended after) 00:00:00.2000000, "
                + "the most that the option Timeout allows. Allow more, or don't use it.$"));
        Assert.That(() => ImageGenerator.Load(path, OnCpu, cancellation.Token), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void Load_AlreadyCancelled_LoadsNothing() =>
        Assert.That(() => ImageGenerator.Load(_folder.Save(TestModels.Generator()), OnCpu, new CancellationToken(canceled: true)),
            Throws.InstanceOf<OperationCanceledException>());

    [TestCase(0)]
    [TestCase(9)]
    [TestCase(90_000_000)]
    public void Load_ATimeoutThatCannotBe_IsRefused(int milliseconds)
    {
        var timeout = TimeSpan.FromMilliseconds(milliseconds);

        Assert.That(new ImageGeneratorOptions { Timeout = timeout }.Validate(), Is.EqualTo(new[]
        {
            $"The option Timeout is {timeout}; 00:00:00.0100000 to 1.00:00:00 is expected.",
        }));
    }

    [Test]
    public void Load_TensorsThatNoMemoryHolds_AreRefused()
    {
        var builder = TestModels.Generator();
        builder.Model.Graph.Input[0].Type.TensorType.Shape.Dim[1].DimValue = int.MaxValue;
        var path = _folder.Save(builder);
        Assert.That(() => ImageGenerator.Load(path, OnCpu), Throws.TypeOf<ModelException>().With.Message.EqualTo(
            $"'{path}' takes or makes tensors that no memory holds. Export it again, or don't use it."));
    }

    [Test]
    public void Sha256_OfAFileThatIsReplaced_IsThatOfWhatWasLoaded()
    {
        var path = _folder.Save(TestModels.Generator());
        var loaded = Hash(path);
        using var generator = ImageGenerator.Load(path, OnCpu with { ParallelBatches = 2 });
        var before = generator.Generate(3, seed: 1).Values.ToArray();

        _folder.Save(ForeignModels.Generator(bgr: true));

        Assert.That(Hash(path), Is.Not.EqualTo(loaded));
        Assert.That(generator.Model.Sha256, Is.EqualTo(loaded));
        // Workers that are made later have the model that was loaded, too.
        Assert.That(generator.Generate(100, seed: 1).Values[..before.Length].ToArray(), Is.EqualTo(before).Within(1e-5f));
    }

    [Test]
    public void Sha256_OfWeightsInAnotherFile_IsOfBoth()
    {
        var builder = WithWeightsIn("w2.data");
        File.WriteAllBytes(Path.Combine(_folder.Path, "w2.data"), new byte[32768]);
        var path = _folder.Save(builder);

        using var generator = ImageGenerator.Load(path, OnCpu);

        byte[] both = [.. File.ReadAllBytes(path), .. new byte[32768]];
        Assert.That(generator.Model.Sha256, Is.EqualTo(Convert.ToHexStringLower(SHA256.HashData(both))));
        Assert.That(generator.Generate(2).Count, Is.EqualTo(2));
        File.WriteAllBytes(Path.Combine(_folder.Path, "w2.data"), [.. Enumerable.Repeat((byte)1, 32768)]);
        using var other = ImageGenerator.Load(path, OnCpu);
        Assert.That(other.Model.Sha256, Is.Not.EqualTo(generator.Model.Sha256), "other weights are another model");
    }

    private static string Hash(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));

    private static ModelBuilder WithWeightsIn(string location)
    {
        var builder = TestModels.Generator(TestModels.Metadata);
        var weights = builder.Model.Graph.Initializer.Single(t => t.Name == "w2");
        weights.ClearRawData();
        weights.DataLocation = TensorProto.Types.DataLocation.External;
        weights.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = location });
        return builder;
    }
}
