using System.Globalization;

namespace GanOnnx.Data;

/// <summary>
/// Clips of things that turn, of still views: pictures that lie in a folder for each view, under the same names. A thing's clips begin at
/// each of its views and turn either way; each view stands equally long.
/// </summary>
internal sealed class TurningViews : IImageSource, IDescribed, IClips
{
    private readonly IImageSource _views;
    private readonly int[][] _things;

    private readonly string _head;

    private TurningViews(IImageSource views, int[][] things, int frames, string head) =>
        (_views, _things, Frames, _head) = (views, things, frames, head);

    public string Name => _views.Name;
    public int Count => _things.Length * PerThing;
    public int Channels => _views.Channels;
    public int Frames { get; }
    public IReadOnlyList<string> Classes => [];
    public LeftOut LeftOut => (_views as IDescribed)?.LeftOut ?? new();
    public string? Stamp => StampOf((_views as IDescribed)?.Stamp, _head);
    public (PictureSize Smallest, PictureSize Largest)? Sizes => (_views as IDescribed)?.Sizes;

    public string? Remark => string.Create(CultureInfo.InvariantCulture,
        $"{_things.Length:#,0} things turn through {Views} views in {Frames} frames, from each view and either way");

    private int Views => _things[0].Length;

    private int PerThing => 2 * Views;

    /// <summary>Opens views.</summary>
    /// <param name="argument">The views' folders in the order of turning, a colon, and what they lie in: <c>down,left,up,right:FOLDER</c>.</param>
    /// <param name="options">How it is read, and how many frames a clip has.</param>
    /// <param name="stop">Stops unpacking.</param>
    /// <exception cref="DataException">It isn't said so, a view has no folder, or no thing has all views.</exception>
    public static TurningViews Open(string argument, DataOptions options, CancellationToken stop)
    {
        var colon = argument.IndexOf(':', StringComparison.Ordinal);
        string[] views = colon < 0 ? [] : argument[..colon].Split(',', StringSplitOptions.TrimEntries);
        if (views.Length < 2 || views.Any(view => view.Length == 0))
            throw new DataException("Views that turn are given as turning:VIEW,VIEW,…:SOURCE, as turning:down,left,up,right:characters.zip, each "
                + "a folder in the source with pictures of the same names.");
        var frames = options.Frames ?? ClipFrames.Default;
        if (frames % views.Length != 0)
            throw new DataException($"{views.Length} views don't divide {frames} frames. Give as many views as divide them, or other frames.");
        var source = ImageSources.Open(argument[(colon + 1)..], options with { Frames = null }, stop);
        try
        {
            return new(source, Things(source, views, argument[(colon + 1)..]), frames, $"turning:{argument[..(colon + 1)]}");
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    /// <summary>See <see cref="IDescribed.Stamp"/>, of still views and how they turn.</summary>
    public static string? StampOf(string? views, string head) => views is null ? null : $"{views} {head}";

    public string NameOf(int image) => _views.NameOf(_things[image / PerThing][0]);

    public int LabelOf(int image) => -1;

    public string Fitted(int size) => (_views as IDescribed)?.Fitted(size) ?? "";

    public byte[] Read(int image, int size, int channels) => _views.Read(ViewOf(image, ClipFrames.Shown(image, Frames)), size, channels);

    public byte[][] ReadClip(int clip, int size, int channels)
    {
        var read = new Dictionary<int, byte[]>();
        return [.. Enumerable.Range(0, Frames).Select(frame =>
        {
            var view = ViewOf(clip, frame);
            return read.TryGetValue(view, out var there) ? there : read[view] = _views.Read(view, size, channels);
        })];
    }

    public void Dispose() => _views.Dispose();

    // The picture of a frame.
    private int ViewOf(int clip, int frame)
    {
        var (first, back) = (clip % PerThing / 2, clip % 2 == 1);
        var turned = frame / (Frames / Views);
        return _things[clip / PerThing][(first + (back ? Views - turned : turned)) % Views];
    }

    private static int[][] Things(IImageSource source, string[] views, string data)
    {
        var leftOut = (source as IDescribed)?.LeftOut;
        var byView = views.Select(_ => new Dictionary<string, int>(StringComparer.Ordinal)).ToArray();
        for (var i = 0; i < source.Count; i++)
        {
            var parts = source.NameOf(i).Split('/');
            var at = Array.FindIndex(views, view => parts[..^1].Contains(view));
            if (at < 0)
                leftOut?.Add("in no view's folder", source.NameOf(i));
            else if (!byView[at].TryAdd(parts[^1], i))
                leftOut?.Add("of the same name as another one of its view", source.NameOf(i));
        }
        for (var i = 0; i < views.Length; i++)
            if (byView[i].Count == 0)
                throw new DataException($"'{data}' has no folder '{views[i]}' with pictures.");
        foreach (var alone in byView.SelectMany(of => of).Where(picture => !byView.All(of => of.ContainsKey(picture.Key))))
            leftOut?.Add("without its other views", source.NameOf(alone.Value));
        int[][] things = [.. byView[0].Keys.Order(StringComparer.Ordinal).Where(name => byView.All(of => of.ContainsKey(name)))
            .Select(name => byView.Select(of => of[name]).ToArray())];
        return things.Length > 0 ? things
            : throw new DataException($"'{data}' has no picture of the same name in all of {string.Join(", ", views)}.");
    }
}
