using GanOnnx.Export;
using GanOnnx.Export.Running;
using GanOnnx.Training.Networks.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanOnnx.Training.Networks;

/// <summary>
/// The first GAN: fully connected layers only. The generator has two hidden layers of 16 ReLUs for each of
/// <see cref="NetworkShape.Width"/>, the discriminator two of 4 maxout units of five pieces, with dropout, each about the
/// paper's for MNIST (1,200 and 240) at a width of 64 to 75.
/// </summary>
/// <remarks>
/// I. Goodfellow et al.: "Generative Adversarial Nets", 2014, https://arxiv.org/abs/1406.2661; maxout: I. Goodfellow et al.,
/// 2013, https://arxiv.org/abs/1302.4389.
/// </remarks>
internal static class MultilayerPerceptron
{
    private const int GeneratorUnits = 16, DiscriminatorUnits = 4, Pieces = 5;
    private const double Dropped = 0.5;

    public static Architecture Architecture { get; } = new(
        "fully connected layers, the first GAN (Goodfellow et al. 2014)",
        [28, 32, 64], [Conditioning.Concat], shape => new PerceptronGenerator(shape), shape => new PerceptronDiscriminator(shape));

    private sealed class PerceptronGenerator : GeneratorNetwork
    {
        private readonly LabelledLatent latent;
        private readonly Linear hidden1, hidden2, pixels;

        public PerceptronGenerator(NetworkShape shape) : base(nameof(PerceptronGenerator), shape)
        {
            var units = GeneratorUnits * shape.Width;
            latent = new LabelledLatent(shape);
            hidden1 = Linear(latent.Size, units);
            hidden2 = Linear(units, units);
            pixels = Linear(units, shape.Channels * shape.Size * shape.Size);
            RegisterComponents();
        }

        public override TracedTensor Images(TracedTensor latents, TracedTensor? labels)
        {
            var x = hidden1.call(latent.Join(latents, labels)).relu();                          // [N, 16·W]
            x = hidden2.call(x).relu();                                                         // [N, 16·W]
            x = pixels.call(x).tanh();                                                          // [N, C·H·W]
            return x.reshape(-1, Shape.Channels, Shape.Size, Shape.Size);                       // [N, C, H, W]
        }
    }

    private sealed class PerceptronDiscriminator : DiscriminatorNetwork
    {
        private readonly LabelledImage image;
        private readonly nn.Module<Tensor, Tensor> hidden1, hidden2;
        private readonly Dropout dropout = Dropout(Dropped);
        private readonly DiscriminatorHead head;

        public PerceptronDiscriminator(NetworkShape shape) : base(nameof(PerceptronDiscriminator), shape)
        {
            var layers = new DiscriminatorLayers(shape);
            var units = DiscriminatorUnits * shape.Width;
            image = new LabelledImage(shape);
            hidden1 = layers.Linear(image.Channels * shape.Size * shape.Size, units * Pieces);
            hidden2 = layers.Linear(units, units * Pieces);
            head = new DiscriminatorHead(shape, units, features => layers.Linear(features, 1));
            RegisterComponents();
        }

        public override Tensor forward(Tensor images, Tensor? labels)
        {
            var x = image.Join(images, labels).flatten(1);                                      // [N, C·H·W]
            x = dropout.call(Maxout(hidden1.Compute(x)));                                       // [N, 4·W]
            x = dropout.call(Maxout(hidden2.Compute(x)));                                       // [N, 4·W]
            return head.Score(x, labels);                                                       // [N]
        }

        private static Tensor Maxout(Tensor x) => x.reshape(x.shape[0], -1, Pieces).amax([2L]);
    }
}
