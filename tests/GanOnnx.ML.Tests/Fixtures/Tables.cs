using GanOnnx.Onnx;
using static GanOnnx.Onnx.TensorProto.Types;

namespace GanOnnx.ML.Tests.Fixtures;

/// <summary>Models that are no generators.</summary>
internal static class Tables
{
    /// <summary>Image to image: the negative.</summary>
    public static ModelBuilder Negative(object height, object width) => new ModelBuilder()
        .Metadata(new() { Task = ModelTask.Translate, Pixels = new() { Channels = "rgb" } }).Input("image", DataType.Float, "N", 3, height, width).Node("Neg", ["image"], "negative")
        .Output("negative", DataType.Float, "N", 3, height, width);

    /// <summary>
    /// Two outputs: <c>double</c> is twice x; <c>looked up</c> is a row of a table of ten by the index, which fails for others.
    /// </summary>
    public static ModelBuilder TwoOutputs() => new ModelBuilder()
        .Input("x", DataType.Float, "N", 2).Input("index", DataType.Int64, "N")
        .Node("Add", ["x", "x"], "double").Weights("table", [10, 3], 1, 5)
        .Node("Gather", ["table", "index"], "looked up", ModelBuilder.Int("axis", 0))
        .Output("double", DataType.Float, "N", 2).Output("looked up", DataType.Float, "N", 3);
}

internal sealed class TableRow
{
    [Microsoft.ML.Data.ColumnName("x"), Microsoft.ML.Data.VectorType(2)]
    public float[] X { get; set; } = [];

    // ML.NET's own transform takes no scalar for a tensor of one axis.
    [Microsoft.ML.Data.ColumnName("index"), Microsoft.ML.Data.VectorType(1)]
    public long[] Index { get; set; } = [];

    public static TableRow[] Create(int count) =>
        [.. Enumerable.Range(0, count).Select(i => new TableRow { X = [i, 2 * i], Index = [i % 10] })];
}
