using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;

namespace GanOnnx.Tests.Shared;

/// <summary>
/// Damaged and hostile files: bits flipped, cut short, lengths and sizes that lie, parts repeated, removed or taken from other files.
/// </summary>
/// <remarks>
/// <c>GANONNX_MUTATIONS=20000 ./gan test --filter Mutated</c> tries as many; the variable may name a first seed as well, as
/// <c>20000,7</c>. A failure names the seed, with which the file can be made again.
/// </remarks>
internal static class Mutations
{
    private const int Header = 64;

    /// <summary>Reads as many mutated files as were asked for: each ends in time, well or with an exception that is documented.</summary>
    /// <param name="inCi">How many where nothing is asked for.</param>
    /// <param name="read">What reads a file; whether there was something to read in it.</param>
    /// <param name="isDocumented">Whether an exception is one that the reader promises.</param>
    /// <param name="mutate">Makes the file of a seed.</param>
    /// <param name="limit">The longest that one may take.</param>
    /// <param name="mostMemory">The most resident bytes that this process takes more than at the start: tests before this one, in the same
    /// process, have taken theirs.</param>
    public static void Try(int inCi, Func<byte[], bool> read, Func<Exception, bool> isDocumented, Func<Random, byte[]> mutate,
        TimeSpan limit, long mostMemory)
    {
        var asked = Environment.GetEnvironmentVariable("GANONNX_MUTATIONS")?.Split(',')
            .Select(n => int.Parse(n, CultureInfo.InvariantCulture)).ToArray();
        var (count, first) = (asked?[0] ?? inCi, asked is [_, var start] ? start : 1);
        var (whole, slowest, slowestSeed) = (0, TimeSpan.Zero, 0);
        var (peakBefore, before) = Memory();
        for (var seed = first; seed < first + count; seed++)
        {
            var file = mutate(new Random(seed));
            var (isWhole, time) = Timed(file, seed);
            if (time >= limit)
            {
                // Others may have the machine for a while: what is slow by itself is so again.
                TestContext.Progress.WriteLine($"seed {seed} took {time}: once more");
                (isWhole, time) = Timed(file, seed);
            }
            whole += isWhole ? 1 : 0;
            if (time > slowest)
                (slowest, slowestSeed) = (time, seed);
            Assert.That(time, Is.LessThan(limit), $"seed {seed}");
        }
        var (peak, _) = Memory();
        TestContext.Progress.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{count} mutated files: {whole} read, slowest {slowest.TotalSeconds:0.0} s (seed {slowestSeed}), peak memory ")
            + $"{peak >> 20} MB, {before >> 20} MB before");
        Assert.That(whole, Is.InRange(count / 20, count - count / 10), "some mutations leave a file that can be read, most don't");
        if (peak > peakBefore)
            Assert.That(peak - before, Is.LessThan(mostMemory));

        (bool IsWhole, TimeSpan Time) Timed(byte[] file, int seed)
        {
            var watch = Stopwatch.StartNew();
            try
            {
                return (read(file), watch.Elapsed);
            }
            catch (Exception e) when (e is not AssertionException)
            {
                if (!isDocumented(e))
                    Assert.Fail($"Seed {seed}: {e}");
                if (count == 1)
                    TestContext.Progress.WriteLine(e);
                return (false, watch.Elapsed);
            }
        }
    }

    /// <summary>One of the files, mutated one to four times.</summary>
    public static byte[] Mutate(byte[][] files, Random random)
    {
        List<byte> file = [.. files[random.Next(files.Length)]];
        for (var i = random.Next(1, 5); i > 0 && file.Count > 8; i--)
            MutateOnce(file, files, random);
        return [.. file];
    }

    private static void MutateOnce(List<byte> file, byte[][] files, Random random)
    {
        var at = random.Next(file.Count);
        // A third of the time in the header, where sizes and types are.
        if (random.Next(3) == 0)
            at %= Math.Min(file.Count, Header);
        var length = Math.Min(random.Next(1, 1 << random.Next(1, 12)), file.Count - at);
        switch (random.Next(8))
        {
            case 0: file[at] ^= (byte)(1 << random.Next(8)); break;
            case 1: file[at] = (byte)random.Next(256); break;
            case 2: file.RemoveRange(at, file.Count - at); break;
            case 3: file.RemoveRange(at, length); break;
            case 4: file.InsertRange(random.Next(file.Count), file.GetRange(at, length)); break;
            case 5: Overwrite(file, at, Lie(random)); break;
            case 6: Overwrite(file, at, new byte[length]); break;
            default:
                var other = files[random.Next(files.Length)];
                var from = random.Next(other.Length);
                file.InsertRange(at, other.Skip(from).Take(length));
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

    private static void Overwrite(List<byte> file, int at, byte[] bytes)
    {
        for (var i = 0; i < bytes.Length && at + i < file.Count; i++)
            file[at + i] = bytes[i];
    }

    private static (long Peak, long Now) Memory()
    {
        using var process = Process.GetCurrentProcess();
        return (process.PeakWorkingSet64, process.WorkingSet64);
    }
}
