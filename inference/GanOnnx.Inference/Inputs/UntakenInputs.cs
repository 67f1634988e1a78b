namespace GanOnnx.Inference.Inputs;

/// <summary>The inputs of a graph while it is found out what they are for, and what the file and the options say of them.</summary>
internal sealed class UntakenInputs(
    string path, IReadOnlyList<TensorDescription> inputs, ModelMetadata? metadata, ImageGeneratorOptions options)
{
    private readonly List<TensorDescription> _left = [.. inputs];

    public string Path => path;

    public ModelMetadata? Metadata => metadata;

    public ImageGeneratorOptions Options => options;

    public IReadOnlyList<TensorDescription> Inputs => inputs;

    /// <summary>The inputs that nobody has taken yet.</summary>
    public IReadOnlyList<TensorDescription> Left => _left;

    /// <summary>Takes the first input of that kind; null if there is none.</summary>
    public TensorDescription? Take(Predicate<TensorDescription> isIt)
    {
        var found = _left.Find(isIt);
        if (found is not null)
            _left.Remove(found);
        return found;
    }
}
