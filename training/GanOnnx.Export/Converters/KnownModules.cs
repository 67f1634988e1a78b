using TorchSharp;
using TorchSharp.Modules;
using static GanOnnx.Export.Internals.GraphBuilder;
using static TorchSharp.torch;

namespace GanOnnx.Export.Converters;

/// <summary>How a module type becomes operators.</summary>
/// <param name="Operators">The ONNX operators it becomes, for the coverage table.</param>
/// <param name="Convert">Adds them and gives the outputs' names.</param>
/// <param name="CheckShape">
/// Throws where the input's shape isn't the module's; gets the module, the shape and the module's name in a sentence.
/// Before the module is run: some of libtorch's errors can't be caught.
/// </param>
internal sealed record KnownModule(
    string Operators, Func<Layer, IReadOnlyList<string>> Convert, Action<nn.Module, long[], string> CheckShape);

/// <summary>Which module type becomes which operators. A new type is one line here.</summary>
internal static class KnownModules
{
    private static readonly Dictionary<Type, KnownModule> _converters = [];

    // Dispatch is by .NET type: a module's GetName() isn't reliable (BatchNorm2d says "BatchNorm1d").
    static KnownModules()
    {
        Add<Linear>("Gemm", Layers.Linear, m => ["N", $"{m.in_features}"]);
        Add<Conv2d>("Conv", Layers.Conv, m => ["N", $"{m.in_channels}", "H", "W"]);
        Add<ConvTranspose2d>("ConvTranspose", Layers.ConvTranspose, m => ["N", $"{m.in_channels}", "H", "W"]);
        Add<BatchNorm2d>("BatchNormalization", Layers.BatchNorm, m => ["N", $"{m.num_features}", "H", "W"]);
        Add<ReLU>("Relu", (layer, _) => layer.Add("Relu"));
        Add<LeakyReLU>("LeakyRelu", (layer, m) => layer.Add("LeakyRelu", Attribute("alpha", (float)m.negative_slope)));
        Add<Tanh>("Tanh", (layer, _) => layer.Add("Tanh"));
        Add<Sigmoid>("Sigmoid", (layer, _) => layer.Add("Sigmoid"));
        Add<Flatten>("Reshape", Shapes.Flatten);
        Add<Unflatten>("Reshape", Shapes.Unflatten);
        Add<Identity>("nothing", (layer, _) => layer.Input);
    }

    /// <summary>The types that can be exported.</summary>
    public static IReadOnlyDictionary<Type, KnownModule> Converters => _converters;

    /// <summary>The types of TorchSharp that can't be exported, with the reason as the rest of a sentence.</summary>
    public static IReadOnlyDictionary<string, string> NotCovered { get; } = new Dictionary<string, string>
    {
    };

    /// <summary>A type with one output. <paramref name="shape"/>: its input's axes, a number where the size is given.</summary>
    private static void Add<T>(string operators, Func<Layer, T, string> convert, Func<T, string[]>? shape = null) where T : nn.Module =>
        AddMany<T>(operators, (layer, module) => [convert(layer, module)], shape);

    /// <summary>A type with any number of outputs.</summary>
    private static void AddMany<T>(string operators, Func<Layer, T, IReadOnlyList<string>> convert, Func<T, string[]>? shape = null) where T : nn.Module =>
        _converters.Add(typeof(T), new KnownModule(operators, layer => convert(layer, (T)layer.Module), (module, actual, name) =>
        {
            if (shape?.Invoke((T)module) is { } expected && !Fits(expected, actual))
                throw new ExportException($"{name} is exported for [{string.Join(", ", expected)}] but gets {Shapes.Text(actual)}. Give an example of the module's input shape.");
        }));

    // "*" stands for any number of axes.
    private static bool Fits(string[] expected, long[] actual)
    {
        var star = Array.IndexOf(expected, "*");
        if (star >= 0)
            return actual.Length >= expected.Length - 1 && Fits(expected[..star], actual[..star]) && Fits(expected[(star + 1)..], actual[^(expected.Length - star - 1)..]);
        return expected.Length == actual.Length && expected.Zip(actual).All(p => !char.IsDigit(p.First[0]) || p.First == $"{p.Second}");
    }
}
