using System.Globalization;

namespace GanOnnx.Data;

/// <summary>Images of one source beside those of another, which belong to none of the first: names and numbers don't matter.</summary>
internal sealed class UnpairedImages : TwoSources
{
    private UnpairedImages(IImageSource first, IImageSource second) : base(first, second)
    {
    }

    /// <summary>Of both: either can be what is made.</summary>
    public override string Name => $"{First.Name} and {Second.Name}";

    public override SecondImages SecondImages => SecondImages.Unpaired;

    public override int SecondCount => Second.Count;

    public override string Remark => string.Create(CultureInfo.InvariantCulture, $"beside {Second.Count:#,0} of {Second.Name}, unpaired");

    /// <exception cref="DataException">A source can't be opened.</exception>
    public static UnpairedImages Open(string data, string target, DataOptions? options = null, CancellationToken stop = default) =>
        Open(data, target, options, stop, Of);

    /// <summary>Of sources that are open, which are disposed with this.</summary>
    public static UnpairedImages Of(IImageSource first, IImageSource second) => new(first, second);

    public override byte[] ReadSecond(int image, int size, int channels) => Second.Read(image, size, channels);
}
