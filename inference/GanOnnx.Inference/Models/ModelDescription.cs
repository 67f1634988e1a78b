using System.Globalization;
using GanOnnx.Inference.Inputs;
using GanOnnx.Inference.Runtime;

namespace GanOnnx.Inference;

/// <summary>A loaded model file: what it says and what its graph shows.</summary>
public sealed class ModelDescription
{
    private readonly ModelInputs? _takes;

    internal ModelDescription(ModelContent content, ModelInputs? takes = null) =>
        (Path, FileSize, Sha256, _takes) = (content.Path, content.FileSize, content.Sha256, takes);

    /// <summary>The full path of the .onnx file.</summary>
    public string Path { get; }

    /// <summary>
    /// What the model is called in metrics, traces and provenance: the file's name without its extension, or its folder's
    /// where it is <c>model.onnx</c>.
    /// </summary>
    public string Name => ModelFile.NameOf(Path);

    /// <summary>The .onnx file's size in bytes; weights kept in other files are not counted.</summary>
    public long FileSize { get; }

    /// <summary>
    /// The SHA-256 of what was loaded, in lower-case hexadecimal: of the .onnx file's bytes and, where weights are kept in other files,
    /// of the bytes of those after them, in the order of their names. What happens to the files later changes nothing.
    /// </summary>
    public string Sha256 { get; }

    /// <summary>The graph's inputs, in its order.</summary>
    public required IReadOnlyList<TensorDescription> Inputs { get; init; }

    /// <summary>The graph's outputs, in its order.</summary>
    public required IReadOnlyList<TensorDescription> Outputs { get; init; }

    /// <summary>What the file says about itself, or null for a file made by others.</summary>
    public required ModelMetadata? Metadata { get; init; }

    /// <summary>Values per latent (Z); 0 for image → image.</summary>
    public int LatentSize => _takes?.Latent.Sampler.Size ?? 0;

    /// <summary>What each latent value is drawn from.</summary>
    public LatentDistribution LatentDistribution => _takes?.Latent.Sampler.Distribution ?? LatentDistribution.Normal;

    /// <summary>Whether the model takes a label.</summary>
    public bool IsConditional => _takes?.Label.IsTaken == true;

    /// <summary>Whether the model takes a prompt, see <see cref="Sample.Prompt"/>.</summary>
    public bool HasPrompt => _takes?.Text.IsTaken == true;

    /// <summary>Whether the model takes a truncation.</summary>
    public bool HasTruncation => _takes?.Truncation.IsTaken == true;

    /// <summary>Whether the model takes a second latent whose style some layers have, see <see cref="StyleMix"/>.</summary>
    public bool HasStyleMixing => _takes?.StyleMix.IsTaken == true;

    /// <summary>
    /// How many layers take a style, counted from 0, the lowest resolution; null without style mixing. Files don't tell: it is found by
    /// trying, some ten images the first time.
    /// </summary>
    /// <exception cref="ModelException">The model failed to run.</exception>
    /// <exception cref="ObjectDisposedException">The generator was closed before the first time.</exception>
    public int? StyleLayers => HasStyleMixing ? _takes!.StyleMix.Layers : null;

    /// <summary>The classes' names in label order; empty if the model is unconditional or nobody says. A model that takes a one-hot
    /// label says how many there are: without names they are called by their numbers.</summary>
    public IReadOnlyList<string> Classes => _takes?.Label.Classes ?? [];

    /// <summary>The images' channels (C): 1, 3 or 4; null where the file leaves it to the run.</summary>
    public required int? Channels { get; init; }

    /// <summary>The images' height in pixels (H); null where the file leaves it to the run.</summary>
    public required int? Height { get; init; }

    /// <summary>The images' width in pixels (W); null where the file leaves it to the run.</summary>
    public required int? Width { get; init; }

    /// <summary>The label of a class given by name (exact, else ignoring case) or by number.</summary>
    /// <exception cref="ModelException">There is no such class, or the model is unconditional.</exception>
    public int FindLabel(string nameOrNumber)
    {
        ArgumentNullException.ThrowIfNull(nameOrNumber);
        if (!IsConditional)
            throw Errors.Unconditional(Path);

        foreach (var comparison in (StringComparison[])[StringComparison.Ordinal, StringComparison.OrdinalIgnoreCase])
            for (var i = 0; i < Classes.Count; i++)
                if (Classes[i].Equals(nameOrNumber, comparison))
                    return i;

        if (!int.TryParse(nameOrNumber, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var label))
            throw Errors.UnknownClass(this, nameOrNumber);

        CheckLabel(label);
        return label;
    }

    /// <summary>
    /// What samples can be asked for besides their seed and index, by the names that JSON and the command line have for it:
    /// <c>label</c>, <c>prompt</c>, <c>truncation</c>, <c>styleMix</c>. Empty for image → image.
    /// </summary>
    public IReadOnlyList<string> Asks => [.. _takes?.Asked.Select(input => input.Name!) ?? []];

    /// <summary>Those of <see cref="Asks"/> that the model takes.</summary>
    public IReadOnlyList<string> Takes => [.. _takes?.Asked.Where(input => input.IsTaken).Select(input => input.Name!) ?? []];

    /// <summary>A sample that also asks for something that is written as people do: a class by name or number, <c>0.7</c>,
    /// <c>7:3</c>.</summary>
    /// <param name="sample">The sample.</param>
    /// <param name="name">One of <see cref="Asks"/>.</param>
    /// <param name="text">What is asked for.</param>
    /// <exception cref="ModelException">There is nothing of that name, or the text can't be read.</exception>
    public Sample Ask(in Sample sample, string name, string text)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(text);
        var input = _takes?.Asked.FirstOrDefault(input => input.Name == name) ?? throw Errors.UnknownAsk(Path, name, Asks);
        return input.Read(this, sample, text);
    }

    /// <summary>What a sample asks for, as <see cref="Ask"/> reads it: a name and a text each.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> AskedBy(Sample sample) =>
        [.. _takes?.Asked.Select(input => new KeyValuePair<string, string?>(input.Name!, input.Write(sample)))
            .Where(asked => asked.Value is not null).Select(asked => new KeyValuePair<string, string>(asked.Key, asked.Value!)) ?? []];

    internal void CheckLabel(long label)
    {
        if (!IsConditional)
            throw Errors.Unconditional(Path);
        if (label < 0 || (Classes.Count > 0 && label >= Classes.Count))
            throw Errors.LabelOutOfRange(this, label);
    }
}
