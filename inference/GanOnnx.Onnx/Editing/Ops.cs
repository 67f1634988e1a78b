namespace GanOnnx.Onnx.Editing;

/// <summary>Facts about operators that the code needs by name. See https://onnx.ai/onnx/operators.</summary>
internal static class Ops
{
    /// <summary>What moves a window over the axes after the channels, with strides.</summary>
    public static readonly IReadOnlySet<string> Windowed = new HashSet<string>(StringComparer.Ordinal)
    {
        "Conv", "ConvInteger", "ConvTranspose", "DeformConv", "QLinearConv", "AveragePool", "LpPool", "MaxPool", "MaxUnpool",
    };

    public static class Reshape
    {
        /// <summary>In the shape: keep the input's axis at that place, so that an open axis stays open.</summary>
        public const long Keep = 0;

        /// <summary>In the shape: what remains.</summary>
        public const long Infer = -1;
    }

    public static class Pad
    {
        /// <summary>The inputs, by their place.</summary>
        public const int Pads = 1, Value = 2, Axes = 3;
    }

    public static class BatchNormalization
    {
        /// <summary>The default of the attribute.</summary>
        public const double Epsilon = 1e-5;
    }
}
