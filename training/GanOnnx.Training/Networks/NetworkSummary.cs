using GanOnnx.Training.Monitoring;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GanOnnx.Training.Networks;

/// <summary>The layers of a network with the shapes that come out of them.</summary>
internal static class NetworkSummary
{
    /// <summary>A generator's layers, from the latent to the image.</summary>
    public static IReadOnlyList<LayerSummary> Of(GeneratorNetwork generator) =>
        Of(generator, device => generator.Generate(zeros([1, generator.LatentSize], device: device),
            Labels(generator.Shape, device)));

    /// <summary>A discriminator's layers, from the image to the score.</summary>
    public static IReadOnlyList<LayerSummary> Of(DiscriminatorNetwork discriminator)
    {
        return Of(discriminator, device =>
            discriminator.call(zeros([1, .. discriminator.ImageShape], device: device), Labels(discriminator.Shape, device)));
    }

    private static Tensor? Labels(NetworkShape shape, Device device) => !shape.IsConditional ? null
        : shape.Condition == Conditioning.Text ? zeros([1, shape.TextSize], device: device) : zeros([1], ScalarType.Int64, device);

    /// <summary>A network's layers in the order they are passed.</summary>
    /// <param name="network">The network.</param>
    /// <param name="run">Runs it on one example, which lies on the device given.</param>
    public static IReadOnlyList<LayerSummary> Of(nn.Module network, Func<Device, Tensor> run)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        Dictionary<nn.Module, Output> outputs = [];
        Action remove = () => { };
        foreach (var layer in network.modules().OfType<nn.Module<Tensor, Tensor>>())
            remove += layer.register_forward_hook((module, _, output) => Note(outputs, module, output)).remove;
        foreach (var layer in network.modules().OfType<nn.Module<Tensor, Tensor, Tensor>>())
            remove += layer.register_forward_hook((module, _, _, output) => Note(outputs, module, output)).remove;
        var training = network.training;
        network.eval();
        run(network.parameters().First().device);
        network.train(training);
        remove();
        return [.. Rows(network, "", outputs).OrderBy(row => row.Call).Select(row => row.Layer)];
    }

    private static Tensor Note(Dictionary<nn.Module, Output> outputs, nn.Module module, Tensor output)
    {
        outputs.TryAdd(module, new Output(outputs.Count, Shape(output.shape.Skip(1).Prepend(-1))));
        return output;
    }

    // A layer is what has an output and no part of one that has. A part with parameters of its own and no output that a hook
    // sees, as one that takes three tensors, is a layer too, and its output the last one of its own parts.
    private static IEnumerable<(int Call, LayerSummary Layer)> Rows(nn.Module module, string name, Dictionary<nn.Module, Output> outputs)
    {
        var own = module.named_parameters(recurse: false).ToArray();
        var output = outputs.GetValueOrDefault(module);
        if (output is null && name.Length > 0 && own.Length > 0)
            output = module.modules().Select(outputs.GetValueOrDefault).OfType<Output>().MaxBy(part => part.Call);
        if (output is not null)
            return [(output.Call, new LayerSummary(name, module.GetType().Name, output.Shape, module.parameters().Sum(p => p.numel())))];

        var parameters = own.Select(p =>
            (-1, new LayerSummary(Join(name, p.name), nameof(Parameter), Shape(p.parameter.shape), p.parameter.numel())));
        return parameters.Concat(module.named_children().SelectMany(child => Rows(child.module, Join(name, child.name), outputs)));
    }

    private static string Join(string parent, string child) => parent.Length == 0 ? child : $"{parent}.{child}";

    private static string Shape(IEnumerable<long> shape) => $"[{string.Join(", ", shape.Select(s => s < 0 ? "N" : $"{s}"))}]";

    /// <summary>What came out of a layer.</summary>
    /// <param name="Call">How many outputs came before it.</param>
    /// <param name="Shape">Its shape.</param>
    private sealed record Output(int Call, string Shape);
}
