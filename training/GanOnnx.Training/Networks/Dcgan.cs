using GanOnnx.Export;
using GanOnnx.Export.Running;
using GanOnnx.Training.Networks.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanOnnx.Training.Networks;

/// <summary>
/// The deep convolutional GAN: strided and transposed convolutions, batch normalization everywhere but at the
/// generator's output and the discriminator's input. <see cref="NetworkShape.Width"/> is the channels at half the images'
/// size; each halving doubles them, to eight times at most below 64 px.
/// </summary>
/// <remarks>
/// A. Radford, L. Metz, S. Chintala: "Unsupervised Representation Learning with Deep Convolutional Generative
/// Adversarial Networks", 2015, https://arxiv.org/abs/1511.06434. The paper's 64 px network has width 128.
/// </remarks>
internal static class Dcgan
{
    private const int Kernel = 4, Stride = 2, Padding = 1, SmallestSize = 4, MostWidths = 8;
    private const double LeakySlope = 0.2;

    /// <summary>
    /// Whether the generator doubles sizes by repeating pixels before a 3 × 3 convolution, which leaves no checkerboard, instead of by
    /// transposed convolutions (A. Odena, V. Dumoulin, C. Olah, 2016, https://distill.pub/2016/deconv-checkerboard/).
    /// </summary>
    private static readonly TrainingOption _resizeConvolution =
        new("resizeConvolution", "The generator repeats pixels and convolves (1), or has transposed convolutions (0)", typeof(int), 0)
        {
            Name = "--resize-convolution",
            Least = 0,
            Most = 1,
            Rule = "the DCGAN's resize convolution is {0} or {1}",
        };

    public static Architecture Architecture { get; } = new(
        "strided convolutions with batch normalization (Radford et al. 2015)",
        [32, 64, 128, 256], [Conditioning.Concat, Conditioning.Projection, Conditioning.Text], shape => new DcganGenerator(shape),
            shape => new DcganDiscriminator(shape))
    {
        Options = [_resizeConvolution],
    };

    // Channels of the layer of a size, which is below the images'.
    private static int ChannelsAt(NetworkShape shape, int size) => shape.Width * Math.Min(shape.Size / 2 / size, MostWidths);

    private sealed class DcganGenerator : GeneratorNetwork
    {
        private readonly SentenceInput? sentences;
        private readonly LabelledLatent latent;
        private readonly Linear project;
        private readonly ModuleList<GeneratorNorm> norms = [];
        private readonly ModuleList<nn.Module<Tensor, Tensor>> ups = [];
        private readonly int _channels;
        private readonly bool _resizes;

        public DcganGenerator(NetworkShape shape) : base(nameof(DcganGenerator), shape)
        {
            _channels = ChannelsAt(shape, SmallestSize);
            _resizes = shape[_resizeConvolution] == 1;
            sentences = SentenceInput.Of(shape);
            latent = new LabelledLatent(shape);
            project = Linear(latent.Size, _channels * SmallestSize * SmallestSize, hasBias: false);
            for (var size = SmallestSize; size < shape.Size; size *= 2)
            {
                var last = size * 2 == shape.Size;
                norms.Add(new GeneratorNorm(shape, ChannelsAt(shape, size)));
                var (from, to) = (ChannelsAt(shape, size), last ? shape.Channels : ChannelsAt(shape, size * 2));
                ups.Add(_resizes ? Conv2d(from, to, 3, 1, Padding, bias: last)
                    : ConvTranspose2d(from, to, Kernel, Stride, Padding, bias: last));
            }
            RegisterComponents();
        }

        public override TracedTensor Images(TracedTensor latents, TracedTensor? labels)
        {
            labels = sentences?.call(labels!) ?? labels;
            var x = project.call(latent.Join(latents, labels));                                 // [N, C·4·4]
            x = x.reshape(-1, _channels, SmallestSize, SmallestSize);                           // [N, C, 4, 4]
            for (var i = 0; i < ups.Count; i++)
            {
                x = norms[i].Normalize(x, labels).relu();
                // [N, C/2, 2·H, 2·W], at last [N, 1|3, H, W]
                x = ups[i].call(_resizes ? x.upsample_nearest2d(2) : x);
            }
            return x.tanh();
        }

        protected override (float Mean, float Deviation) FirstWeight(nn.Module owner, string weightName, Tensor weight) =>
            InitialWeights.Dcgan(owner, weightName, weight);
    }

    private sealed class DcganDiscriminator : DiscriminatorNetwork, IJudgesMatches
    {
        private readonly SentenceInput? sentences;
        private readonly LabelledImage image;
        private readonly ModuleList<nn.Module<Tensor, Tensor>> downs = [];
        private readonly ModuleList<BatchNorm2d> norms = [];
        private readonly DiscriminatorHead head;

        public DcganDiscriminator(NetworkShape shape) : base(nameof(DcganDiscriminator), shape)
        {
            var layers = new DiscriminatorLayers(shape);
            sentences = SentenceInput.Of(shape);
            image = new LabelledImage(shape);
            var norm = shape.DiscriminatorNorm && !shape.SpectralNorm;
            for (var size = shape.Size / 2; size >= SmallestSize; size /= 2)
            {
                var first = size == shape.Size / 2;
                downs.Add(layers.Conv2d(first ? image.Channels : ChannelsAt(shape, size * 2), ChannelsAt(shape, size), Kernel, Stride,
                    Padding, bias: first || !norm));
                if (norm && !first)
                    norms.Add(BatchNorm2d(ChannelsAt(shape, size)));
            }
            head = new DiscriminatorHead(shape, ChannelsAt(shape, SmallestSize) * SmallestSize * SmallestSize,
                features => layers.Linear(features, 1));
            RegisterComponents();
        }

        public override Tensor forward(Tensor images, Tensor? labels) => Score(Features(image.Join(images, labels)), labels);

        public Tensor Features(Tensor x)
        {
            for (var i = 0; i < downs.Count; i++)
            {
                x = downs[i].Compute(x);                                                        // [N, W·2ⁱ, H/2, W/2]
                if (i > 0 && norms.Count > 0)
                    x = norms[i - 1].call(x);
                x = functional.leaky_relu(x, LeakySlope);
            }
            return x.flatten(1);                                                                // [N, F]
        }

        public Tensor Score(Tensor features, Tensor? labels) =>
            head.Score(features, sentences?.call(labels!) ?? labels);                           // [N]

        public Tensor Scores(Tensor features, Tensor sentences) =>
            head.Scores(features, this.sentences!.call(sentences));                             // [N, M]

        protected override (float Mean, float Deviation) FirstWeight(nn.Module owner, string weightName, Tensor weight) =>
            InitialWeights.Discriminator(Shape)(owner, weightName, weight);
    }
}
