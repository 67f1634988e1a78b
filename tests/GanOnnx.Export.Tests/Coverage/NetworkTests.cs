using GanOnnx.Export.Tests.Fixtures;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanOnnx.Export.Tests.Coverage;

/// <summary>Networks of many module types, whose images may have any size.</summary>
public sealed class NetworkTests : CoverageFixture
{
    private static IEnumerable<ModuleCase> Cases()
    {
        yield return new("an encoder and a decoder", EncoderAndDecoder, [3, 16, 24]) { Open = [[3, 8, 8], [3, 32, 12]] };
        yield return new("a super-resolution network", SuperResolution, [3, 9, 7]) { Open = [[3, 5, 12], [3, 16, 16]] };
        yield return new("a classifier", Classifier, [3, 17, 23]) { Open = [[3, 32, 32], [3, 19, 40]] };
        yield return new("a network of signals", Signals, [2, 30]) { Open = [[2, 41], [2, 64]] };
    }

    private static Module EncoderAndDecoder() => Sequential(
        ReflectionPad2d(3), Conv2d(3, 4, 7, bias: false), InstanceNorm2d(4, affine: true), ReLU(),
        Conv2d(4, 6, 3, 2, 1, padding_mode: PaddingModes.Circular), GroupNorm(3, 6), SiLU(),
        MaxPool2d(2), ChannelShuffle(2), Dropout2d(),
        Upsample(scale_factor: [2, 2], mode: UpsampleMode.Bilinear), Conv2d(6, 4, 3, Padding.Same), BatchNorm2d(4), GELU(),
        ConvTranspose2d(4, 3, 3, 2, 1, 1), Hardtanh(inplace: true));

    private static Module SuperResolution() => Sequential(
        Conv2d(3, 8, 3, 1, 1, padding_mode: PaddingModes.Replicate), PReLU(8), LocalResponseNorm(3), Mish(),
        Conv2d(8, 12, 3, 1, 1), PixelShuffle(2), Upsample(scale_factor: [1.5, 1.5]), Tanh());

    private static Module Classifier() => Sequential(
        Conv2d(3, 8, 3, 2, 1), BatchNorm2d(8), Hardswish(), AvgPool2d(3, 2, 1, ceil_mode: true),
        AdaptiveAvgPool2d((2, 3)), nn.Flatten(), Linear(48, 6), LayerNorm(6), LogSoftmax(1));

    private static Module Signals() => Sequential(
        ConstantPad1d((2, 0), 0), Conv1d(2, 8, 3, dilation: 2), GLU(1), BatchNorm1d(4), ELU(),
        MaxPool1d(3, 2, ceil_mode: true), AdaptiveMaxPool1d(5), nn.Flatten(), Linear(20, 3), Softmax(-1));

    [TestCaseSource(nameof(Cases))]
    public void ExportedFile_GivesTheModulesOutput(ModuleCase module) =>
        AssertSame(module, [15, OnnxExporter.DefaultOpset, 18, 19, 20, 21]);

    /// <summary>Sizes 10 and 11 alone give the same output size.</summary>
    [Test]
    public void OutputAxis_ThatChangesAtOneOfTheSizes_IsOpen()
    {
        using var folder = new TemporaryFolder();
        using var module = MaxPool1d(2).Ready();
        using var example = rand(1, 2, 11);

        OnnxExporter.Export(module, example, folder["m.onnx"],
            new() { DynamicAxes = [DynamicAxis.Batch, new("L", 2) { VerifiedSizes = [10, 11, 6] }] });

        var shape = OnnxFile.Read(folder["m.onnx"]).Graph.Output.Single().Type.TensorType.Shape;
        Assert.That(shape.Dim.Select(d => d.HasDimParam ? d.DimParam : $"{d.DimValue}"), Is.EqualTo(new[] { "N", "2", "L_out_2" }));
    }
}
