using GanOnnx.Export;
using GanOnnx.Inference;
using GanOnnx.Training.Networks;
using GanOnnx.Training.Networks.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanOnnx.Training.Tasks.NoiseToVideo;

/// <summary>
/// Clips whose content is drawn once and whose motion is drawn for each frame: a recurrent network makes a path of the motion's noise, and
/// the DCGAN's generator makes a frame of the content and of each place on the path. The DCGAN's discriminator judges some frames of each
/// clip, and another one the whole clip, by convolutions over time as well. <see cref="NetworkShape.Width"/> is that of the DCGAN.
/// </summary>
/// <remarks>
/// S. Tulyakov, M.-Y. Liu, X. Yang, J. Kautz: "MoCoGAN: Decomposing Motion and Content for Video Generation", 2017,
/// https://arxiv.org/abs/1707.04993. Other than there, a class gets in as in the networks of images, the path has more values than the
/// noise, and four frames of a clip are judged for one. Networks take clips as images of T·C channels, <c>[N, T·C, H, W]</c>; a latent is
/// that of the content, Z values, and those of the motion, M of each of T frames.
/// </remarks>
internal static class Mocogan
{
    private const int PathSize = 64, FramesJudged = 4, SmallestSize = 4, MostWidths = 8;
    private const double LeakySlope = 0.2;

    public static Architecture Architecture { get; } = new(
        "a content for the clip and a motion for each frame (MoCoGAN, Tulyakov et al. 2017)",
        [32, 64, 128], [Conditioning.Concat, Conditioning.Projection],
        shape => new ClipGenerator(shape), shape => new ClipDiscriminator(shape))
    {
        Options = [NoiseToVideoKind.Frames, NoiseToVideoKind.FramesPerSecond, NoiseToVideoKind.MotionSize],
    };

    private static int FramesOf(NetworkShape shape) => (int)shape[NoiseToVideoKind.Frames];

    // A label for each frame of the clips.
    private static TracedTensor? OfFrames(TracedTensor? labels, int frames) => labels?.unsqueeze(1).expand(-1, frames).reshape(-1);

    private sealed class ClipGenerator : GeneratorNetwork
    {
        private readonly GRU path;
        private readonly GeneratorNetwork image;
        private readonly int _frames, _motion;

        public ClipGenerator(NetworkShape shape) : base(nameof(ClipGenerator), shape)
        {
            (_frames, _motion) = (FramesOf(shape), (int)shape[NoiseToVideoKind.MotionSize]);
            path = GRU(_motion, PathSize, batchFirst: true);
            image = Architectures.Find("dcgan")!.Generator(shape with { LatentSize = shape.LatentSize + PathSize });
            RegisterComponents();
        }

        public override int LatentSize => Shape.LatentSize + _frames * _motion;

        public override TracedTensor Images(TracedTensor latents, TracedTensor? labels)
        {
            var noise = latents.narrow(1, Shape.LatentSize, _frames * _motion).reshape(-1, _frames, _motion);
            var motion = path.call([noise])[0];                                                             // [N, T, P]
            var content = latents.narrow(1, 0, Shape.LatentSize).unsqueeze(1).expand(-1, _frames, Shape.LatentSize);
            var frames = TracedTensor.cat([content, motion], 2).reshape(-1, Shape.LatentSize + PathSize);   // [N·T, Z + P]
            return image.Images(frames, OfFrames(labels, _frames))                                          // [N·T, C, H, W]
                .reshape(-1, _frames * Shape.Channels, Shape.Size, Shape.Size);
        }

        protected override (float Mean, float Deviation) FirstWeight(nn.Module owner, string weightName, Tensor weight) =>
            owner is not TorchSharp.Modules.GRU ? InitialWeights.Dcgan(owner, weightName, weight)
            : weight.dim() < 2 ? (0, 0) : (0, (float)Math.Sqrt(1.0 / weight.shape[1]));
    }

    private sealed class ClipDiscriminator : DiscriminatorNetwork
    {
        private readonly DiscriminatorNetwork image;
        private readonly ModuleList<Conv3d> downs = [];
        private readonly ModuleList<BatchNorm3d> norms = [];
        private readonly DiscriminatorHead head;
        private readonly int _frames;

        public ClipDiscriminator(NetworkShape shape) : base(nameof(ClipDiscriminator), shape)
        {
            _frames = FramesOf(shape);
            image = Architectures.Find("dcgan")!.Discriminator(shape);
            var (length, inputs) = (_frames, (long)shape.Channels);
            for (var size = shape.Size / 2; size >= SmallestSize; size /= 2)
            {
                var (first, halves, outputs) = (downs.Count == 0, length > 2,
                    (long)shape.Width * Math.Min(shape.Size / 2 / size, MostWidths));
                downs.Add(Conv3d(inputs, outputs, (halves ? 4 : 3, 4, 4), (halves ? 2 : 1, 2, 2), (1, 1, 1), bias: first || !shape.DiscriminatorNorm));
                if (shape.DiscriminatorNorm && !first)
                    norms.Add(BatchNorm3d(outputs));
                (length, inputs) = (halves ? length / 2 : length, outputs);
            }
            head = new DiscriminatorHead(shape, inputs * length * SmallestSize * SmallestSize, features => Linear(features, 1));
            RegisterComponents();
        }

        internal override long[] ImageShape => [_frames * Shape.Channels, Shape.Size, Shape.Size];

        /// <summary>Clips <c>[N, T·C, H, W]</c> to <c>[2·J·N]</c>: the scores of the clips, J times, and those of J frames of each, so that
        /// both discriminators count the same.</summary>
        public override Tensor forward(Tensor clips, Tensor? labels)
        {
            var (count, channels, size) = (clips.shape[0], Shape.Channels, Shape.Size);
            var x = clips.reshape(count, _frames, channels, size, size).transpose(1, 2);                    // [N, C, T, H, W]
            for (var i = 0; i < downs.Count; i++)
            {
                x = downs[i].call(x);                                                                       // [N, W·2ⁱ, T/2, H/2, W/2]
                if (i > 0 && norms.Count > 0)
                    x = norms[i - 1].call(x);
                x = functional.leaky_relu(x, LeakySlope);
            }
            var frames = image.call(SomeFrames(clips), labels?.repeat([FramesJudged]));
            return cat([head.Score(x.flatten(1), labels).repeat([FramesJudged]), frames]);
        }

        // One of each clip, then another one of each, and so on.
        private Tensor SomeFrames(Tensor clips)
        {
            var count = clips.shape[0];
            var chosen = randint(_frames, [FramesJudged, count], dtype: int64, device: clips.device)
                + arange(count, device: clips.device) * _frames;
            return clips.reshape(count * _frames, Shape.Channels, Shape.Size, Shape.Size).index_select(0, chosen.flatten());
        }

        protected override (float Mean, float Deviation) FirstWeight(nn.Module owner, string weightName, Tensor weight) =>
            InitialWeights.Discriminator(Shape)(owner, weightName, weight);
    }
}
