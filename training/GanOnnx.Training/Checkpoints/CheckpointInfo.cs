using System.Text.Json.Serialization;
using GanOnnx.Training.Data;

namespace GanOnnx.Training.Checkpoints;

/// <summary>What a checkpoint says of its run.</summary>
internal sealed record CheckpointInfo
{
    /// <summary>Steps done.</summary>
    public required long Step { get; init; }

    public required TrainingOptions Options { get; init; }

    public required int Channels { get; init; }

    /// <summary>The classes in label order; empty where labels aren't used.</summary>
    public IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary>What the model file will say of prompts, as its <c>gan.text</c>; null where images don't go with captions.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Text { get; init; }

    /// <summary>How many classes the networks know; of captions, how many values each has.</summary>
    [JsonIgnore]
    public int LabelSize => Text is null ? Classes.Count : Captions.Read(Text).Size;

    /// <summary>The data's name and the SHA-256 of its decoded images.</summary>
    public required string Data { get; init; }

    public required string DataFingerprint { get; init; }

    /// <summary>How much the data's images differ, see <see cref="GanOnnx.Data.ImageDataset.Deviation"/>.</summary>
    public double DataDeviation { get; init; }

    /// <summary>How many images it doesn't train on, see <see cref="GanOnnx.Training.Data.HeldOutImages"/>; 0 in runs from before
    /// there were any.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int HeldOut { get; init; }

    /// <summary>Whose weights it began with; null where it began with its own.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public BegunWith? Init { get; init; }

    /// <summary>How often it went back to a snapshot because it had failed; each time its rates were halved.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Rollbacks { get; init; }

    /// <summary>libtorch's threads in a run in shards, where sums depend on them; 0 in others.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Threads { get; init; }

    /// <summary>What was changed when it went on, oldest first. Null in checkpoints: <c>run.json</c> has it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<OptionChange>? Changes { get; init; }

    /// <summary>The program and its version.</summary>
    public required string Tool { get; init; }

    /// <summary>What it ran on.</summary>
    public IReadOnlyDictionary<string, string> Versions { get; init; } = new Dictionary<string, string>();
}

/// <summary>Whose weights a run began with.</summary>
/// <param name="File">Its file.</param>
/// <param name="Taken">How many tensors it has of there.</param>
/// <param name="Own">How many begin with their own first values.</param>
internal sealed record BegunWith(string File, int Taken, int Own);
