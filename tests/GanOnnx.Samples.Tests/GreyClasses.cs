using GanOnnx.Onnx;
using static GanOnnx.Onnx.TensorProto.Types;

namespace GanOnnx.Samples.Tests;

/// <summary>A conditional model in small.</summary>
internal static class GreyClasses
{
    /// <summary>Grey images: a pattern per class, and a little of the latent on top.</summary>
    public static ModelBuilder Create(int size, params string[] classes)
    {
        const int Latent = 8;
        var pixels = size * size;
        return new ModelBuilder().Input("z", DataType.Float, "N", Latent).Input("label", DataType.Int64, "N")
            .Metadata(new()
            {
                Architecture = "pattern",
                Latent = new(LatentDistribution.Normal, Latent),
                Classes = classes,
                Pixels = new() { Channels = "grey" }
            })
            .Weights("patterns", [classes.Length, pixels], 2, 1).Node("Gather", ["patterns", "label"], "pattern")
            .Weights("noise", [Latent, pixels], 0.3f, 2).Node("MatMul", ["z", "noise"], "detail")
            .Node("Add", ["pattern", "detail"], "sum").Node("Tanh", ["sum"], "flat")
            .Integers("nchw", -1, 1, size, size).Node("Reshape", ["flat", "nchw"], "image")
                .Output("image", DataType.Float, "N", 1, size, size);
    }
}
