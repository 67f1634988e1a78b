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

    /// <summary>What a sample's property for it is called, in JSON and on the command line too; null if samples don't ask for it.</summary>
    public virtual string? Name => null;

    /// <summary>The sample asking for what people write, as <c>7:3</c>.</summary>
    /// <exception cref="ModelException">It can't be read.</exception>
    public virtual Sample Read(ModelDescription model, in Sample sample, string text) => sample;

    /// <summary>What a sample asks for, as people write it; null for nothing.</summary>
    public virtual string? Write(in Sample sample) => null;

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
