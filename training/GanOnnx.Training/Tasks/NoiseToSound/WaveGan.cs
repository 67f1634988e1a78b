using GanOnnx.Export;
using GanOnnx.Export.Running;
using GanOnnx.Training.Networks;
using GanOnnx.Training.Networks.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanOnnx.Training.Tasks.NoiseToSound;

/// <summary>
/// The DCGAN of sounds: transposed convolutions of 24 values that make a sound four times as long a layer, from 16 values on, and as many
/// convolutions that judge it. <see cref="NetworkShape.Width"/> is the channels of the layer before the sound; each layer towards the latent has twice as many.
/// </summary>
/// <remarks>
/// C. Donahue, J. McAuley, M. Puckette: "Adversarial Audio Synthesis", 2018, https://arxiv.org/abs/1802.04208, with its phase shuffle and a
/// learned filter behind the generator, of 63 values for 512. Other than there, kernels have 24 values for 25, six times the stride, which
/// leaves less of a pattern; the generator has batch normalization, through which labels get in; and tanh is the last layer, so that
/// values stay within −1 and 1. Networks take sounds as images of height 1.
/// </remarks>
internal static class WaveGan
{
    private const int First = 16, TapsPerStride = 6, Filter = 63;
    private const double LeakySlope = 0.2;

    public static Architecture Architecture { get; } = new(
        "convolutions over time, each layer four times as long (Donahue et al. 2018)", [], [Conditioning.Projection],
        shape => new WaveGenerator(shape), shape => new WaveDiscriminator(shape))
    {
        Options = [NoiseToSoundKind.Samples, NoiseToSoundKind.Rate, NoiseToSoundKind.PhaseShuffle],
    };

    // How much longer each layer makes a sound, the first ones first: 2 where powers of 4 don't lead there.
    private static int[] Strides(NetworkShape shape)
    {
        List<int> strides = [];
        for (var length = (int)shape[NoiseToSoundKind.Samples]; length > First; length /= strides[0])
            strides.Insert(0, length > 2 * First ? 4 : 2);
        return [.. strides];
    }

    private static (long Kernel, long Padding) Taps(int stride) => (TapsPerStride * stride, (TapsPerStride - 1) * stride / 2);

    private sealed class WaveGenerator : GeneratorNetwork
    {
        private readonly Linear project;
        private readonly ModuleList<GeneratorNorm> norms = [];
        private readonly ModuleList<nn.Module<Tensor, Tensor>> ups = [];
        private readonly nn.Module<Tensor, Tensor> filter;
        private readonly int _channels;

        public WaveGenerator(NetworkShape shape) : base(nameof(WaveGenerator), shape)
        {
            var strides = Strides(shape);
            int ChannelsAt(int layer) => layer == strides.Length ? 1 : shape.Width << (strides.Length - 1 - layer);
            _channels = ChannelsAt(0);
            project = Linear(shape.LatentSize, _channels * First, hasBias: false);
            for (var i = 0; i < strides.Length; i++)
            {
                norms.Add(new GeneratorNorm(shape, ChannelsAt(i)));
                var (kernel, padding) = Taps(strides[i]);
                ups.Add(ConvTranspose2d(ChannelsAt(i), ChannelsAt(i + 1), (1, kernel), (1, strides[i]), (0, padding),
                    bias: i == strides.Length - 1));
            }
            filter = Conv2d(1, 1, (1, Filter), padding: (0, Filter / 2), bias: false);
            RegisterComponents();
        }

        public override TracedTensor Images(TracedTensor latents, TracedTensor? labels)
        {
            var x = project.call(latents).reshape(-1, _channels, 1, First);                     // [N, C, 1, 16]
            for (var i = 0; i < ups.Count; i++)
                x = ups[i].call(norms[i].Normalize(x, labels).relu());                          // [N, C/2, 1, 4·L], at last [N, 1, 1, S]
            return filter.call(x).tanh();
        }

        // The filter lets all through at first.
        internal override void DrawWeights(ulong seed)
        {
            base.DrawWeights(seed);
            using var noGrad = no_grad();
            using var scope = NewDisposeScope();
            var weight = filter.get_parameter("weight")!;
            weight.zero_();
            weight.narrow(3, Filter / 2, 1).fill_(1f);
        }
    }

    private sealed class WaveDiscriminator : DiscriminatorNetwork
    {
        private readonly ModuleList<nn.Module<Tensor, Tensor>> downs = [];
        private readonly ModuleList<BatchNorm2d> norms = [];
        private readonly DiscriminatorHead head;
        private readonly int _shuffle;

        public WaveDiscriminator(NetworkShape shape) : base(nameof(WaveDiscriminator), shape)
        {
            var layers = new DiscriminatorLayers(shape);
            int[] strides = [.. Strides(shape).Reverse()];
            _shuffle = (int)shape[NoiseToSoundKind.PhaseShuffle];
            var norm = shape.DiscriminatorNorm && !shape.SpectralNorm;
            for (var i = 0; i < strides.Length; i++)
            {
                var channels = (long)shape.Width << i;
                var (kernel, padding) = Taps(strides[i]);
                downs.Add(layers.Conv1d(i == 0 ? 1 : channels / 2, channels, kernel, strides[i], padding, bias: i == 0 || !norm));
                if (norm && i > 0)
                    norms.Add(BatchNorm2d(channels));
            }
            var features = ((long)shape.Width << (strides.Length - 1)) * First;
            head = new DiscriminatorHead(shape, features, inputs => layers.Linear(inputs, 1));
            RegisterComponents();
        }

        internal override long[] ImageShape => [1, 1, (long)Shape[NoiseToSoundKind.Samples]];

        public override Tensor forward(Tensor sounds, Tensor? labels)
        {
            var x = sounds;
            for (var i = 0; i < downs.Count; i++)
            {
                x = downs[i].Compute(x);                                                        // [N, W·2ⁱ, 1, L/4]
                if (i > 0 && norms.Count > 0)
                    x = norms[i - 1].call(x);
                x = functional.leaky_relu(x, LeakySlope);
                if (i < downs.Count - 1)
                    x = Shuffle(x);
            }
            return head.Score(x.flatten(1), labels);                                            // [N]
        }

        // All by the same few values, with those at the border mirrored in.
        private Tensor Shuffle(Tensor x)
        {
            if (_shuffle == 0)
                return x;
            var shift = (int)randint(2 * _shuffle + 1, [1], dtype: int64).item<long>() - _shuffle;
            var length = x.shape[3];
            return shift == 0 ? x : functional.pad(x, [Math.Max(shift, 0), Math.Max(-shift, 0), 0, 0], PaddingModes.Reflect)
                .narrow(3, Math.Max(-shift, 0), length);
        }

        protected override (float Mean, float Deviation) FirstWeight(nn.Module owner, string weightName, Tensor weight) =>
            InitialWeights.Discriminator(Shape)(owner, weightName, weight);
    }
}
