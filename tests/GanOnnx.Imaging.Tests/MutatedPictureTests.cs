using System.Buffers.Binary;

namespace GanOnnx.Imaging.Tests;

/// <summary>
/// Damaged and hostile pictures: bits flipped, cut short, lengths and sizes that lie, parts repeated, removed or taken from other files.
/// </summary>
[NonParallelizable]
public sealed class MutatedPictureTests
{
    private const int FewInCi = 1500;

    // 100 megapixels as four bytes and as three planes of coefficients of a progressive JPEG, with room for copies while turning and
    // cropping.
    private const long MostMemory = 2L << 30;

    private static readonly byte[][] _pictures =
        [.. Directory.GetFiles(Fixture.Path("")).Where(IsWhole).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];

    [Test]
    public void Read_AnyMutatedPicture_GivesPixelsOrAnImageExceptionInTime() => Mutations.Try(FewInCi, picture =>
    {
        Assert.That(ImageReader.Read(new MemoryStream(picture), 16, 3), Has.Length.EqualTo(16 * 16 * 3));
        return true;
    }, e => e is ImageException, random =>
        Mutations.Mutate(_pictures, random) is var picture && random.Next(2) == 0 ? picture : Mended(picture),
        ImageReader.TimeLimit + TimeSpan.FromSeconds(2), MostMemory);

    private static bool IsWhole(string path) =>
        ImageReader.IsImageFile(path) && !Path.GetFileName(path).StartsWith("cut", StringComparison.Ordinal)
            && !path.EndsWith("text.png", StringComparison.Ordinal);

    // A picture that was made to do harm has an end, lengths and checksums that look right.
    private static byte[] Mended(byte[] picture)
    {
        switch (picture)
        {
            case [0x89, ..]: MendChecksums(picture); return picture;
            case [0xFF, ..]: return [.. picture, 0xFF, 0xD9];
            case [(byte)'G', ..]: return [.. picture, (byte)';'];
            case [(byte)'R', ..] when picture.Length >= 8:
                BinaryPrimitives.WriteInt32LittleEndian(picture.AsSpan(4),
                picture.Length - 8); return picture;
            case [(byte)'B', ..] when picture.Length >= 6:
                BinaryPrimitives.WriteInt32LittleEndian(picture.AsSpan(2),
                picture.Length); return picture;
            default: return picture;
        }
    }

    private static void MendChecksums(byte[] picture)
    {
        const int signature = 8, frame = 12;
        for (var at = signature; at + frame <= picture.Length;)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(picture.AsSpan(at));
            if (length > picture.Length - at - frame)
                return;
            var end = at + 8 + (int)length;
            BinaryPrimitives.WriteUInt32BigEndian(picture.AsSpan(end), Crc32.Of(picture.AsSpan(at + 4, 4 + (int)length)));
            at = end + 4;
        }
    }
}
