namespace GanOnnx.Data;

/// <summary>Images that are targets, each with what is derived of it as the input: to sharpen, to colour or to fill in is learnt of
/// pictures alone.</summary>
internal sealed class DerivedPairs : PairsOfOne
{
    private readonly IImageSource _images;
    private readonly string _derivation;
    private readonly ulong _seed;

    private DerivedPairs(IImageSource images, string derivation, ulong seed) : base(images) =>
        (_images, _derivation, _seed) = (images, derivation, seed);

    public override string Remark => $"each is the target of what is derived of it ({_derivation})";

    /// <param name="data">The images.</param>
    /// <param name="derivation">A name of <see cref="Derivations"/>.</param>
    /// <param name="seed">Decides where an image loses something.</param>
    /// <param name="options">Which part of the data is meant, and how pictures become squares.</param>
    /// <param name="stop">Stops unpacking.</param>
    /// <exception cref="DataException">The source can't be opened.</exception>
    public static DerivedPairs Open(string data, string derivation, ulong seed, DataOptions options, CancellationToken stop = default) =>
        new(ImageSources.OpenPictures(data, options, stop), derivation, seed);

    public override byte[] Read(int image, int size, int channels) =>
        Derivations.Derive(_derivation, _images.Read(image, size, channels), size, channels, _seed, image);

    public override byte[] ReadSecond(int image, int size, int channels) => _images.Read(image, size, channels);
}
