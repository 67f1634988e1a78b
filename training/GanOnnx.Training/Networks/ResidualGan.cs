using GanOnnx.Export;
using GanOnnx.Export.Running;
using GanOnnx.Training.Networks.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanOnnx.Training.Networks;

/// <summary>
/// Residual generator and critic, as the papers on gradient penalty and on spectral normalization have them: batch
/// normalization in the generator, none in the critic, nearest upsampling, mean pooling.
/// <see cref="NetworkShape.Width"/> is the channels at the images' size; each halving doubles them, to four times at most.
/// </summary>
/// <remarks>
/// I. Gulrajani et al.: "Improved Training of Wasserstein GANs", 2017, https://arxiv.org/abs/1704.00028, appendix F;
/// T. Miyato et al.: "Spectral Normalization for Generative Adversarial Networks", 2018, https://arxiv.org/abs/1802.05957.
/// Both have 128 to 256 channels in every layer at 32 px.
/// </remarks>
internal static class ResidualGan
{
    private const int SmallestSize = 4, MostWidths = 4;

    public static Architecture Architecture { get; } = new(
        "residual generator and critic, as of WGAN-GP and SNGAN (Gulrajani et al. 2017, Miyato et al. 2018)",
        [32, 64, 128, 256], [Conditioning.Concat, Conditioning.Projection, Conditioning.Text], shape => new ResidualGenerator(shape),
            shape => new ResidualCritic(shape));

    private static int ChannelsAt(NetworkShape shape, int size) => shape.Width * Math.Min(shape.Size / size, MostWidths);

    private sealed class ResidualGenerator : GeneratorNetwork
    {
        private readonly SentenceInput? sentences;
        private readonly LabelledLatent latent;
        private readonly Linear project;
        private readonly ModuleList<UpBlock> blocks = [];
        private readonly GeneratorNorm norm;
        private readonly Conv2d pixels;
        private readonly int _channels;

        public ResidualGenerator(NetworkShape shape) : base(nameof(ResidualGenerator), shape)
        {
            _channels = ChannelsAt(shape, SmallestSize);
            sentences = SentenceInput.Of(shape);
            latent = new LabelledLatent(shape);
            project = Linear(latent.Size, _channels * SmallestSize * SmallestSize);
            for (var size = SmallestSize; size < shape.Size; size *= 2)
                blocks.Add(new UpBlock(shape, ChannelsAt(shape, size), ChannelsAt(shape, size * 2)));
            norm = new GeneratorNorm(shape, shape.Width);
            pixels = Conv2d(shape.Width, shape.Channels, 3, padding: 1);
            RegisterComponents();
        }

        public override TracedTensor Images(TracedTensor latents, TracedTensor? labels)
        {
            labels = sentences?.call(labels!) ?? labels;
            var x = project.call(latent.Join(latents, labels));                                 // [N, C·4·4]
            x = x.reshape(-1, _channels, SmallestSize, SmallestSize);                           // [N, C, 4, 4]
            foreach (var block in blocks)
                x = block.Up(x, labels);                                                        // [N, C', 2·H, 2·W]
            return pixels.call(norm.Normalize(x, labels).relu()).tanh();                        // [N, 1|3, H, W]
        }
    }

    private sealed class UpBlock : nn.Module
    {
        private readonly GeneratorNorm norm1, norm2;
        private readonly Conv2d conv1, conv2, skip;

        public UpBlock(NetworkShape shape, int inputs, int outputs) : base(nameof(UpBlock))
        {
            norm1 = new GeneratorNorm(shape, inputs);
            conv1 = Conv2d(inputs, outputs, 3, padding: 1);
            norm2 = new GeneratorNorm(shape, outputs);
            conv2 = Conv2d(outputs, outputs, 3, padding: 1);
            skip = Conv2d(inputs, outputs, 1);
            RegisterComponents();
        }

        public TracedTensor Up(TracedTensor x, TracedTensor? labels)
        {
            var y = conv1.call(norm1.Normalize(x, labels).relu().upsample_nearest2d(2));        // [N, C', 2·H, 2·W]
            y = conv2.call(norm2.Normalize(y, labels).relu());
            return y + skip.call(x).upsample_nearest2d(2);                                      // a 1 × 1 convolution may come before
        }
    }

    private sealed class ResidualCritic : DiscriminatorNetwork
    {
        private readonly SentenceInput? sentences;
        private readonly LabelledImage image;
        private readonly ModuleList<DownBlock> blocks = [];
        private readonly DiscriminatorHead head;

        public ResidualCritic(NetworkShape shape) : base(nameof(ResidualCritic), shape)
        {
            var layers = new DiscriminatorLayers(shape);
            sentences = SentenceInput.Of(shape);
            image = new LabelledImage(shape);
            var (channels, size) = (image.Channels, shape.Size);
            for (; size > 2 * SmallestSize; size /= 2)
            {
                var outputs = ChannelsAt(shape, size / 2);
                blocks.Add(new DownBlock(layers, channels, outputs, down: true, first: size == shape.Size));
                channels = outputs;
            }
            blocks.Add(new DownBlock(layers, channels, channels, down: false, first: false));
            head = new DiscriminatorHead(shape, channels, features => layers.Linear(features, 1));
            RegisterComponents();
        }

        public override Tensor forward(Tensor images, Tensor? labels)
        {
            var x = image.Join(images, labels);
            foreach (var block in blocks)
                x = block.call(x);                                                              // at last [N, 4·W, 8, 8]
            return head.Score(x.relu().mean([2L, 3L]), sentences?.call(labels!) ?? labels);     // [N]
        }
    }

    private sealed class DownBlock : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> conv1, conv2;
        private readonly nn.Module<Tensor, Tensor>? skip;
        private readonly bool _down, _first;

        public DownBlock(DiscriminatorLayers layers, int inputs, int outputs, bool down, bool first) : base(nameof(DownBlock))
        {
            (_down, _first) = (down, first);
            conv1 = layers.Conv2d(inputs, outputs, 3, padding: 1);
            conv2 = layers.Conv2d(outputs, outputs, 3, padding: 1);
            if (down || inputs != outputs)
                skip = layers.Conv2d(inputs, outputs, 1);
            RegisterComponents();
        }

        public override Tensor forward(Tensor x)
        {
            // The first block sees pixels, for which a ReLU would throw the dark half away.
            var y = conv2.Compute(conv1.Compute(_first ? x : x.relu()).relu());                 // [N, C', H, W]
            var straight = _down ? functional.avg_pool2d(x, 2) : x;
            if (skip is not null)
                // pooled first, which is the same and cheaper
                straight = skip.Compute(straight);
            return (_down ? functional.avg_pool2d(y, 2) : y) + straight;                        // [N, C', H/2, W/2]
        }
    }
}
