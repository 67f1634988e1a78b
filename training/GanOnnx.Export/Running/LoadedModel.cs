using GanOnnx.Onnx;
using GanOnnx.Onnx.Checking;
using GanOnnx.Onnx.Files;
using GanOnnx.Shared;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using TorchSharp;

namespace GanOnnx.Export.Running;

/// <summary>A model in ONNX Runtime.</summary>
internal sealed class LoadedModel : IDisposable
{
    private readonly InferenceSession _session;
    private readonly ScratchFolder? _folder;

    private LoadedModel(Func<SessionOptions, InferenceSession> load, bool optimized = true, ScratchFolder? folder = null)
    {
        OnnxRuntimeTelemetry.TurnOff();
        _folder = folder;
        try
        {
            using var options = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
            if (!optimized)
                options.GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL;
            _session = load(options);
        }
        catch (OnnxRuntimeException e)
        {
            _folder?.Dispose();
            throw new ExportException($"ONNX Runtime refuses the exported model, so no file is written: {e.Message}", e);
        }
    }

    /// <summary>Refuses what ONNX Runtime can't be trusted with, as wherever a model is loaded: some of it would end this process. Whoever
    /// loads bytes or a file calls it with the model that they are of.</summary>
    /// <exception cref="ExportException">There is something.</exception>
    public static void Check(ModelProto model)
    {
        if (ModelChecks.Dangers(model, "") is [var danger, ..])
            throw new ExportException($"The exported model isn't loaded, for it could harm this process: {danger} No file is written.");
    }

    /// <summary>Loads a file's content.</summary>
    public static LoadedModel From(byte[] content) => new(options => new InferenceSession(content, options));

    /// <summary>Loads a file, with the weights beside it where there are any.</summary>
    public static LoadedModel FromFile(string path) => new(options => new InferenceSession(path, options));

    /// <summary>Loads a model that is in memory; one too large for a protobuf message goes through temporary files.</summary>
    /// <param name="model">The model.</param>
    /// <param name="optimized">Whether ONNX Runtime may merge operators: not where each one's value is asked for.</param>
    public static LoadedModel From(ModelProto model, bool optimized = true)
    {
        Check(model);
        if (!ExternalData.IsNeeded(model, OnnxModel.LargestWeights))
        {
            var content = model.ToByteArray();
            return new(options => new InferenceSession(content, options), optimized);
        }
        var folder = ScratchFolder.InTemp();
        var path = Path.Combine(folder.Path, "model.onnx");
        ExternalData.Write(model, path, path + ".data");
        return new(options => new InferenceSession(path, options), optimized, folder);
    }

    /// <summary>What a model without inputs gives, as constants.</summary>
    public static IReadOnlyList<TensorProto> Compute(ModelProto model)
    {
        string[] outputs = [.. model.Graph.Output.Select(o => o.Name)];
        using var loaded = From(model);
        using var values = loaded.Run([], [], outputs);
        return [.. outputs.Zip(values, OrtTensors.ToProto)];
    }

    /// <summary>Runs it. An input that nothing depends on may be given too.</summary>
    public IDisposableReadOnlyCollection<OrtValue> Run(IReadOnlyList<string> inputNames, IReadOnlyList<torch.Tensor> inputs,
        IReadOnlyList<string> outputNames)
    {
        var values = inputs.Select(OrtTensors.ToOrtValue).ToList();
        using var run = new RunOptions();
        try
        {
            return _session.Run(run, inputNames, values, outputNames);
        }
        finally
        {
            values.ForEach(v => v.Dispose());
        }
    }

    public void Dispose()
    {
        _session.Dispose();
        _folder?.Dispose();
    }
}
