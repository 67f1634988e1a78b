using System.Buffers.Binary;
using System.IO.Compression;

namespace GanOnnx.Tests.Shared;

/// <summary>The real data sets, which are no part of the repository.</summary>
internal static class RealData
{
    /// <summary>A data set's folder; the test is skipped by name where it is absent.</summary>
    public static string Folder(string name)
    {
        var data = Environment.GetEnvironmentVariable("GANONNX_DATA") ?? System.IO.Path.Combine(Repository.Root, "..", "shared", "data");
        var folder = System.IO.Path.GetFullPath(System.IO.Path.Combine(data, name));
        if (!Directory.Exists(folder))
            Assert.Ignore($"The data set {name} is absent: no folder {folder}. Set GANONNX_DATA to where the data sets are.");
        return folder;
    }

    /// <summary>Writes the first training images of an IDX data set, with their labels, into a folder of their own.</summary>
    public static string FirstImages(string name, int count, string destination)
    {
        const int imagesHeader = 16, labelsHeader = 8, pixels = 28 * 28;
        var folder = Folder(name);
        Directory.CreateDirectory(destination);
        CopyFirst("train-images-idx3-ubyte", imagesHeader, pixels);
        CopyFirst("train-labels-idx1-ubyte", labelsHeader, 1);
        return destination;

        void CopyFirst(string file, int header, int bytesEach)
        {
            var bytes = new byte[header + count * bytesEach];
            using (var packed = File.OpenRead(System.IO.Path.Combine(folder, file + ".gz")))
            using (var unpacked = new GZipStream(packed, CompressionMode.Decompress))
                unpacked.ReadExactly(bytes);
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4), count);
            File.WriteAllBytes(System.IO.Path.Combine(destination, file), bytes);
        }
    }
}
