using GanOnnx.Export.Graphs;
using GanOnnx.Onnx;
using TorchSharp;

namespace GanOnnx.Export;

/// <summary>How a module is exported.</summary>
public sealed record OnnxExportOptions
{
    /// <summary>The inputs' names. The default is <c>input</c>, or <c>input_0</c>, <c>input_1</c>, … for several.</summary>
    public IReadOnlyList<string> InputNames { get; init; } = [];

    /// <summary>The outputs' names. The default is <c>output</c>, or <c>output_0</c>, <c>output_1</c>, … for several.</summary>
    public IReadOnlyList<string> OutputNames { get; init; } = [];

    /// <summary>
    /// The axes whose size is left open. The default is <see cref="DynamicAxis.Batch"/>: the first axis of every input,
    /// named <c>N</c>. Where an open axis ends up in the outputs is found by running the module.
    /// </summary>
    public IReadOnlyList<DynamicAxis> DynamicAxes { get; init; } = [DynamicAxis.Batch];

    /// <summary>The version of the ONNX operators, 15 to 21. The default is 17, which ONNX Runtime takes from 1.12 on.</summary>
    public int Opset { get; init; } = OnnxExporter.DefaultOpset;

    /// <summary>The precision that the graph computes in; its inputs and outputs stay float32. The default is float32.</summary>
    public Precision Precision { get; init; } = Precision.Float32;

    /// <summary>
    /// Whether the graph itself turns an image of float32 <c>[N, C, H, W]</c> in −1 … 1, its only output, into uint8
    /// <c>[N, H, W, C]</c>: four times fewer bytes to copy off a GPU. The default is false.
    /// </summary>
    public bool ByteImages { get; init; }

    /// <summary>What goes into the file's <c>metadata_props</c>, in this order. The default is nothing.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Metadata { get; init; } = [];

    /// <summary>
    /// The largest difference that is accepted between ONNX Runtime's output and the module's: absolute for outputs
    /// within −1 … 1, and as a part of the largest value for larger ones. Above 0. The default is 0.0001, and 0.01 in
    /// float16; in int8 <see cref="MinPsnr"/> decides.
    /// </summary>
    public double? Tolerance { get; init; }

    /// <summary>
    /// In int8, the least peak signal-to-noise ratio of each output to the module's, in dB, the peak being the distance from its least to
    /// its largest value. Above 0. The default is 38: a mean difference of three of 255 steps.
    /// </summary>
    public double MinPsnr { get; init; } = 38;

    /// <summary>
    /// For int8, inputs as they will be, which the ranges of values are measured with: a tensor for each input, for each run. The default
    /// is none: random ones, as the outputs are compared with.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<torch.Tensor>> Calibration { get; init; } = [];

    /// <summary>
    /// How modules are exported that are neither supported nor a <see cref="TracedModule"/>: by type, a function that
    /// does on <see cref="TracedTensor"/>s what the module's <c>forward</c> does. What it gives for the example is
    /// compared with what the module gives. The default is none.
    /// </summary>
    public IReadOnlyDictionary<Type, ModuleTrace> Traces { get; init; } = new Dictionary<Type, ModuleTrace>();

    /// <summary>
    /// The size in bytes of all weights above which they go into a second file beside the model, called after its
    /// contents (<c>model-0123456789abcdef.data</c>); weights of less than 4 KB stay. At most 1.9e9, which is the default:
    /// a protobuf message holds no more than 2 GB.
    /// </summary>
    public long ExternalDataThreshold { get; init; } = OnnxModel.LargestWeights;
}

/// <summary>Does on traced tensors what a module's <c>forward</c> does.</summary>
/// <param name="module">The module.</param>
/// <param name="inputs">Its inputs.</param>
/// <returns>Its outputs.</returns>
public delegate IReadOnlyList<TracedTensor> ModuleTrace(torch.nn.Module module, IReadOnlyList<TracedTensor> inputs);

/// <summary>The precision that a graph computes in.</summary>
public enum Precision
{
    /// <summary>Four bytes a number.</summary>
    Float32,

    /// <summary>
    /// Two bytes a number. Operators whose values leave float16's range, or that lose too much in it (sums over many
    /// values, exponentials, normalization), stay in float32.
    /// </summary>
    Float16,

    /// <summary>
    /// Convolutions and transposed convolutions compute with bytes, all else in float32: for CPUs, where it is several times as fast.
    /// Layers that make fewer than 16 channels, and weights that aren't constant, stay in float32. <c>GanOnnx.Quantization</c> makes the
    /// same of any model's file, and leaves layers in float32 that lose too much.
    /// </summary>
    Int8,
}

/// <summary>An axis whose size is left open.</summary>
/// <param name="Name">Its name in the file. Axes of one name have one size.</param>
/// <param name="Axis">Which axis, from 0.</param>
/// <param name="Input">The input that has it, from 0. The default is every input.</param>
public sealed record DynamicAxis(string Name, int Axis, int? Input = null)
{
    /// <summary>The first axis of every input, named <c>N</c>, verified at 1 and 7.</summary>
    public static DynamicAxis Batch { get; } = new("N", 0) { VerifiedSizes = [1, 7] };

    /// <summary>The sizes at which ONNX Runtime's outputs are compared with the module's. The default is the example's size and twice
    /// it.</summary>
    public IReadOnlyList<int> VerifiedSizes { get; init; } = [];
}
