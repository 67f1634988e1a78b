using System.Collections.Concurrent;
using GanOnnx.Imaging;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;

namespace GanOnnx.Data;

/// <summary>
/// Squares cut out of pictures, pixel for pixel: as many as cover a picture, spread evenly, a hundred at most. A picture that is narrower
/// or lower than a tile is one tile, made larger.
/// </summary>
internal sealed class PictureTiles : IImageSource, IDescribed
{
    private const int MostOfPicture = 100;

    private readonly ImageFiles _pictures;
    private readonly int _size;
    private readonly (int Picture, int Tile)[] _tiles;

    // Neighbours are read one after the other, on several threads: a picture is decoded once for them. It isn't disposed, as another thread
    // may still cut tiles from it.
    private readonly ConcurrentDictionary<int, Lazy<Image<Rgba32>>> _open = [];

    /// <param name="pictures">The pictures; disposed with this.</param>
    /// <param name="size">Height and width of a tile in pixels.</param>
    public PictureTiles(ImageFiles pictures, int size)
    {
        (_pictures, _size) = (pictures, size);
        _tiles = [.. Enumerable.Range(0, pictures.Count).SelectMany(picture =>
            Enumerable.Range(0, CountOf(pictures.SizeOf(picture))).Select(tile => (picture, tile)))];
    }

    public string Name => _pictures.Name;

    public int Count => _tiles.Length;

    public IReadOnlyList<string> Classes => _pictures.Classes;

    public int Channels => _pictures.Channels;

    public LeftOut LeftOut => _pictures.LeftOut;

    public (PictureSize Smallest, PictureSize Largest)? Sizes => _pictures.Sizes;

    public string? Stamp => _pictures.Stamp;

    public string? Remark => _pictures.Remark;

    public string Fitted(int size) => FormattableString.Invariant($"cut from {_pictures.Count:#,0} pictures, squares of {size} px");

    public IReadOnlyList<string> CaptionsOf(int image) => _pictures.CaptionsOf(_tiles[image].Picture);

    /// <summary>The picture's name with the tile's number, as <c>trees#3.png</c>.</summary>
    public string NameOf(int image)
    {
        var (picture, tile) = _tiles[image];
        var name = _pictures.NameOf(picture);
        var ending = Path.GetExtension(name);
        return FormattableString.Invariant($"{name[..^ending.Length]}#{tile}{ending}");
    }

    public int LabelOf(int image) => _pictures.LabelOf(_tiles[image].Picture);

    public byte[] Read(int image, int size, int channels)
    {
        var (number, tile) = _tiles[image];
        var count = CountOf(_pictures.SizeOf(number));
        if (count == 1)
            return _pictures.Read(number, size, channels);
        if (_open.Count > Environment.ProcessorCount)
            _open.Clear();
        var whole = _open.GetOrAdd(number, n => new(() => _pictures.ReadWhole(n))).Value;
        // Turned by its EXIF orientation, it can be as wide as it was said to be high.
        var (columns, rows) = (Covering(whole.Width), Covering(whole.Height));
        var place = columns * rows <= MostOfPicture ? tile : (int)((long)tile * columns * rows / MostOfPicture);
        if (place >= columns * rows)
            throw new ImageException($"'{_pictures.NameOf(number)}' is smaller than its header says.");
        var (x, y) = (Start(place % columns, columns, whole.Width), Start(place / columns, rows, whole.Height));
        using var square = whole.Clone(context => context.Crop(new Rectangle(x, y, _size, _size)));
        return ImageReader.Square(square, size, channels, ImageFit.Crop);
    }

    public void Dispose() => _pictures.Dispose();

    private int CountOf(PictureSize? size) =>
        size is { } it ? Math.Clamp(Covering(it.Width) * Covering(it.Height), 1, MostOfPicture) : 1;

    // How many tiles cover a length; none where it is shorter.
    private int Covering(int length) => length < _size ? 0 : (length + _size - 1) / _size;

    private int Start(int number, int count, int length) => count == 1 ? 0 : (int)((long)number * (length - _size) / (count - 1));
}
