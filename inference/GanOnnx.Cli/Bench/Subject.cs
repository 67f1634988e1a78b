using GanOnnx.Inference;
using GanOnnx.Inference.Runtime;
using Microsoft.ML.OnnxRuntime;

namespace GanOnnx.Cli.Bench;

/// <summary>The model that all candidates run, on the device that the library took.</summary>
internal sealed record Subject(ModelDescription Model, Device Device, string Provider)
{
    public bool OnGpu => Provider != "CPUExecutionProvider";

    /// <summary>The number of rows the graph is made for, or null if it takes any.</summary>
    public int? FixedBatch => Latent.Axes[0].Length ?? Image.Axes[0].Length;

    // The roles are found as the library does it, which has checked that they are there.
    public TensorDescription Latent { get; } = Model.Inputs.First(i => i is { Type: "float32", Axes.Count: > 1 });

    public TensorDescription? Label { get; } = Model.Inputs.FirstOrDefault(i => i.Type == "int64");

    public TensorDescription? Truncation { get; } = Model.Inputs.FirstOrDefault(i => i is { Type: "float32", Axes.Count: 1 });

    public TensorDescription Image { get; } = Model.Outputs.OrderByDescending(o => o.Name == "image").ThenByDescending(o => o.Axes.Count)
        .First();

    public LatentSampler Sampler { get; } = new(Model.LatentSize, Model.LatentDistribution);

    public int LabelOf(int image) => LatentSampler.Label(0, (ulong)image, Math.Max(1, Model.Classes.Count));

    /// <summary>A session of its own on the device.</summary>
    /// <param name="threads">For one operator on the CPU; 0 leaves them to ONNX Runtime.</param>
    /// <param name="spin">Whether threads of an operator that wait for the next one stay awake, as they do by default.</param>
    public InferenceSession Open(int threads, bool spin)
    {
        using var settings = new SessionOptions { IntraOpNumThreads = threads };
        if (!spin)
            settings.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        if (OnGpu)
            CudaProvider.TryAppend(settings, Device.Index);
        return new(Model.Path, settings);
    }
}
