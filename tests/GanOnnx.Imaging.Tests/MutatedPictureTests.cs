using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;

namespace GanOnnx.Imaging.Tests;

/// <summary>
/// Damaged and hostile pictures: bits flipped, cut short, lengths and sizes that lie, parts repeated, removed or taken from other files.
/// </summary>
/// <remarks>
/// <c>GANONNX_MUTATIONS=20000 ./gan test --filter Mutated</c> tries as many; the variable may name a first seed as well, as <c>20000,7</c>. A failure
/// names the seed, with which the picture can be made again.
/// </remarks>
[NonParallelizable]
public sealed class MutatedPictureTests
{
    private const int FewInCi = 1500;

    // 100 megapixels as four bytes and as three planes of coefficients of a progressive JPEG, with room for copies while turning and cropping.
    private const long MostMemory = 2L << 30;

    private static readonly byte[][] _pictures = [.. Directory.GetFiles(Fixture.Path("")).Where(IsWhole).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];

    [Test]
    public void Read_AnyMutatedPicture_GivesPixelsOrAnImageExceptionInTime()
    {
        var (count, first) = Asked();
        var (decoded, slowest, slowestSeed) = (0, TimeSpan.Zero, 0);
        for (var seed = first; seed < first + count; seed++)
        {
            var picture = Mutate(new Random(seed));
            var watch = Stopwatch.StartNew();
            try
            {
                Assert.That(ImageReader.Read(new MemoryStream(picture), 16, 3), Has.Length.EqualTo(16 * 16 * 3));
                decoded++;
            }
            catch (ImageException) { }
            catch (Exception e) when (e is not AssertionException)
            {
                Assert.Fail($"Seed {seed}: {e}");
            }
            if (watch.Elapsed > slowest)
                (slowest, slowestSeed) = (watch.Elapsed, seed);
            Assert.That(watch.Elapsed, Is.LessThan(ImageReader.TimeLimit + TimeSpan.FromSeconds(2)), $"seed {seed}");
        }
        using var process = Process.GetCurrentProcess();
        TestContext.Progress.WriteLine($"{count} mutated pictures: {decoded} decoded, slowest {slowest.TotalSeconds:0.0} s (seed {slowestSeed}), peak memory {process.PeakWorkingSet64 >> 20} MB");
        Assert.That(decoded, Is.InRange(count / 20, count - count / 10), "some mutations leave a picture, most don't");
        Assert.That(process.PeakWorkingSet64, Is.LessThan(MostMemory));
    }

    private static (int Count, int First) Asked()
    {
        var asked = Environment.GetEnvironmentVariable("GANONNX_MUTATIONS")?.Split(',').Select(n => int.Parse(n, CultureInfo.InvariantCulture)).ToArray();
        return (asked?[0] ?? FewInCi, asked is [_, var first] ? first : 1);
    }

    private static byte[] Mutate(Random random)
    {
        List<byte> picture = [.. _pictures[random.Next(_pictures.Length)]];
        for (var i = random.Next(1, 5); i > 0 && picture.Count > 8; i--)
            MutateOnce(picture, random);
        return random.Next(2) == 0 ? [.. picture] : Mended([.. picture]);
    }

    private static bool IsWhole(string path) =>
        ImageReader.IsImageFile(path) && !Path.GetFileName(path).StartsWith("cut", StringComparison.Ordinal) && !path.EndsWith("text.png", StringComparison.Ordinal);

    // A picture that was made to do harm has an end, lengths and checksums that look right.
    private static byte[] Mended(byte[] picture)
    {
        switch (picture)
        {
            case [0x89, ..]: MendChecksums(picture); return picture;
            case [0xFF, ..]: return [.. picture, 0xFF, 0xD9];
            case [(byte)'G', ..]: return [.. picture, (byte)';'];
            case [(byte)'R', ..] when picture.Length >= 8: BinaryPrimitives.WriteInt32LittleEndian(picture.AsSpan(4), picture.Length - 8); return picture;
            case [(byte)'B', ..] when picture.Length >= 6: BinaryPrimitives.WriteInt32LittleEndian(picture.AsSpan(2), picture.Length); return picture;
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

    private static void MutateOnce(List<byte> picture, Random random)
    {
        var at = random.Next(picture.Count);
        // A third of the time in the header, where sizes and types are.
        if (random.Next(3) == 0)
            at %= Math.Min(picture.Count, 64);
        var length = Math.Min(random.Next(1, 1 << random.Next(1, 12)), picture.Count - at);
        switch (random.Next(8))
        {
            case 0: picture[at] ^= (byte)(1 << random.Next(8)); break;
            case 1: picture[at] = (byte)random.Next(256); break;
            case 2: picture.RemoveRange(at, picture.Count - at); break;
            case 3: picture.RemoveRange(at, length); break;
            case 4: picture.InsertRange(random.Next(picture.Count), picture.GetRange(at, length)); break;
            case 5: Overwrite(picture, at, Lie(random)); break;
            case 6: Overwrite(picture, at, new byte[length]); break;
            default:
                var other = _pictures[random.Next(_pictures.Length)];
                var from = random.Next(other.Length);
                picture.InsertRange(at, other.Skip(from).Take(length));
                break;
        }
    }

    private static byte[] Lie(Random random)
    {
        var lie = new byte[random.Next(2) == 0 ? 2 : 4];
        long[] values = [0, 1, 255, 4096, 10_000, 65_535, int.MaxValue, uint.MaxValue, random.NextInt64(uint.MaxValue)];
        var value = (uint)values[random.Next(values.Length)];
        var bytes = new byte[4];
        if (random.Next(2) == 0)
            BinaryPrimitives.WriteUInt32BigEndian(bytes, lie.Length == 2 ? value << 16 : value);
        else
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        bytes.AsSpan(0, lie.Length).CopyTo(lie);
        return lie;
    }

    private static void Overwrite(List<byte> picture, int at, byte[] bytes)
    {
        for (var i = 0; i < bytes.Length && at + i < picture.Count; i++)
            picture[at + i] = bytes[i];
    }
}
