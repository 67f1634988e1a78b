using GanOnnx.Audio;
using GanOnnx.Data;
using GanOnnx.Inference;
using GanOnnx.Training.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace GanOnnx.Training.Tasks.NoiseToImage;

/// <summary>What a generator makes: pictures, or sounds, which networks have as images of height 1.</summary>
internal abstract class Medium
{
    /// <summary>Pictures.</summary>
    public static Medium Pictures { get; } = new PictureMedium();

    /// <summary>Sounds of a form.</summary>
    public static Medium Sounds(SoundForm form) => new SoundMedium(form);

    /// <summary>Clips of so many frames.</summary>
    public static Medium Clips(int frames, double framesPerSecond) => new ClipMedium(frames, framesPerSecond);

    /// <summary>Which it is.</summary>
    public abstract TrainingMedium Kind { get; }

    /// <summary>The data's bytes as networks take them.</summary>
    public abstract Tensor ToValues(Tensor bytes);

    /// <summary>What a generator made, as people look at it.</summary>
    /// <param name="made">What it made.</param>
    /// <param name="first">The number of the first of them.</param>
    public abstract ImageBatch ToPictures(ImageBatch made, int first = 0);

    /// <summary>What a generator made, as people listen to it; only of sounds.</summary>
    public virtual SoundBatch ToSounds(ImageBatch made) => throw new NotSupportedException("There is nothing to hear.");

    /// <summary>What a generator made, as it moves; only of clips.</summary>
    public virtual VideoBatch ToClips(ImageBatch made) => throw new NotSupportedException("Nothing moves.");

    private sealed class PictureMedium : Medium
    {
        public override TrainingMedium Kind => TrainingMedium.Pictures;

        public override Tensor ToValues(Tensor bytes) => Pixels.ToValues(bytes);

        public override ImageBatch ToPictures(ImageBatch made, int first = 0) => made;
    }

    private sealed class SoundMedium(SoundForm form) : Medium
    {
        // TorchSharp's temporary scalars can be freed while native code reads them; these stay.
        private static readonly Scalar _largest = (float)short.MaxValue, _high = 256f, _beyond = 65536f, _half = 32767.5f;

        private readonly Spectrogram _spectrogram = new(form.Rate, form.Samples, NoiseToSound.NoiseToSoundKind.PictureSize);

        public override TrainingMedium Kind => TrainingMedium.Sounds;

        // Bytes [N, 1, 1, 2·S], the low ones first.
        public override Tensor ToValues(Tensor bytes)
        {
            var pairs = bytes.to(float32).reshape(bytes.shape[0], 1, 1, -1, 2);
            var values = pairs.select(4, 0).add(pairs.select(4, 1).mul(_high));
            return values.sub(values.gt(_half).to(float32).mul(_beyond)).div(_largest);
        }

        public override ImageBatch ToPictures(ImageBatch made, int first = 0) => _spectrogram.Of(ToSounds(made));

        public override SoundBatch ToSounds(ImageBatch made) => new(made.Values.ToArray(), made.Count, 1, made.Width, form.Rate);
    }

    private sealed class ClipMedium(int frames, double framesPerSecond) : Medium
    {
        public override TrainingMedium Kind => TrainingMedium.Clips;

        public override Tensor ToValues(Tensor bytes) => Pixels.ToValues(bytes);

        // The frames that the data's clips are seen by.
        public override ImageBatch ToPictures(ImageBatch made, int first = 0) => ClipFrames.ShownOf(ToClips(made), first);

        public override VideoBatch ToClips(ImageBatch made) =>
            new(made.Values.ToArray(), made.Count, frames, made.Channels / frames, made.Height, made.Width, framesPerSecond);
    }
}
