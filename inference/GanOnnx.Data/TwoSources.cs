namespace GanOnnx.Data;

/// <summary>Images of one source with second ones of another; how they belong together is the subclass's.</summary>
internal abstract class TwoSources(IImageSource first, IImageSource second) : IImageSource, IDescribed
{
    protected IImageSource First => first;

    protected IImageSource Second => second;

    public virtual string Name => first.Name;

    public int Count => first.Count;

    public IReadOnlyList<string> Classes => first.Classes;

    public int Channels => Math.Max(first.Channels, second.Channels);

    public abstract SecondImages SecondImages { get; }

    public abstract int SecondCount { get; }

    /// <summary>Of both sources; which one is told of the second.</summary>
    public virtual LeftOut LeftOut
    {
        get
        {
            var all = new LeftOut();
            foreach (var files in (first as IDescribed)?.LeftOut.Reasons ?? [])
                all.Add(files);
            foreach (var files in (second as IDescribed)?.LeftOut.Reasons ?? [])
                all.Add(files with { Reason = $"{files.Reason} in {second.Name}" });
            return all;
        }
    }

    public (PictureSize Smallest, PictureSize Largest)? Sizes => (first as IDescribed)?.Sizes;

    public virtual string? Remark => null;

    string? IDescribed.Stamp => Both((first as IDescribed)?.Stamp, (second as IDescribed)?.Stamp);

    public string Fitted(int size) => (first as IDescribed)?.Fitted(size) ?? "";

    /// <summary>See <see cref="IDescribed.Stamp"/>, of both sources.</summary>
    public static string? Stamp(string data, string target) => Both(ImageSources.Stamp(data), ImageSources.Stamp(target));

    public string NameOf(int image) => first.NameOf(image);

    public int LabelOf(int image) => first.LabelOf(image);

    public byte[] Read(int image, int size, int channels) => first.Read(image, size, channels);

    public abstract byte[] ReadSecond(int image, int size, int channels);

    public void Dispose()
    {
        first.Dispose();
        second.Dispose();
    }

    /// <summary>Opens both sources and puts them together; where one of that fails, neither stays open.</summary>
    /// <exception cref="DataException">A source can't be opened, or they don't go together.</exception>
    protected static T Open<T>(string data, string target, DataOptions? options, CancellationToken stop,
        Func<IImageSource, IImageSource, T> join)
    {
        var first = ImageSources.OpenPictures(data, options, stop);
        IImageSource? second = null;
        try
        {
            second = ImageSources.OpenPictures(target, options, stop);
            return join(first, second);
        }
        catch
        {
            first.Dispose();
            second?.Dispose();
            throw;
        }
    }

    // Of two parts of one source, there is one.
    private static string? Both(string? first, string? second) =>
        first is null || second is null ? null : first == second ? first : $"{first} {second}";
}
