using GanOnnx.Inference.Runtime;

namespace GanOnnx.Inference.Inputs;

/// <summary>All that a noise → image model takes.</summary>
internal sealed class ModelInputs
{
    private static readonly string[] _supported =
        [LatentInput.Supported, LabelInput.Supported, TruncationInput.Supported, TruncationCutoffInput.Supported,
            StyleMixInput.Supported];

    private readonly ModelInput[] _taken, _all;

    /// <exception cref="ModelException">An input is missing, can't be filled, or contradicts what the file says.</exception>
    public ModelInputs(UntakenInputs inputs)
    {
        // What has a name is found first: the latent is what else there is.
        var cutoff = TruncationCutoffInput.Recognise(inputs);
        Text = TextInput.Recognise(inputs);
        Label = LabelInput.Recognise(inputs);
        Truncation = TruncationInput.Recognise(inputs);
        Latent = LatentInput.Recognise(inputs);
        StyleMix = StyleMixInput.Recognise(inputs, Latent);
        _all = [Latent, Label, Text, Truncation, cutoff, StyleMix];
        _taken = [.. _all.Where(input => input.IsTaken)];
        if (inputs.Left is [var unexpected, ..])
            throw Errors.UnexpectedInput(inputs.Path, unexpected);

        foreach (var input in _taken)
        {
            input.First = Tensors.Count;
            Tensors = [.. Tensors, .. input.Tensors];
        }
        var shared = Tensors.Where(tensor => tensor.IsShared).Select(tensor => tensor.Name).ToHashSet();
        WithRows = [.. inputs.Inputs.Where(tensor => !shared.Contains(tensor.Name))];
    }

    /// <summary>What can be filled, to say in a sentence.</summary>
    public static string Supported { get; } = $"Inputs {string.Join(", ", _supported[..^1])}, and {_supported[^1]} are supported";

    /// <summary>Those that the model takes.</summary>
    public IReadOnlyList<ModelInput> Taken => _taken;

    public LatentInput Latent { get; }

    public LabelInput Label { get; }

    public TextInput Text { get; }

    public TruncationInput Truncation { get; }

    public StyleMixInput StyleMix { get; }

    /// <summary>Those of the model's tensors that have a row for each image.</summary>
    public IReadOnlyList<TensorDescription> WithRows { get; }

    /// <summary>The tensors of all of them.</summary>
    public IReadOnlyList<TensorSpec> Tensors { get; } = [];

    /// <exception cref="ModelException">The sample asks for what the model doesn't take, or for what is out of its range.</exception>
    public void Check(ModelDescription model, in Sample sample)
    {
        foreach (var input in _all)
            input.Check(model, sample);
    }

    /// <summary>What samples can ask for, whether the model takes it or not: what it doesn't take, it refuses by its own
    /// sentence.</summary>
    public IEnumerable<ModelInput> Asked => _all.Where(input => input.Name is not null);

    /// <summary>Fills the rows of all tensors, see <see cref="ModelInput.Fill"/>.</summary>
    public void Fill<TRows>(ReadOnlySpan<TensorBuffer> tensors, int row, in TRows images, int first, int count) where TRows : struct, IRows
    {
        foreach (var input in _taken)
            input.Fill(tensors, row, images, first, count);
    }
}
