using GanOnnx.Export;
using GanOnnx.Inference;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanOnnx.Training.Evaluation;

/// <summary>
/// A small convolutional network that tells classes apart. Its next-to-last layer is what images are compared by.
/// </summary>
/// <remarks>
/// Convolution 3 × 3, batch normalization, ReLU and halving, until less than 8 pixels are left. Where the size halves the
/// channels double, so every block costs about the same and a picture of 256 px is not much dearer than one of 32.
/// </remarks>
internal sealed class Classifier : TracedModuleMany
{
    /// <summary>Features per image (D).</summary>
    public const int FeatureCount = 128;

    /// <summary>The smallest images it takes, in pixels.</summary>
    public const int SmallestSize = 8;

    private const int ChannelsTimesSize = 768, FewestChannels = 8, MostChannels = 128;

    private readonly Sequential _features;
    private readonly Linear _scores;

    public Classifier(int size, int channels, int classes) : base(nameof(Classifier))
    {
        _features = FeatureLayers(size, channels);
        _scores = Linear(FeatureCount, classes);
        RegisterComponents();
        DrawFirstWeights();
    }

    /// <summary>Images <c>[N, C, H, W]</c>, −1 … 1, to features <c>[N, D]</c> and a score for each class, <c>[N, K]</c>.</summary>
    public override IReadOnlyList<TracedTensor> forward(IReadOnlyList<TracedTensor> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var features = _features.call(inputs[0]);
        return [features, _scores.call(features)];
    }

    /// <summary>Images to a score for each class, <c>[N, K]</c>.</summary>
    public Tensor Scores(Tensor images) => _scores.call(_features.call(images));

    private static Sequential FeatureLayers(int size, int channels)
    {
        List<(string, Module<Tensor, Tensor>)> layers = [];
        for (; size >= SmallestSize; size /= 2)
        {
            var wider = Math.Clamp(ChannelsTimesSize / size, FewestChannels, MostChannels);
            layers.Add(($"conv{size}", Conv2d(channels, wider, 3, 1, 1, bias: false))); // [N, wider, size, size]
            layers.Add(($"norm{size}", BatchNorm2d(wider)));
            layers.Add(($"relu{size}", ReLU()));
            layers.Add(($"pool{size}", MaxPool2d(2)));                                  // [N, wider, size/2, size/2]
            channels = wider;
        }
        layers.Add(("flatten", nn.Flatten()));                                          // [N, wider·size·size]
        layers.Add(("project", Linear(channels * size * size, FeatureCount)));          // [N, D]
        layers.Add(("relu", ReLU()));
        return Sequential(layers);
    }

    // K. He et al.: "Delving Deep into Rectifiers", 2015: N(0, 2 / inputs), biases 0; from the counter-based generator, so that
    // they are the same with every version of libtorch. Batch normalization begins with 1 and 0 already.
    private void DrawFirstWeights()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var stream = new RandomStream(0, RandomStreams.ClassifierWeights);
        ulong index = 0;
        foreach (var (name, parameter) in named_parameters())
            if (parameter.Dimensions > 1)
                parameter.copy_(Normal(stream, index++, parameter.shape));
            else if (name.EndsWith("bias", StringComparison.Ordinal))
                parameter.copy_(zeros_like(parameter));
    }

    private static Tensor Normal(RandomStream stream, ulong index, long[] shape)
    {
        var values = new float[shape.Aggregate(1L, (product, length) => product * length)];
        stream.FillNormal(index, values);
        var deviation = MathF.Sqrt(2f * shape[0] / values.Length);
        return tensor(Array.ConvertAll(values, value => deviation * value), shape);
    }
}
