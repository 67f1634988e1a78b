using System.Runtime.InteropServices;
using GanOnnx.Inference;
using GanOnnx.Onnx;
using GanOnnx.Tests.Shared.Models;
using Google.Protobuf;
using static GanOnnx.Onnx.TensorProto.Types;

namespace GanOnnx.Evaluation.Tests.Fixtures;

/// <summary>A generator that looks its images up: label l gives image l of a table, plus noise · W z.</summary>
internal static class TableModel
{
    /// <param name="images">The table; an unconditional model gives its first image.</param>
    /// <param name="classes">The labels' names, or null for an unconditional model.</param>
    /// <param name="size">Height and width.</param>
    /// <param name="latentSize">Values per latent.</param>
    /// <param name="noise">The noise's largest weight.</param>
    public static ModelBuilder Of(float[][] images, string[]? classes, int size, int latentSize, float noise)
    {
        var builder = new ModelBuilder().Input("z", DataType.Float, "N", latentSize)
            .Metadata(new ModelMetadata
            {
                Latent = new(LatentDistribution.Normal, latentSize),
                Pixels = new() { Channels = "grey" },
                Classes = classes ?? [],
            })
            .Weights("w", [latentSize, size * size], noise, seed: 1).Node("MatMul", ["z", "w"], "noise");
        builder.Model.Graph.Initializer.Add(new TensorProto
        {
            Name = "table",
            DataType = (int)DataType.Float,
            Dims = { images.Length, size * size },
            RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<float>([.. images.SelectMany(image => image)])),
        });
        builder = classes is null
            ? builder.Integers("first", 0).Node("Gather", ["table", "first"], "digit")
            : builder.Input("label", DataType.Int64, "N").Node("Gather", ["table", "label"], "digit");
        return builder.Node("Add", ["noise", "digit"], "flat")
            .Integers("shape", -1, 1, size, size).Node("Reshape", ["flat", "shape"], "image")
            .Output("image", DataType.Float, "N", 1, size, size);
    }

    /// <summary>A classifier that knows each class by one image: its score is their product, less half of the image's with
    /// itself.</summary>
    public static ModelBuilder ClassifierOf(float[][] images, string[] classes, int size)
    {
        var builder = new ModelBuilder().Input("image", DataType.Float, "N", 1, size, size)
            .Metadata(new ModelMetadata { Task = ModelTask.Score, Classes = classes, Pixels = new() { Channels = "grey" } })
            .Integers("flat shape", -1, size * size).Node("Reshape", ["image", "flat shape"], "flat");
        float[] columns = [.. Enumerable.Range(0, size * size).SelectMany(pixel => images.Select(image => image[pixel]))];
        float[] halves = [.. images.Select(image => -image.Sum(value => value * value) / 2)];
        Add("columns", columns, size * size, images.Length);
        Add("halves", halves, images.Length);
        return builder.Node("MatMul", ["flat", "columns"], "products").Node("Add", ["products", "halves"], "scores")
            .Output("scores", DataType.Float, "N", images.Length);

        void Add(string name, float[] values, params long[] shape) => builder.Model.Graph.Initializer.Add(new TensorProto
        {
            Name = name,
            DataType = (int)DataType.Float,
            Dims = { shape },
            RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<float>(values)),
        });
    }
}
