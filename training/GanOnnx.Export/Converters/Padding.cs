using GanOnnx.Export.Graphs;
using TorchSharp;
using TorchSharp.Modules;

namespace GanOnnx.Export.Converters;

/// <summary>Padding of the last axes. The mode is the type's; the module's own is hidden.</summary>
internal static class Padding
{
    public static string Constant(Layer layer, PadBase module) => Pad(layer, module, "constant");

    public static string Reflect(Layer layer, PadBase module) => Pad(layer, module, "reflect");

    public static string Replicate(Layer layer, PadBase module) => Pad(layer, module, "edge");

    // TorchSharp has before and after for each axis, the last axis first.
    private static string Pad(Layer layer, PadBase module, string mode)
    {
        var (begins, ends) = (new long[layer.Shape.Length], new long[layer.Shape.Length]);
        for (var i = 0; i < module.padding.Length; i += 2)
            (begins[^(i / 2 + 1)], ends[^(i / 2 + 1)]) = (module.padding[i], module.padding[i + 1]);
        return layer.Graph.Pad(layer.Path, layer.Input, mode, begins, ends, (float)module.value);
    }
}
