using GanOnnx.Training.Monitoring;
using TorchSharp;
using static TorchSharp.torch;

namespace GanOnnx.Training.Networks;

/// <summary>The layers of a network with the shapes that come out of them.</summary>
internal static class NetworkSummary
{
    /// <summary>A generator's layers, from the latent to the image.</summary>
    public static IReadOnlyList<LayerSummary> Of(GeneratorNetwork generator) =>
        Of(generator, device => generator.Generate(zeros([1, generator.Shape.LatentSize], device: device), Labels(generator.Shape, device)));

    /// <summary>A discriminator's layers, from the image to the score.</summary>
    public static IReadOnlyList<LayerSummary> Of(DiscriminatorNetwork discriminator)
    {
        var shape = discriminator.Shape;
        return Of(discriminator, device => discriminator.call(zeros([1, shape.Channels, shape.Size, shape.Size], device: device), Labels(shape, device)));
    }

    private static Tensor? Labels(NetworkShape shape, Device device) => shape.IsConditional ? zeros([1], ScalarType.Int64, device) : null;

    private static List<LayerSummary> Of(nn.Module network, Func<Device, Tensor> run)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        Dictionary<nn.Module, string> shapes = [];
        Action remove = () => { };
        foreach (var layer in network.modules().OfType<nn.Module<Tensor, Tensor>>())
            remove += layer.register_forward_hook((module, _, output) => Note(shapes, module, output)).remove;
        foreach (var layer in network.modules().OfType<nn.Module<Tensor, Tensor, Tensor>>())
            remove += layer.register_forward_hook((module, _, _, output) => Note(shapes, module, output)).remove;
        var training = network.training;
        network.eval();
        run(network.parameters().First().device);
        network.train(training);
        remove();
        return [.. Rows(network, "", shapes)];
    }

    private static Tensor Note(Dictionary<nn.Module, string> shapes, nn.Module module, Tensor output)
    {
        shapes.TryAdd(module, $"[{string.Join(", ", output.shape.Skip(1).Select(s => $"{s}").Prepend("N"))}]");
        return output;
    }

    // A layer is what has a shape and no part that has one; what is left over above them is listed by its own name.
    private static IEnumerable<LayerSummary> Rows(nn.Module module, string name, Dictionary<nn.Module, string> shapes)
    {
        var own = module.parameters(recurse: false).Sum(p => p.numel());
        var children = module.named_children().Select(c => (Name: name.Length == 0 ? c.name : $"{name}.{c.name}", c.module)).ToArray();
        if (shapes.TryGetValue(module, out var shape))
            return [new LayerSummary(name, module.GetType().Name, shape, module.parameters().Sum(p => p.numel()))];
        var rows = children.SelectMany(c => Rows(c.module, c.Name, shapes));
        return own == 0 ? rows : rows.Prepend(new LayerSummary(name.Length == 0 ? "(own)" : name, module.GetType().Name, "", own));
    }
}
