using GanOnnx.Imaging;

namespace GanOnnx.Data;

/// <summary>Where training images come from: a numbered list, decoded on demand from any thread.</summary>
public interface IImageSource : IDisposable
{
    /// <summary>What people call the data, as a folder's name.</summary>
    string Name { get; }

    /// <summary>How many images there are.</summary>
    int Count { get; }

    /// <summary>Classes in label order, empty where the data has no labels.</summary>
    IReadOnlyList<string> Classes { get; }

    /// <summary>Colour channels the data is best read with: 1 or 3.</summary>
    int Channels { get; }

    /// <summary>Which second images there are. The default is none.</summary>
    SecondImages SecondImages => SecondImages.None;

    /// <summary>How many second images there are. The default is <see cref="Count"/>, or 0 where there are none.</summary>
    int SecondCount => SecondImages == SecondImages.None ? 0 : Count;

    /// <summary>What messages call an image, as its file's name.</summary>
    string NameOf(int image);

    /// <summary>The image's class, or −1.</summary>
    int LabelOf(int image);

    /// <summary>What the image shows, in words, each of them for itself. The default is none.</summary>
    IReadOnlyList<string> CaptionsOf(int image) => [];

    /// <summary>Bytes <c>[size, size, channels]</c>.</summary>
    /// <exception cref="ImageException">This image can't be decoded; the others may be fine.</exception>
    byte[] Read(int image, int size, int channels);

    /// <summary>A second image, bytes <c>[size, size, channels]</c>: the pair of that image, or one of the second set.</summary>
    /// <exception cref="ImageException">This image can't be decoded; the others may be fine.</exception>
    byte[] ReadSecond(int image, int size, int channels) => throw new NotSupportedException($"{Name} has no second images.");
}

/// <summary>Images beside those of a data source, for tasks that go from one kind of image to another.</summary>
public enum SecondImages
{
    /// <summary>There are none.</summary>
    None,

    /// <summary>Each image has one, as a photograph its sketch.</summary>
    Paired,

    /// <summary>They are a set of their own, as zebras beside horses.</summary>
    Unpaired,
}
