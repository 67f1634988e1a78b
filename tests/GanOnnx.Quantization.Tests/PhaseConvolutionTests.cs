using GanOnnx.Onnx.Passes.Quantization;
using GanOnnx.Tests.Shared.Models;
using static GanOnnx.Onnx.TensorProto.Types;

namespace GanOnnx.Quantization.Tests;

/// <summary>Transposed convolutions as convolutions, beside ONNX Runtime's own.</summary>
public sealed class PhaseConvolutionTests
{
    // Sums of 5 · 9 products, in another order.
    private const float Rounding = 1e-5f;

    [TestCase(4, 2, 1, 1, 0)]
    [TestCase(3, 2, 1, 1, 1)]
    [TestCase(2, 2, 0, 0, 0)]
    [TestCase(5, 3, 1, 1, 0)]
    [TestCase(6, 2, 2, 2, 0)]
    [TestCase(6, 2, 0, 3, 0)]
    [TestCase(8, 2, 3, 1, 0)]
    [TestCase(3, 1, 1, 1, 0)]
    [TestCase(4, 4, 0, 0, 0)]
    [TestCase(5, 2, 2, 1, 0)]
    public void A_convolution_of_phases_gives_the_same(int kernel, int stride, int before, int after, int more)
    {
        long[] shape = [2, 5, 7, 6];
        var attributes = new[]
        {
            ModelBuilder.Ints("strides", stride, stride), ModelBuilder.Ints("pads", before, before, after, after),
            ModelBuilder.Ints("output_padding", more, more),
        };
        var transposed = Start().Weights("w", [5, 3, kernel, kernel], 0.5f, 3).Node("ConvTranspose", ["x", "w"], "y", attributes)
            .Output("y", DataType.Float, "N", 3, "H'", "W'");
        var phases = PhaseConvolution.Of(transposed.Model.Graph.Node[0], transposed.Model.Graph.Initializer[0])!;

        var convolved = Start().With(Runner.Constant("w", phases.Shape, phases.Weights))
            .Node("Conv", ["x", "w"], "phases", ModelBuilder.Ints("pads", phases.Pads));
        if (phases.Block > 1)
            convolved.Node("DepthToSpace", ["phases"], "whole", ModelBuilder.Int("blocksize", phases.Block), ModelBuilder.Text("mode", "DCR"));
        convolved.Integers("starts", phases.Crop[0], phases.Crop[1])
            .Integers("ends", phases.Crop.Skip(2).Select(c => c == 0 ? long.MaxValue : -c).ToArray()).Integers("axes", 2, 3)
            .Node("Slice", [phases.Block > 1 ? "whole" : "phases", "starts", "ends", "axes"], "y").Output("y", DataType.Float, "N", 3, "H'", "W'");

        Assert.That(Runner.Run(convolved.Model, shape), Is.EqualTo(Runner.Run(transposed.Model, shape)).Within(Rounding));

        static ModelBuilder Start() => new ModelBuilder().Input("x", DataType.Float, "N", 5, "H", "W");
    }

    [TestCase("group", 5)]
    [TestCase("dilations", 2, 2)]
    [TestCase("strides", 2, 1)]
    [TestCase("output_shape", 9, 9)]
    [TestCase("pads", 0, 0, 0, 0, Description = "a stride of 1: it only makes an image larger")]
    public void What_cant_be_rewritten_stays(string attribute, params int[] values)
    {
        var model = new ModelBuilder().Input("x", DataType.Float, 1, 5, 8, 8).Weights("w", [5, 1, 4, 4], 0.5f, 3)
            .Node("ConvTranspose", ["x", "w"], "y", attribute == "group" ? ModelBuilder.Int(attribute, values[0])
                : ModelBuilder.Ints(attribute, [.. values.Select(value => (long)value)])).Model;

        Assert.That(PhaseConvolution.Of(model.Graph.Node[0], model.Graph.Initializer[0]), Is.Null);
    }
}
