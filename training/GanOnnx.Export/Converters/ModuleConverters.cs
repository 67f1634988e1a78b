using GanOnnx.Export.Internals;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GanOnnx.Export.Converters;

/// <summary>Which module type becomes which operators. A new type is one line here.</summary>
internal static class ModuleConverters
{
    private delegate string Converter(GraphBuilder graph, nn.Module module, Value input, string path);

    // Dispatch is by .NET type: a module's GetName() isn't reliable (BatchNorm2d says "BatchNorm1d").
    private static readonly Dictionary<Type, Converter> _converters = new()
    {
        [typeof(Linear)] = Typed<Linear>(Layers.Linear),
        [typeof(Conv2d)] = Typed<Conv2d>(Layers.Conv),
        [typeof(ConvTranspose2d)] = Typed<ConvTranspose2d>(Layers.ConvTranspose),
        [typeof(BatchNorm2d)] = Typed<BatchNorm2d>(Layers.BatchNorm),
        [typeof(ReLU)] = (graph, _, input, path) => graph.Add("Relu", path, [input.Name]),
        [typeof(LeakyReLU)] = Typed<LeakyReLU>((graph, module, input, path) =>
            graph.Add("LeakyRelu", path, [input.Name], GraphBuilder.Attribute("alpha", (float)module.negative_slope))),
        [typeof(Tanh)] = (graph, _, input, path) => graph.Add("Tanh", path, [input.Name]),
        [typeof(Sigmoid)] = (graph, _, input, path) => graph.Add("Sigmoid", path, [input.Name]),
        [typeof(Flatten)] = Typed<Flatten>(Shapes.Flatten),
        [typeof(Unflatten)] = Typed<Unflatten>(Shapes.Unflatten),
        [typeof(Identity)] = (_, _, input, _) => input.Name,
    };

    public static IReadOnlyList<string> SupportedTypes =>
        [.. _converters.Keys.Append(typeof(Sequential)).Select(t => t.Name).Order(StringComparer.Ordinal)];

    /// <summary>Adds a module's operators to the graph and runs the module on the example, so that shapes are known.</summary>
    public static Value Convert(GraphBuilder graph, nn.Module<Tensor, Tensor> module, Value input, string path)
    {
        // A class derived from Sequential may have a forward of its own.
        if (module.GetType() == typeof(Sequential))
            return ConvertSequential(graph, (Sequential)module, input, path);
        if (!_converters.TryGetValue(module.GetType(), out var converter))
            throw new ExportException($"{Named(path)} is a {module.GetType().Name}, which can't be exported; these can: {string.Join(", ", SupportedTypes)}.");
        // First run, then converted: the converters rely on a shape that the module takes.
        var output = Run(module, input, path);
        return new Value(converter(graph, module, input, path.Length == 0 ? module.GetType().Name : path), output);
    }

    private static Value ConvertSequential(GraphBuilder graph, Sequential sequential, Value input, string path)
    {
        var current = input;
        foreach (var (name, child) in sequential.named_children())
            current = Convert(graph, (nn.Module<Tensor, Tensor>)child, current, path.Length == 0 ? name : $"{path}.{name}");
        return current;
    }

    private static Tensor Run(nn.Module<Tensor, Tensor> module, Value input, string path)
    {
        CheckShape(module, input.Example.shape, path);
        try
        {
            return module.call(input.Example);
        }
        catch (Exception e) when (e is System.Runtime.InteropServices.ExternalException or ArgumentException)
        {
            throw new ExportException($"{Named(path)} can't run on [{string.Join(", ", input.Example.shape)}]: {e.Message.Split('\n')[0]}", e);
        }
    }

    // Checked before the call: some of libtorch's errors can't be caught, and a convolution takes [C, H, W] for one
    // image without a batch.
    private static void CheckShape(nn.Module module, long[] shape, string path)
    {
        var expected = module switch
        {
            Linear linear => ["N", $"{linear.in_features}"],
            Convolution convolution => ["N", $"{convolution.in_channels}", "H", "W"],
            BatchNorm2d norm => ["N", $"{norm.num_features}", "H", "W"],
            _ => Array.Empty<string>(),
        };
        if (expected.Length > 0 && (shape.Length != expected.Length || $"{shape[1]}" != expected[1]))
            throw new ExportException($"{Named(path)} is exported for [{string.Join(", ", expected)}] but gets [{string.Join(", ", shape)}]. Give an example of the module's input shape.");
    }

    private static string Named(string path) => path.Length == 0 ? "The module" : $"'{path}'";

    private static Converter Typed<T>(Func<GraphBuilder, T, Value, string, string> convert) where T : nn.Module =>
        (graph, module, input, path) => convert(graph, (T)module, input, path);
}
