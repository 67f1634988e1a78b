using GanOnnx.Onnx;
using GanOnnx.Onnx.Passes.Quantization;
using GanOnnx.Tests.Shared.Models;
using static GanOnnx.Onnx.TensorProto.Types;

namespace GanOnnx.Quantization.Tests;

/// <summary>Graphs whose convolutions compute with bytes.</summary>
public sealed class IntegerGraphTests
{
    private const int Channels = 16;

    private static readonly long[] _shape = [2, Channels, 12, 10];

    // Of random weights and ranges that are the largest there are; 256 steps leave 40 dB and more of a layer.
    private const double Near = 35;

    [Test]
    public void Layers_that_follow_one_another_hand_bytes_on()
    {
        var model = Start().Convolution("x", "a").Node("Relu", ["a"], "b").Convolution("b", "c").Node("Relu", ["c"], "d").Convolution("d", "y")
            .Output("y", DataType.Float, "N", Channels, "H", "W").Model;

        var made = Quantized(model);

        Assert.That(made.Graph.Node.Select(node => node.OpType),
            Is.EqualTo(["QuantizeLinear", "QLinearConv", "QLinearConv", "QLinearConv", "DequantizeLinear"]));
        Assert.That(Runner.Psnr(Runner.Run(model, _shape), Runner.Run(made, _shape)), Is.GreaterThan(Near));
    }

    [Test]
    public void What_only_moves_values_moves_bytes()
    {
        var model = Start().Convolution("x", "a").Node("MaxPool", ["a"], "b", ModelBuilder.Ints("kernel_shape", 2, 2),
                ModelBuilder.Ints("strides", 2, 2)).Convolution("b", "c").Node("Transpose", ["c"], "t", ModelBuilder.Ints("perm", 0, 1, 3, 2))
            .Node("Transpose", ["t"], "u", ModelBuilder.Ints("perm", 0, 1, 3, 2))
            .Node("Concat", ["b", "u"], "both", ModelBuilder.Int("axis", 1)).Convolution("both", "y", inputs: 2 * Channels)
            .Output("y", DataType.Float, "N", Channels, "H", "W").Model;

        var made = Quantized(model);

        Assert.That((made.Count("QuantizeLinear"), made.Count("DequantizeLinear"), made.Count("QLinearConv")), Is.EqualTo((1, 1, 3)));
        Assert.That(Runner.Psnr(Runner.Run(model, _shape), Runner.Run(made, _shape)), Is.GreaterThan(Near));
    }

    [Test]
    public void Other_operators_stay_numbers()
    {
        var model = Start().Convolution("x", "a").Node("LeakyRelu", ["a"], "b").Convolution("b", "c").Node("Add", ["b", "c"], "d")
            .Node("Sigmoid", ["d"], "e").Convolution("e", "f").Node("Tanh", ["f"], "y").Output("y", DataType.Float, "N", Channels, "H", "W").Model;

        var made = Quantized(model);

        Assert.That((made.Count("LeakyRelu"), made.Count("Add"), made.Count("Sigmoid"), made.Count("Tanh")), Is.EqualTo((1, 1, 1, 1)));
        Assert.That(made.Count("QLinearConv"), Is.EqualTo(3));
        Assert.That(Runner.Psnr(Runner.Run(model, _shape), Runner.Run(made, _shape)), Is.GreaterThan(Near));
    }

