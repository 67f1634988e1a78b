using GanOnnx.Imaging;

namespace GanOnnx.Training.Data;

/// <summary>Where training images come from: a numbered list, decoded on demand from any thread.</summary>
internal interface IImageSource : IDisposable
{
    /// <summary>What people call the data, as a folder's name.</summary>
    string Name { get; }

    int Count { get; }

    /// <summary>Classes in label order, empty where the data has no labels.</summary>
    IReadOnlyList<string> Classes { get; }

    /// <summary>Colour channels the data is best read with: 1 or 3.</summary>
    int Channels { get; }

    /// <summary>What messages call an image, as its file's name.</summary>
    string NameOf(int image);

    /// <summary>The image's class, or −1.</summary>
    int LabelOf(int image);

    /// <summary>Bytes <c>[size, size, channels]</c>.</summary>
    /// <exception cref="ImageException">This image can't be decoded; the others may be fine.</exception>
    byte[] Read(int image, int size, int channels);
}
