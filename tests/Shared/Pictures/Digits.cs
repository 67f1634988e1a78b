using GanOnnx.Data;

namespace GanOnnx.Tests.Shared;

/// <summary>The first synthetic digits as a small labelled data set.</summary>
internal static class Digits
{
    /// <summary>Writes IDX files.</summary>
    public static string Write(string folder, int count, int size)
    {
        using var digits = new SyntheticDigits();
        var header = Images.Idx(count, size, size).AsSpan(0, 16).ToArray();
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, "train-images-idx3-ubyte"),
            [.. header, .. Enumerable.Range(0, count).SelectMany(i => digits.Read(i, size, 1))]);
        File.WriteAllBytes(Path.Combine(folder, "train-labels-idx1-ubyte"),
            Images.IdxLabels([.. Enumerable.Range(0, count).Select(i => (byte)digits.LabelOf(i))]));
        return folder;
    }

    /// <summary>Writes IDX files and decodes them.</summary>
    public static ImageDataset Decode(string folder, string decoded, int count, int size) =>
        ImageDataset.Decode(Write(folder, count, size), decoded, size, channels: 1);

    /// <summary>One digit's pixels from −1 to 1.</summary>
    public static float[] Pixels(int image, int size)
    {
        using var digits = new SyntheticDigits();
        return Array.ConvertAll(digits.Read(image, size, 1), value => value / 127.5f - 1);
    }
}
