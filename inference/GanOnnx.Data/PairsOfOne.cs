namespace GanOnnx.Data;

/// <summary>Pairs that are made of the images of one source; how, is the subclass's.</summary>
internal abstract class PairsOfOne(IImageSource images) : IImageSource, IDescribed
{
    public string Name => images.Name;

    public int Count => images.Count;

    public IReadOnlyList<string> Classes => images.Classes;

    public int Channels => images.Channels;

    public SecondImages SecondImages => SecondImages.Paired;

    public LeftOut LeftOut => (images as IDescribed)?.LeftOut ?? new();

    public (PictureSize Smallest, PictureSize Largest)? Sizes => (images as IDescribed)?.Sizes;

    public string? Stamp => (images as IDescribed)?.Stamp;

    public abstract string Remark { get; }

    string? IDescribed.Remark => (images as IDescribed)?.Remark is { } remark ? $"{Remark}; {remark}" : Remark;

    public virtual string Fitted(int size) => (images as IDescribed)?.Fitted(size) ?? "";

    public string NameOf(int image) => images.NameOf(image);

    public int LabelOf(int image) => images.LabelOf(image);

    public abstract byte[] Read(int image, int size, int channels);

    public abstract byte[] ReadSecond(int image, int size, int channels);

    public void Dispose() => images.Dispose();
}
