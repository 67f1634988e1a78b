using GanOnnx.ML.Columns;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;

namespace GanOnnx.ML.Tensors;

/// <summary>Finds the lengths of axes that a graph leaves open: an input's in its column, an output's by a run.</summary>
internal static class ShapeInference
{
    public static TensorShape OfInput(string path, TensorColumn input, DataViewSchema.Column column, bool hasBatch)
    {
        int[] axes = [.. input.Axes];
        var rest = hasBatch ? axes[1..] : axes;
        // A graph that has its batch axis open in some tensors only is run one row at a time.
        if (!hasBatch && rest is [-1, ..])
            rest[0] = 1;

        var (size, dimensions) = column.Type is VectorDataViewType vector ? (vector.Size, vector.Dimensions.ToArray()) : (1, [1]);
        Fill(rest, size, dimensions);
        if (rest.Contains(-1))
            throw Errors.OpenAxes(path, input.Tensor, column);

        var shape = new TensorShape(hasBatch ? [1, .. rest] : rest, hasBatch);
        // The length of a vector of unknown size is checked in every row.
        return size == 0 || size == shape.Length
            ? shape
            : throw Errors.WrongSize(column, shape.Length, input.Tensor, path);
    }

    public static TensorShape[] OfOutputs(TensorModel model, TensorShape[] inputs, bool hasBatch)
    {
        if (model.Outputs.All(o => !o.Axes.Skip(hasBatch ? 1 : 0).Contains(-1)))
            return [.. model.Outputs.Select(o => new TensorShape(hasBatch ? [1, .. o.Axes[1..]] : o.Axes, hasBatch))];

        var zeros = model.Inputs.Zip(inputs, (input, shape) => Zeros(input.Type, shape)).ToList();
        try
        {
            using var made = model.Run(zeros);
            return [.. made.Select(value => new TensorShape(Axes(value), hasBatch))];
        }
        finally
        {
            zeros.ForEach(value => value.Dispose());
        }
    }

    // Axes of the column count from the innermost; if that leaves one axis open, the column's size tells it.
    private static void Fill(int[] axes, int size, int[] dimensions)
    {
        // A column has no axis for a batch that is always 1.
        if (dimensions.Length >= axes.Length || (dimensions.Length == axes.Length - 1 && axes is [1, ..]))
            for (var i = 1; i <= Math.Min(axes.Length, dimensions.Length); i++)
                if (axes[^i] < 0 && dimensions[^i] > 0)
                    axes[^i] = dimensions[^i];

        var known = axes.Where(axis => axis > 0).Aggregate(1, (a, b) => a * b);
        if (size > 0 && axes.Count(axis => axis < 0) == 1 && size % known == 0)
            axes[Array.IndexOf(axes, -1)] = size / known;
    }

    private static OrtValue Zeros(DataViewType type, TensorShape shape) =>
        OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, ElementTypes.ToTensor(type), shape.For(1));

    private static int[] Axes(OrtValue value) => Array.ConvertAll(value.GetTensorTypeAndShape().Shape, axis => checked((int)axis));
}
