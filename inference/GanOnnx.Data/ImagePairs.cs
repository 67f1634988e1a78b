using GanOnnx.Imaging;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanOnnx.Data;

/// <summary>Images of one source, each with the one of a second source that has its name, endings apart.</summary>
internal sealed class ImagePairs : TwoSources, IWholePictures
{
    private readonly int[] _partners;

    private ImagePairs(IImageSource first, IImageSource second, int[] partners) : base(first, second) => _partners = partners;

    public override SecondImages SecondImages => SecondImages.Paired;

    public override int SecondCount => Count;

    public override LeftOut LeftOut
    {
        get
        {
            var all = base.LeftOut;
            var paired = _partners.ToHashSet();
            for (var i = 0; i < Second.Count; i++)
                if (!paired.Contains(i))
                    all.Add($"without a pair in {Second.Name}", Second.NameOf(i));
            return all;
        }
    }

    /// <exception cref="DataException">A source can't be opened, an image has no partner, or one of another shape.</exception>
    public static ImagePairs Open(string data, string target, DataOptions? options = null, CancellationToken stop = default) =>
        Open(data, target, options, stop, (first, second) => Of(first, second, data, target));

    /// <summary>Of sources that are open, which are disposed with this.</summary>
    /// <exception cref="DataException">An image has no partner, or one of another shape.</exception>
    public static ImagePairs Of(IImageSource first, IImageSource second, string data, string target)
    {
        var pairs = new ImagePairs(first, second, Partners(first, second, data, target));
        pairs.CheckShapes(data, target);
        return pairs;
    }

    public override byte[] ReadSecond(int image, int size, int channels) => Second.Read(_partners[image], size, channels);

    public Image<Rgba32> ReadWhole(int image) => IWholePictures.Of(First).ReadWhole(image);

    /// <summary>As <see cref="ReadWhole"/>, of the picture that belongs to it.</summary>
    public Image<Rgba32> ReadWholeSecond(int image) => IWholePictures.Of(Second).ReadWhole(_partners[image]);

    private static int[] Partners(IImageSource first, IImageSource second, string data, string target)
    {
        var places = new Dictionary<string, int>();
        for (var i = 0; i < second.Count; i++)
            if (!places.TryAdd(Key(second, i), i))
                throw new DataException($"'{target}' has two images called '{Key(second, i)}', so that it isn't known which one belongs "
                    + $"to that of '{data}'.");
        var lonely = Enumerable.Range(0, first.Count).Where(i => !places.ContainsKey(Key(first, i))).ToArray();
        if (lonely.Length > 0)
            throw new DataException($"{lonely.Length} of {first.Count} images of '{data}' have none of their name in '{target}', the first "
                + $"of them '{first.NameOf(lonely[0])}'. Give pairs equal names.");
        return [.. Enumerable.Range(0, first.Count).Select(i => places[Key(first, i)])];
    }

    // Of pictures of different shapes, squares would be cut at different places. Sizes come from the files' headers; only where these
    // differ it is looked at how the pictures are turned.
    private void CheckShapes(string data, string target)
    {
        if (First is not ImageFiles { Fit: not ImageFit.Stretch } pictures || Second is not ImageFiles others)
            return;
        var apart = Enumerable.Range(0, Count).Where(i => !AreAlike(pictures.SizeOf(i), others.SizeOf(_partners[i]))
            && !AreAlike(pictures.UprightSizeOf(i), others.UprightSizeOf(_partners[i]))).ToArray();
        if (apart is [var first, ..])
            throw new DataException($"{apart.Length} of {Count} pairs of '{data}' and '{target}' are pictures of different shapes, the "
                + $"first of them '{First.NameOf(first)}': {pictures.UprightSizeOf(first)} beside "
                + $"{others.UprightSizeOf(_partners[first])} px. Cut to squares, they wouldn't show the same place. Give pairs of one "
                + "shape, or stretch them.")
            {
                Option = "fit",
            };
    }

    // To one pixel: sizes are rounded where a picture is made smaller.
    private static bool AreAlike(PictureSize? one, PictureSize? other) => one is not { } a || other is not { } b
        || Math.Abs((long)a.Width * b.Height - (long)b.Width * a.Height)
            <= Math.Max(Math.Max(a.Width, a.Height), Math.Max(b.Width, b.Height));

    private static string Key(IImageSource source, int image) => Path.ChangeExtension(source.NameOf(image), null);
}
