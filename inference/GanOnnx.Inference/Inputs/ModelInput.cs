using GanOnnx.Inference.Runtime;

namespace GanOnnx.Inference.Inputs;

/// <summary>
/// Something that noise → image models take: one tensor, or several that belong together. It recognises itself in a graph, says what a
/// sample may ask of it, and fills its tensors. Where the model lacks it, it has none and refuses what would need it.
/// </summary>
/// <param name="tensors">The tensors it fills; none where the model lacks it.</param>
internal abstract class ModelInput(params IReadOnlyList<TensorSpec> tensors)
{
    public IReadOnlyList<TensorSpec> Tensors => tensors;

    /// <summary>Whether the model takes it.</summary>
    public bool IsTaken => tensors.Count > 0;

    /// <summary>The place of its first tensor among those of all inputs.</summary>
    public int First { get; set; }

    /// <exception cref="ModelException">The sample asks for what the model doesn't take, or for what is out of its range.</exception>
    public abstract void Check(ModelDescription model, in Sample sample);

    /// <summary>Fills its tensors' rows from <paramref name="row"/> on with what the images from <paramref name="first"/> on ask
    /// for.</summary>
    /// <param name="tensors">Those of all inputs, in their places.</param>
    /// <param name="row">The first row.</param>
    /// <param name="images">What the images are made from.</param>
    /// <param name="first">The first image.</param>
    /// <param name="count">How many rows.</param>
    public abstract void Fill<TRows>(ReadOnlySpan<TensorBuffer> tensors, int row, in TRows images, int first, int count)
        where TRows : struct, IRows;
}
