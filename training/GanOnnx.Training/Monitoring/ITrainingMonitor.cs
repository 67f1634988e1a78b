using GanOnnx.Data;
using GanOnnx.Training.Data;

namespace GanOnnx.Training.Monitoring;

/// <summary>Is told how a run gets on. Called on the training thread: be quick.</summary>
public interface ITrainingMonitor
{
    /// <summary>What the run trains on is known; it is decoded next. The default does nothing.</summary>
    void Found(DataSummary data) { }

    /// <summary>The data is being decoded.</summary>
    void Decoding(int done, int total);

    /// <summary>The data's captions are being encoded. The default does nothing.</summary>
    void EncodingCaptions(int done, int total) { }

    /// <summary>Training starts, or goes on from a checkpoint.</summary>
    void Started(TrainingStart start);

    /// <summary>A step is done.</summary>
    void Stepped(long step, long totalSteps);

    /// <summary>A tick's figures are written, its samples drawn and its checkpoint saved.</summary>
    void Ticked(Tick tick, string samples);
}

/// <summary>What a run starts with.</summary>
/// <param name="Data">The data's name.</param>
/// <param name="Images">How many images it has.</param>
/// <param name="Channels">Their colour channels.</param>
/// <param name="Skipped">Images left out, with the reason.</param>
/// <param name="Step">Steps done before.</param>
/// <param name="TotalSteps">Steps in all.</param>
public sealed record TrainingStart(
    string Data, int Images, int Channels, IReadOnlyList<string> Skipped, long Step, long TotalSteps)
{
    /// <summary>How many of the images aren't trained on. The default is none.</summary>
    public int HeldOut { get; init; }

    /// <summary>The networks that learn. The default is none: not told.</summary>
    public IReadOnlyList<NetworkLayers> Networks { get; init; } = [];

    /// <summary>The page that shows it, there already. The default is null: none.</summary>
    public string? Report { get; init; }

    /// <summary>What it has of the weights it begins with. The default is null: it begins with its own.</summary>
    public WeightTransfer? Transfer { get; init; }

    /// <summary>What is trained otherwise from now on. The default is none.</summary>
    public IReadOnlyList<OptionChange> Changes { get; init; } = [];

    /// <summary>How many times as fast as in float32 this CPU computes a convolution in bfloat16, measured now. The default is null: not
    /// measured, as the run is on a GPU, or neither the CPU nor the run has bfloat16.</summary>
    public double? Bfloat16SpeedUp { get; init; }
}

/// <summary>A network as a table shows it.</summary>
/// <param name="Name">What it is, as <c>generator</c>.</param>
/// <param name="Layers">Its layers in the order they are passed.</param>
public sealed record NetworkLayers(string Name, IReadOnlyList<LayerSummary> Layers)
{
    /// <summary>Numbers it learns.</summary>
    public long Parameters => Layers.Sum(layer => layer.Parameters);
}

/// <summary>A layer as a table of the network shows it.</summary>
/// <param name="Name">Its name in the network, as <c>layers.3</c>.</param>
/// <param name="Type">What it is, as <c>ConvTranspose2d</c>; <c>Parameter</c> for a tensor outside any layer.</param>
/// <param name="Shape">The shape of its output, as <c>[N, 64, 16, 16]</c>; a parameter's own.</param>
/// <param name="Parameters">Numbers it learns.</param>
public sealed record LayerSummary(string Name, string Type, string Shape, long Parameters);