    [Test]
    public void Groups_strides_holes_and_biases_are_kept()
    {
        var model = Start().Weights("bias", [2 * Channels], 1, 4).Weights("w", [2 * Channels, Channels / 2, 3, 3], 0.1f, 5)
            .Node("Conv", ["x", "w", "bias"], "y", ModelBuilder.Int("group", 2), ModelBuilder.Ints("strides", 2, 1),
                ModelBuilder.Ints("dilations", 1, 2), ModelBuilder.Ints("pads", 1, 0, 2, 1))
            .Output("y", DataType.Float, "N", 2 * Channels, "H", "W").Model;

        Assert.That(Runner.Psnr(Runner.Run(model, _shape), Runner.Run(Quantized(model), _shape)), Is.GreaterThan(Near));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Transposed_convolutions_are_put_in_their_places(bool sizesAreKnown)
    {
        var model = Start().Weights("bias", [Channels], 1, 4).Weights("w", [Channels, Channels, 4, 4], 0.1f, 5)
            .Node("ConvTranspose", ["x", "w", "bias"], "y", ModelBuilder.Ints("strides", 2, 2), ModelBuilder.Ints("pads", 1, 1, 1, 1))
            .Output("y", DataType.Float, "N", Channels, "H", "W").Model;

        var made = Quantized(model, _ => sizesAreKnown ? (_shape[2], _shape[3]) : null);

        Assert.That(made.Count("ConvTranspose"), Is.Zero);
        Assert.That(made.Count("DepthToSpace"), Is.EqualTo(sizesAreKnown ? 0 : 1));
        Assert.That(Runner.Psnr(Runner.Run(model, _shape), Runner.Run(made, _shape)), Is.GreaterThan(Near));
    }

    [Test]
    public void A_layer_that_is_left_out_stays_as_it_was()
    {
        var model = Start().Convolution("x", "a").Convolution("a", "y").Output("y", DataType.Float, "N", Channels, "H", "W").Model;

        var made = IntegerGraph.Of(model, new HashSet<string> { "a" }, RangesOf(model), _ => null);

        Assert.That(made.Graph.Node.Select(node => node.OpType), Is.EqualTo(["QuantizeLinear", "QLinearConv", "DequantizeLinear", "Conv"]));
    }

    [Test]
    public void Few_channels_and_few_products_arent_worth_it()
    {
        var model = Start().Weights("few", [Channels - 1, Channels, 3, 3], 0.1f, 5).Node("Conv", ["x", "few"], "a")
            .Weights("single", [Channels, 1, 3, 3], 0.1f, 6).Node("Conv", ["x", "single"], "b", ModelBuilder.Int("group", Channels)).Model;

        Assert.That(QuantizableLayer.Of(model.Graph), Is.Empty);
    }

    [Test]
    public void Weights_have_seven_bits_and_a_scale_for_each_channel()
    {
        var weights = IntegerWeights.Of([0.9f, -2, 0.6f, 0, 0, 0, 100, 45, -26], 3);

        Assert.That(weights.Values, Is.EqualTo(new sbyte[] { 28, -63, 19, 0, 0, 0, 63, 28, -16 }));
        Assert.That(weights.Scales, Is.EqualTo([2f / 63, 1f, 100f / 63]));
    }

    [Test]
    public void Sums_of_seven_bits_fit_where_those_of_eight_are_cut_off()
    {
        byte[] bright = [255, 255];

        Assert.That(SaturatingProducts.CutsOff(bright, [127, 127], 2, 1), Is.True);
        Assert.That(SaturatingProducts.CutsOff(bright, [-127, -127], 1, 2), Is.True);
        Assert.That(SaturatingProducts.CutsOff(bright, [IntegerWeights.Largest, IntegerWeights.Largest], 2, 1), Is.False);
        Assert.That(SaturatingProducts.CutsOff(bright, [-IntegerWeights.Largest, -IntegerWeights.Largest], 2, 1), Is.False);
    }

    [Test]
    public void Ranges_have_zero_among_their_steps()
    {
        Assert.That(ActivationScale.Of(new(0, 5.1)), Is.EqualTo(new ActivationScale(0.02f, 0)));
        Assert.That(ActivationScale.Of(new(2, 5.1)), Is.EqualTo(new ActivationScale(0.02f, 0)));
        Assert.That(ActivationScale.Of(new(-5.1, -1)), Is.EqualTo(new ActivationScale(0.02f, 255)));
        Assert.That(ActivationScale.Of(new(-2.55, 2.55)).ZeroPoint, Is.EqualTo(127).Or.EqualTo(128));
        Assert.That(ActivationScale.Of(new(0, 0)), Is.EqualTo(new ActivationScale(1, 0)));
    }

    [Test]
    public void The_least_error_leaves_out_what_is_rare_and_what_tanh_hides()
    {
        var histogram = new ValueHistogram(new(-1, 100));
        histogram.Add(Runner.Values([100_000], 1));
        histogram.Add([100]);

        Assert.That(histogram.MinMax, Is.EqualTo(new ValueInterval(-1, 100)));
        Assert.That(histogram.Percentile().High, Is.LessThan(1.2), "of 100,001 values 5 may be larger");
        Assert.That(histogram.LeastError(endsInTanh: false).High, Is.LessThan(100).And.GreaterThan(10), "one value of 100 is a large error too");

        var wide = new ValueHistogram(new(-10, 10));
        wide.Add([.. Runner.Values([10_000], 1).Select(value => 10 * value)]);
        Assert.That(wide.LeastError(endsInTanh: false).High, Is.GreaterThan(9.5));
        Assert.That(wide.LeastError(endsInTanh: true).High, Is.LessThan(5), "tanh(5) is 0.9999");
    }

    private static ModelBuilder Start() => new ModelBuilder().Input("x", DataType.Float, "N", Channels, "H", "W");

    private static ModelProto Quantized(ModelProto model, Func<string, (long, long)?>? sizeOf = null) =>
        IntegerGraph.Of(model, QuantizableLayer.Of(model.Graph).Select(layer => layer.Name).ToHashSet(), RangesOf(model),
            sizeOf ?? (_ => null));

    // All that is seen of the one input that is run.
    private static Func<string, ValueInterval> RangesOf(ModelProto model) => value =>
    {
        if (value == "x")
            return new(-1, 1);
        var watched = model.Clone();
        watched.Graph.Output.Clear();
        watched.Graph.Output.Add(new ValueInfoProto { Name = value });
        var values = Runner.Run(watched, _shape);
        return new(values.Min(), values.Max());
    };
}

/// <summary>Layers of the models here.</summary>
internal static class Layers
{
    private const int Channels = 16;

    /// <summary>A convolution of 3 × 3 that keeps the size.</summary>
    public static ModelBuilder Convolution(this ModelBuilder builder, string input, string output, int inputs = Channels) => builder
        .Weights($"{output}.weight", [Channels, inputs, 3, 3], 0.15f, output[0])
        .Node("Conv", [input, $"{output}.weight"], output, ModelBuilder.Ints("pads", 1, 1, 1, 1));
}
