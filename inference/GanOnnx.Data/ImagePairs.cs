using GanOnnx.Imaging;

namespace GanOnnx.Data;

/// <summary>Images of one source, each with the one of a second source that has its name, endings apart.</summary>
internal sealed class ImagePairs : IImageSource, IDescribed
{
    private readonly IImageSource _first, _second;
    private readonly int[] _partners;

    private ImagePairs(IImageSource first, IImageSource second, int[] partners) => (_first, _second, _partners) = (first, second, partners);

    public string Name => _first.Name;

    public int Count => _first.Count;

    public IReadOnlyList<string> Classes => _first.Classes;

    public int Channels => Math.Max(_first.Channels, _second.Channels);

    public SecondImages SecondImages => SecondImages.Paired;

    /// <summary>Of both sources; which one is told of the second.</summary>
    public LeftOut LeftOut
    {
        get
        {
            var all = new LeftOut();
            foreach (var files in (_first as IDescribed)?.LeftOut.Reasons ?? [])
                all.Add(files);
            foreach (var files in (_second as IDescribed)?.LeftOut.Reasons ?? [])
                all.Add(files with { Reason = $"{files.Reason} in {_second.Name}" });
            var paired = _partners.ToHashSet();
            for (var i = 0; i < _second.Count; i++)
                if (!paired.Contains(i))
                    all.Add($"without a pair in {_second.Name}", _second.NameOf(i));
            return all;
        }
    }

    public (PictureSize Smallest, PictureSize Largest)? Sizes => (_first as IDescribed)?.Sizes;

    string? IDescribed.Stamp => Both((_first as IDescribed)?.Stamp, (_second as IDescribed)?.Stamp);

    public string Fitted(int size) => (_first as IDescribed)?.Fitted(size) ?? "";

    /// <summary>See <see cref="IDescribed.Stamp"/>, of both sources.</summary>
    public static string? Stamp(string data, string target) => Both(ImageSources.Stamp(data), ImageSources.Stamp(target));

    /// <exception cref="DataException">A source can't be opened, or an image has no partner.</exception>
    public static ImagePairs Open(string data, string target, DataOptions? options = null, CancellationToken stop = default)
    {
        var first = ImageSources.Open(data, options, stop);
        IImageSource? second = null;
        try
        {
            second = ImageSources.Open(target, options, stop);
            return new ImagePairs(first, second, Partners(first, second, data, target));
        }
        catch
        {
            first.Dispose();
            second?.Dispose();
            throw;
        }
    }

    public string NameOf(int image) => _first.NameOf(image);

    public int LabelOf(int image) => _first.LabelOf(image);

    public byte[] Read(int image, int size, int channels) => _first.Read(image, size, channels);

    public byte[] ReadSecond(int image, int size, int channels) => _second.Read(_partners[image], size, channels);

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
    }

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

    private static string? Both(string? first, string? second) => first is null || second is null ? null : $"{first} {second}";

    private static string Key(IImageSource source, int image) => Path.ChangeExtension(source.NameOf(image), null);
}
