using GanOnnx.Tests.Shared.Models;
using Google.Protobuf;

namespace GanOnnx.Inference.Tests;

/// <summary>Damaged models are loaded and run, or refused with a <see cref="ModelException"/>, in time and in little memory.</summary>
public sealed class MutatedModelTests : IDisposable
{
    private static readonly byte[][] Files =
    [
        .. new[]
        {
            TestModels.Generator(TestModels.Metadata), TestModels.Conditional(["zero", "one", "two"], 3), TestModels.Styled("cat", "dog"),
            TestModels.Truncated(), ForeignModels.Tiny(), ForeignModels.Generator(0, 255, last: true, bytes: true),
            ForeignModels.Upscaler("N", 3, "H", "W"), HostileModels.Endless(isTold: false), HostileModels.ZeroStrideOfAFunction(),
        }.Select(builder => builder.Model.ToByteArray()),
    ];

    private readonly ModelFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Test]
    public void Load_AMutatedModel_RunsOrIsRefused()
    {
        var options = new ImageGeneratorOptions { Device = Device.Cpu, Threads = 1, ParallelBatches = 1, Timeout = TimeSpan.FromSeconds(2) };
        Mutations.Try(300, file =>
        {
            using var generator = ImageGenerator.Load(_folder.Save(file, "mutated.onnx"), options);
            generator.Generate(2, label: generator.Model.IsConditional ? 0 : null);
            return true;
        }, e => e is ModelException, random => Mutations.Mutate(Files, random), limit: TimeSpan.FromSeconds(10), mostMemory: 4L << 30);
    }
}
