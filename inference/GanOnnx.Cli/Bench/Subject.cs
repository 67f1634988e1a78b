using GanOnnx.Inference;
using GanOnnx.Inference.Inputs;
using GanOnnx.Inference.Models;
using GanOnnx.Inference.Runtime;
using Microsoft.ML.OnnxRuntime;

namespace GanOnnx.Cli.Bench;

/// <summary>The model that all candidates run, on the device that the library took.</summary>
internal sealed record Subject(GeneratorModel Loaded, ImageGeneratorOptions Options, string Provider)
{
    public ModelDescription Model => Loaded.Description;

    public Device Device => Options.Device;

    public bool OnGpu => Provider != "CPUExecutionProvider";

    /// <summary>The number of rows the graph is made for, or null if it takes any.</summary>
    public int? FixedBatch => Loaded.Shape.IsFixed || Inputs.Any(input => input.IsShared) ? Loaded.Shape.Size : null;

    /// <summary>What the graph takes, in the library's order.</summary>
    public IReadOnlyList<TensorSpec> Inputs => Loaded.Inputs.Tensors;

    /// <summary>The output that is an image.</summary>
    public string Image => Loaded.Shape.Output.Name;

    /// <summary>What the images from one on are made from, in memory as the graph takes it. The caller disposes it.</summary>
    public TensorBuffer[] Fill(int first, int count)
    {
        TensorBuffer[] buffers = [.. Inputs.Select(spec => new TensorBuffer(spec, count, OrtAllocator.DefaultInstance))];
        // Where nobody says how many classes there are, the first one is there.
        int? label = Model.IsConditional && Model.Classes.Count == 0 ? 0 : null;
        Loaded.Inputs.Fill(buffers, 0, new SeedRows(new(0, (ulong)first, label)), 0, count);
        return buffers;
    }

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
        // What the library loaded, whatever the file is by now.
        return Session.Load(ModelContent.Again(Model.Path, Model.Sha256) ?? throw Errors.ChangedMeanwhile(Model.Path), settings, default);
    }
}
