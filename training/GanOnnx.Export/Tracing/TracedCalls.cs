using GanOnnx.Export.Converters;
using GanOnnx.Export.Running;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GanOnnx.Export;

/// <summary>Calls of child modules within a <see cref="TracedModule"/>.</summary>
public static class TracedCalls
{
    /// <summary>Runs a module with one input and one output.</summary>
    /// <exception cref="ExportException">While exporting: the module can't be exported; the message says what to do.</exception>
    public static TracedTensor call(this nn.Module<Tensor, Tensor> module, TracedTensor input) =>
        TracedTensor.GraphOf(input) is null
            ? new TracedTensor(module.Compute(input.Value))
            : ModuleConverters.Convert(module, [input])[0];

    /// <summary>Runs a module with two inputs and one output.</summary>
    /// <exception cref="ExportException">While exporting: the module can't be exported; the message says what to do.</exception>
    public static TracedTensor call(this nn.Module<Tensor, Tensor, Tensor> module, TracedTensor input1, TracedTensor input2) =>
        TracedTensor.GraphOf(input1, input2) is null
            ? new TracedTensor(module.call(input1.Value, input2.Value))
            : ModuleConverters.Convert(module, [input1, input2])[0];

    /// <summary>Runs a module with any inputs and outputs that are tensors: LSTM, GRU and attention too.</summary>
    /// <returns>The outputs in the order in which the module's result has them.</returns>
    /// <exception cref="ExportException">While exporting: the module can't be exported; the message says what to do.</exception>
    public static IReadOnlyList<TracedTensor> call(this nn.Module module, params IReadOnlyList<TracedTensor> inputs) =>
        TracedTensor.GraphOf([.. inputs]) is null
            ? [.. ModuleRunner.Run(module, [.. inputs.Select(i => i.Value)]).Select(o => new TracedTensor(o))]
            : ModuleConverters.Convert(module, inputs);
}
