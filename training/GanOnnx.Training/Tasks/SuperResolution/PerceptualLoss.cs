using GanOnnx.Evaluation;
using TorchSharp;
using static TorchSharp.torch;
using Device = TorchSharp.torch.Device;

namespace GanOnnx.Training.Tasks.SuperResolution;

/// <summary>
/// How different images look to a network that was trained to tell what is on them: the mean absolute difference of ResNet-18's features
/// after each of its first three stages, on an average.
/// </summary>
/// <remarks>
/// J. Johnson, A. Alahi, L. Fei-Fei: "Perceptual Losses for Real-Time Style Transfer and Super-Resolution", 2016,
/// https://arxiv.org/abs/1603.08155. The papers on super-resolution take VGG-19, whose weights no package brings; ResNet-18 comes with
/// Microsoft.ML.DnnImageFeaturizer.ResNet18. Its weights stay as they are.
/// </remarks>
internal sealed class PerceptualLoss : IDisposable
{
    private const int Stages = 3;

    // Images −1 … 1 become 0 … 255.
    private static readonly Scalar _halfRange = 127.5;

    private readonly ResNet18Layers _network;
    private readonly Dictionary<string, Tensor> _weights;
    private readonly Tensor _mean, _order;

    /// <exception cref="EvaluationException">The network isn't there.</exception>
    public PerceptualLoss(Device device)
    {
        _network = ResNet18Layers.Read(Stages);
        _weights = _network.Weights.ToDictionary(weight => weight.Key, weight => Held(weight.Value.Values, weight.Value.Shape));
        _mean = Held(ResNet18.MeanOfChannels(1), [1, 3, 1, 1]);
        _order = torch.tensor(new long[] { 2, 1, 0 }, device: device).DetachFromDisposeScope();

        Tensor Held(float[] values, long[] shape) => torch.tensor(values, shape, device: device).DetachFromDisposeScope();
    }

    /// <summary>The loss, a scalar with its graph.</summary>
    /// <param name="made">Images <c>[N, C, H, W]</c> from −1 to 1; C is 1 or 3.</param>
    /// <param name="real">What they should be.</param>
    public Tensor Of(Tensor made, Tensor real)
    {
        Tensor[] wanted;
        using (no_grad())
            wanted = Features(real);
        return Features(made).Zip(wanted, (features, other) => (features - other).abs().mean()).Aggregate((a, b) => a + b).div(Stages);
    }

    /// <summary>The features after each stage.</summary>
    public Tensor[] Features(Tensor images)
    {
        var color = images.shape[1] == 1 ? images.expand(-1, 3, -1, -1) : images.index_select(1, _order); // blue first
        var values = new Dictionary<string, Tensor> { [_network.Input] = color.mul(_halfRange).add(_halfRange).sub(_mean) };
        List<Tensor> features = [];
        var sums = 0;
        foreach (var layer in _network.Layers)
        {
            var x = values[layer.Inputs[0]];
            x = values[layer.Output] = layer.Operator switch
            {
                "Conv" => nn.functional.conv2d(Padded(x, layer), Weight(layer, 1), strides: layer.Strides),
                "BatchNormalization" => nn.functional.batch_norm(x, Weight(layer, 3), Weight(layer, 4), Weight(layer, 1), Weight(layer, 2),
                    training: false, eps: layer.Epsilon),
                "Relu" => x.relu(),
                "MaxPool" => nn.functional.max_pool2d(Padded(x, layer), layer.Kernel, layer.Strides),
                "Add" => x + values[layer.Inputs[1]],
                _ => throw new NotSupportedException($"ResNet-18 has no {layer.Operator}."),
            };
            if (layer.Operator == "Add")
                sums++;
            else if (layer.Operator == "Relu" && sums == (features.Count + 1) * ResNet18Layers.SumsInStage)
                features.Add(x);
        }
        return [.. features];
    }

    public void Dispose()
    {
        foreach (var weight in _weights.Values)
            weight.Dispose();
        _mean.Dispose();
        _order.Dispose();
    }

    private Tensor Weight(ResNet18Layers.Layer layer, int input) => _weights[layer.Inputs[input]];

    // ONNX has top, left, bottom, right; libtorch left, right, top, bottom.
    private static Tensor Padded(Tensor x, ResNet18Layers.Layer layer) =>
        nn.functional.pad(x, [layer.Pads[1], layer.Pads[3], layer.Pads[0], layer.Pads[2]]);
}
