using GanOnnx.Data;
using GanOnnx.Imaging;
using GanOnnx.Imaging.Resampling;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;

namespace GanOnnx.Evaluation;

/// <summary>Pictures that go into a model, each with the one that should come out, in colour; what is transparent lies on white.</summary>
internal abstract class PicturePairs(IImageSource source) : IDisposable
{
    /// <summary>What they are read from.</summary>
    public IImageSource Source => source;

    /// <summary>Opens two sources of pictures of equal names.</summary>
    /// <exception cref="DataException">They can't be read, or a picture has no partner.</exception>
    public static PicturePairs OfTargets(string data, string target, string? split, CancellationToken stop) =>
        new Targets(ImagePairs.Open(data, target, new(split), stop));

    /// <summary>Opens a source whose pictures should be made of smaller ones.</summary>
    /// <exception cref="DataException">It can't be read.</exception>
    public static PicturePairs OfSmaller(string data, int scale, string? split, CancellationToken stop)
    {
        var source = ImageSources.Open(data, new DataOptions(split), stop);
        try
        {
            return new Smaller(source, IWholePictures.Of(source), scale);
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    /// <summary>A pair. The caller disposes both.</summary>
    /// <exception cref="ImageException">One of them can't be decoded.</exception>
    /// <exception cref="EvaluationException">The picture is too small.</exception>
    public abstract (Image<Rgb24> Input, Image<Rgb24> Target) Read(int picture);

    public void Dispose() => source.Dispose();

    private static Image<Rgb24> OnWhite(Image picture)
    {
        using (picture)
        {
            using var copy = picture.CloneAs<Rgba32>();
            var pixels = new Rgba32[copy.Width * copy.Height];
            copy.CopyPixelDataTo(pixels);
            return Image.LoadPixelData(Array.ConvertAll(pixels, ImageReader.OnWhite), copy.Width, copy.Height);
        }
    }

    /// <summary>What a model made, as the targets are.</summary>
    public static Image<Rgb24> Coloured(Image made) => OnWhite(made);

    private sealed class Targets(ImagePairs pairs) : PicturePairs(pairs)
    {
        public override (Image<Rgb24> Input, Image<Rgb24> Target) Read(int picture)
        {
            var input = OnWhite(pairs.ReadWhole(picture));
            try
            {
                return (input, OnWhite(pairs.ReadWholeSecond(picture)));
            }
            catch
            {
                input.Dispose();
                throw;
            }
        }
    }

    private sealed class Smaller(IImageSource source, IWholePictures whole, int scale) : PicturePairs(source)
    {
        public override (Image<Rgb24> Input, Image<Rgb24> Target) Read(int picture)
        {
            var target = OnWhite(whole.ReadWhole(picture));
            try
            {
                var (width, height) = (target.Width / scale, target.Height / scale);
                // A border of that many pixels isn't compared, and something has to be left.
                if (Math.Min(width, height) < 3)
                    throw new EvaluationException($"'{Source.NameOf(picture)}' has {new PictureSize(target.Width, target.Height)} pixels; for "
                        + $"a model that enlarges {scale} times, {new PictureSize(3 * scale, 3 * scale)} are needed at least.");
                target.Mutate(context => context.Crop(width * scale, height * scale));
                return (Bicubic.Resize(target, width, height), target);
            }
            catch
            {
                target.Dispose();
                throw;
            }
        }
    }
}
