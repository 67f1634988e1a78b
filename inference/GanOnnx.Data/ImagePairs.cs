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

    /// <exception cref="DataException">A source can't be opened, or an image has no partner.</exception>
    public static ImagePairs Open(string data, string target, DataOptions? options = null, CancellationToken stop = default) =>
        Open(data, target, options, stop, (first, second) => new ImagePairs(first, second, Partners(first, second, data, target)));

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

    private static string Key(IImageSource source, int image) => Path.ChangeExtension(source.NameOf(image), null);
}
