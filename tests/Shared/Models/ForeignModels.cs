using GanOnnx.Inference;
using GanOnnx.Onnx;
using static GanOnnx.Onnx.TensorProto.Types;

namespace GanOnnx.Tests.Shared.Models;

/// <summary>Models as other programs make them: the images of <see cref="TestModels.Generator"/> in every other way.</summary>
internal static class ForeignModels
{
    /// <param name="lowest">The value of black.</param>
    /// <param name="highest">The value of white.</param>
    /// <param name="last">Channels last.</param>
    /// <param name="bgr">Blue first.</param>
    /// <param name="flat">[N, C·H·W].</param>
    /// <param name="bytes">uint8, rounded.</param>
    /// <param name="batch">"N" or a fixed length.</param>
    public static ModelBuilder Generator(
        float lowest = -1, float highest = 1, bool last = false, bool bgr = false, bool flat = false, bool bytes = false,
            object? batch = null)
    {
        var builder = TestModels.Generator();
        builder.Model.Graph.Output.Clear();
        batch ??= "N";
        if (batch is int length)
            builder.Model.Graph.Input[0].Type.TensorType.Shape.Dim[0] = new() { DimValue = length };
        var image = "image";
        if (bgr)
            builder.Integers("order", 2, 1, 0).Node("Gather", [image, "order"], image = "bgr", ModelBuilder.Int("axis", 1));
        if (last)
            builder.Node("Transpose", [image], image = "last", ModelBuilder.Ints("perm", 0, 2, 3, 1));
        builder.Floats("half", (highest - lowest) / 2).Node("Mul", [image, "half"], "scaled")
            .Floats("middle", lowest + (highest - lowest) / 2).Node("Add", ["scaled", "middle"], image = "moved");
        if (bytes)
            builder.Node("Round", [image], "whole").Node("Cast", ["whole"], image = "bytes", ModelBuilder.Int("to", (long)DataType.Uint8));
        if (flat)
            builder.Integers("row", batch is int rows ? rows : -1, 768).Node("Reshape", [image, "row"], image = "flat");
        object[] axes = (flat, last) switch
        {
            (true, _) => [batch, 768],
            (_, true) => [batch, 16, 16, 3],
            _ => [batch, 3, 16, 16],
        };
        return builder.Node("Identity", [image], "out").Output("out", bytes ? DataType.Uint8 : DataType.Float, axes);
    }

    /// <summary>Each image darker by half: image · 0.5 − 0.5 in −1 … 1, so that black stays black.</summary>
    public static ModelBuilder Darker(ModelMetadata? metadata, params object[] axes)
    {
        var builder = new ModelBuilder().Input("image", DataType.Float, axes);
        if (metadata is not null)
            builder.Metadata(metadata);
        return builder.Floats("half", 0.5f).Node("Mul", ["image", "half"], "dim").Node("Sub", ["dim", "half"], "dark")
            .Output("dark", DataType.Float, axes);
    }

    /// <summary>Twice as high and wide, in 0 … 1 or any other range: every pixel four times.</summary>
    public static ModelBuilder Upscaler(params object[] axes) => new ModelBuilder()
        .Input("photo", DataType.Float, axes).Floats("scales", 1, 1, 2, 2)
        .Node("Resize", ["photo", "", "scales"], "larger", ModelBuilder.Text("mode", "nearest"),
            ModelBuilder.Text("coordinate_transformation_mode", "asymmetric"),
            ModelBuilder.Text("nearest_mode", "floor"))
        .Output("larger", DataType.Float, axes[0], axes[1], Twice(axes[2]), Twice(axes[3]));

    /// <summary>One grey pixel, the first value of the latent: as small as a generator gets.</summary>
    public static ModelBuilder Tiny() => new ModelBuilder()
        .Input("z", DataType.Float, "N", 4).Integers("from", 0).Integers("till", 1).Integers("axis", 1)
        .Node("Slice", ["z", "from", "till", "axis"], "first").Node("Tanh", ["first"], "pixel")
        .Integers("nchw", -1, 1, 1, 1).Node("Reshape", ["pixel", "nchw"], "image").Output("image", DataType.Float, "N", 1, 1, 1);

    private static object Twice(object axis) => axis is int length ? 2 * length : $"2{axis}";
}
