using System.Buffers.Binary;
using System.Text;
using GanOnnx.Imaging;
using GanOnnx.Imaging.Metadata;
using GanOnnx.Inference;
using NAudio.Wave;
using NAudio.Wave.SampleProviders;

namespace GanOnnx.Audio;

/// <summary>Writes sounds to WAV files of 16 bits that say where they come from, and reads WAV files.</summary>
public static class SoundFile
{
    /// <summary>The ending of the files.</summary>
    public const string Extension = ".wav";

    private const double UsualPause = 0.25;

    // Where the XMP specification (part 3, 2020, section 1.3.5) has it in RIFF files.
    private const string XmpChunk = "_PMX";

    // An hour at 8,000 Hz and 16 bits, and a limit to what a hostile file makes us hold.
    internal const long LargestFile = 64 << 20;

    private const int MostChannels = 32;

    private const int MostOfXmp = 1 << 20, MostResampled = 1 << 28;

    /// <summary>Whether a path is one of a WAV file, by its end.</summary>
    public static bool IsSoundFile(string path) => Path.GetExtension(path).Equals(Extension, StringComparison.OrdinalIgnoreCase);

    /// <summary>Writes a sound. The file appears whole or not at all; an older one is replaced and a missing folder is made.</summary>
    /// <param name="sounds">The sounds.</param>
    /// <param name="sound">Which of them, from 0.</param>
    /// <param name="path">The file, a .wav.</param>
    /// <param name="provenance">What the file says of its origin; null for nothing.</param>
    /// <exception cref="SoundException">The name has another ending, or the file can't be written.</exception>
    public static void Save(SoundBatch sounds, int sound, string path, Provenance? provenance)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!IsSoundFile(path))
            throw new SoundException($"'{path}' isn't a name for a sound; use {Extension}.");
        var file = Encode(sounds, sound, provenance);
        try
        {
            ImageFile.Write(path, stream => stream.Write(file));
        }
        catch (ImageException e)
        {
            throw new SoundException(e.Message, e);
        }
    }

    /// <summary>Encodes a sound in memory, as <see cref="Save"/> does into a file. Values beyond −1 and 1 are cut off.</summary>
    /// <param name="sounds">The sounds.</param>
    /// <param name="sound">Which of them, from 0.</param>
    /// <param name="provenance">What the file says of its origin; null for nothing.</param>
    public static byte[] Encode(SoundBatch sounds, int sound, Provenance? provenance)
    {
        ArgumentNullException.ThrowIfNull(sounds);
        var values = sounds[sound];
        var samples = new short[values.Length];
        for (var i = 0; i < sounds.Samples; i++)
            for (var c = 0; c < sounds.Channels; c++)
                samples[i * sounds.Channels + c] = ToInteger(values[c * sounds.Samples + i]);
        using var file = new MemoryStream();
        using (var writer = new WaveFileWriter(file, new WaveFormat(sounds.Rate, 16, sounds.Channels), null))
        {
            if (provenance is not null)
                writer.AddChunk(XmpChunk, ProvenanceXmp.ToProfile(provenance).ToByteArray(), ChunkPosition.AfterData);
            writer.WriteSamples(samples, 0, samples.Length);
        }
        return file.ToArray();
    }

    /// <summary>Joins sounds into one, with silence between them.</summary>
    /// <param name="sounds">The sounds.</param>
    /// <param name="pause">The silence, in seconds.</param>
    public static SoundBatch Join(SoundBatch sounds, double pause = UsualPause)
    {
        ArgumentNullException.ThrowIfNull(sounds);
        ArgumentOutOfRangeException.ThrowIfNegative(pause);
        var step = checked(sounds.Samples + (int)(pause * sounds.Rate));
        var length = checked((int)JoinedLength(sounds.Count, sounds.Samples, sounds.Rate, pause));
        var values = new float[checked(sounds.Channels * length)];
        for (var i = 0; i < sounds.Count; i++)
            for (var c = 0; c < sounds.Channels; c++)
                sounds[i].Slice(c * sounds.Samples, sounds.Samples).CopyTo(values.AsSpan(c * length + i * step));
        return new(values, 1, sounds.Channels, length, sounds.Rate) { Provider = sounds.Provider };
    }

    /// <summary>How many values a channel of joined sounds has.</summary>
    internal static long JoinedLength(int count, int samples, int rate, double pause = UsualPause) =>
        (count - 1) * (samples + (long)(pause * rate)) + samples;

    /// <summary>Reads what a WAV file says about its origin, whoever wrote it.</summary>
    /// <returns>What is there, null for the rest; null if the file has no digital source type and nothing of GanOnnx.</returns>
    /// <exception cref="SoundException">The file is missing, unreadable or no WAV.</exception>
    public static Provenance? ReadProvenance(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Use(path, file => Open(file, path, reader => reader.Chunks.Find(XmpChunk) is { Length: <= MostOfXmp } chunk
            ? ProvenanceXmp.Read(reader.Chunks.GetData(chunk)) : null));
    }

    /// <summary>Reads a WAV file as it is.</summary>
    /// <returns>One sound.</returns>
    /// <exception cref="SoundException">The file is missing, unreadable, too large, or no WAV that is known: PCM of 8 to 32 bits, or
    /// floats.</exception>
    public static SoundBatch Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Use(path, file => Read(file, path));
    }

    /// <summary>Whether a file begins as a WAV file does.</summary>
    internal static bool IsOne(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            Span<byte> head = stackalloc byte[12];
            return file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length
                && head[..4].SequenceEqual("RIFF"u8) && head[8..].SequenceEqual("WAVE"u8);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Reads a recording and brings it to a form.</summary>
    /// <remarks>Channels are averaged; another rate is resampled. Of a longer one the loudest part is taken, by the sum of squares; a
    /// shorter one is followed by silence. Its largest value becomes 0.9.</remarks>
    /// <param name="stream">A WAV file.</param>
    /// <param name="path">What messages call it.</param>
    /// <param name="form">The form.</param>
    /// <exception cref="SoundException">It isn't a WAV file that is known, or is silent.</exception>
    internal static float[] Read(Stream stream, string path, SoundForm form)
    {
        const float Silent = 1e-4f, Loudest = 0.9f;
        var recording = Read(stream, path);
        var values = Mono(recording, 0);
        if (recording.Rate != form.Rate)
            values = Resample(path, values, recording.Rate, form.Rate);
        var sound = new float[form.Samples];
        var start = LoudestPart(values, form.Samples);
        values.AsSpan(start, Math.Min(form.Samples, values.Length - start)).CopyTo(sound);
        var peak = sound.Max(Math.Abs);
        if (!(peak > Silent))
            throw new SoundException($"'{path}' is silent.");
        for (var i = 0; i < sound.Length; i++)
            sound[i] *= Loudest / peak;
        return sound;
    }

    /// <summary>A value as files of 16 bits have it.</summary>
    internal static short ToInteger(float value) => (short)MathF.Round(Math.Clamp(value, -1, 1) * short.MaxValue);

    private static T Use<T>(string path, Func<Stream, T> read)
    {
        try
        {
            using var file = File.OpenRead(path);
            return read(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SoundException($"'{path}' can't be read: {e.Message}", e);
        }
    }

    private static SoundBatch Read(Stream stream, string path) => Open(stream, path, reader =>
    {
        var format = reader.WaveFormat;
        if (format.SampleRate is < AudioDescription.LowestRate or > AudioDescription.HighestRate || format.Channels is < 1 or > MostChannels)
            throw new SoundException($"'{path}' says that it has {format.Channels} channels of {format.SampleRate} Hz; 1 to {MostChannels} of "
                + $"{AudioDescription.LowestRate:N0} to {AudioDescription.HighestRate:N0} Hz can be read.");
        var source = reader.ToSampleProvider();
        var block = new float[1024 * format.Channels];
        List<float> interleaved = [];
        while (source.Read(block) is > 0 and var read)
            interleaved.AddRange(block.AsSpan(0, read));
        var samples = interleaved.Count / format.Channels;
        if (samples == 0)
            throw new SoundException($"'{path}' is a WAV file without a sound.");
        var values = new float[samples * format.Channels];
        for (var i = 0; i < values.Length; i++)
        {
            var value = interleaved[i];
            values[i % format.Channels * samples + i / format.Channels] = float.IsFinite(value) ? value
                : throw new SoundException($"'{path}' has values that are no numbers.");
        }
        return new SoundBatch(values, 1, format.Channels, samples, format.SampleRate);
    });

    // The reader of files is another's, and files are anybody's: whatever it says, they can't be read.
    private static T Open<T>(Stream stream, string path, Func<WaveFileReader, T> read)
    {
        var file = new MemoryStream();
        try
        {
            CopyTo(stream, file, path);
            CheckWhole(file.GetBuffer().AsSpan(0, (int)file.Length), path);
            file.Position = 0;
            using var reader = new WaveFileReader(file);
            return read(reader);
        }
        catch (Exception e) when (e is not (SoundException or OutOfMemoryException))
        {
            throw new SoundException($"'{path}' is no WAV file of PCM of 8 to 32 bits, or of floats, that can be read: {e.Message}", e);
        }
    }

    // The length that the head gives. Programs that write into a pipe don't know it, and some count a last byte that evens it out.
    private static void CheckWhole(Span<byte> file, string path)
    {
        const int Head = 8;
        if (file.Length < Head || !file.StartsWith("RIFF"u8))
            return; // the reader tells
        var length = BinaryPrimitives.ReadUInt32LittleEndian(file[4..]);
        if (length is 0 or uint.MaxValue)
            BinaryPrimitives.WriteInt32LittleEndian(file[4..], file.Length - Head);
        else if (Head + (length & ~1u) > file.Length)
            throw new SoundException($"'{path}' is cut short: it has {file.Length:N0} of {Head + (long)length:N0} bytes.");
    }

    /// <summary>What in a WAV file other programs may hear otherwise than this one; null where nothing is.</summary>
    /// <exception cref="SoundException">It can't be read, or is cut short.</exception>
    internal static string? Ambiguity(string path) => Use(path, stream =>
    {
        const int FirstChunk = 12, Header = 8;
        var memory = new MemoryStream();
        CopyTo(stream, memory, path);
        var file = memory.GetBuffer().AsSpan(0, (int)memory.Length);
        CheckWhole(file, path);
        if (file.Length < FirstChunk)
            return null; // the reader tells
        var seen = new Dictionary<string, int>();
        long at = FirstChunk;
        var end = Header + (long)BinaryPrimitives.ReadUInt32LittleEndian(file[4..]);
        while (at + Header <= Math.Min(end, file.Length))
        {
            var type = Encoding.ASCII.GetString(file.Slice((int)at, 4));
            var size = BinaryPrimitives.ReadUInt32LittleEndian(file[((int)at + 4)..]);
            seen[type] = seen.GetValueOrDefault(type) + 1;
            at += Header + size + size % 2;
        }
        return seen.FirstOrDefault(chunk => chunk is { Key: "fmt " or "data" or XmpChunk, Value: > 1 }) is { Value: > 1 } twice
            ? $"the file has {twice.Value} chunks '{twice.Key}', of which another program may take another one"
            : end + end % 2 < file.Length ? $"the file has {file.Length - end:N0} bytes behind its end, which another program may play" : null;
    });

    private static void CopyTo(Stream stream, MemoryStream file, string path)
    {
        var block = new byte[1 << 14];
        while (stream.Read(block) is > 0 and var read)
        {
            if (file.Length + read > LargestFile)
                throw new SoundException($"'{path}' has more than {LargestFile >> 20} MB; cut it into shorter sounds.");
            file.Write(block, 0, read);
        }
    }

    /// <summary>The mean of a sound's channels.</summary>
    internal static float[] Mono(SoundBatch sounds, int sound)
    {
        var mono = new float[sounds.Samples];
        var values = sounds[sound];
        for (var c = 0; c < sounds.Channels; c++)
            for (var i = 0; i < mono.Length; i++)
                mono[i] += values[c * mono.Length + i] / sounds.Channels;
        return mono;
    }

    private static float[] Resample(string path, float[] values, int from, int to)
    {
        var resampled = new WdlResamplingSampleProvider(new Values(values, from), to);
        var length = Math.Max(1, (long)values.Length * to / from);
        if (length > MostResampled)
            throw new SoundException($"'{path}' would have {length:N0} values at {to:N0} Hz; cut it into shorter sounds.");
        var result = new float[length];
        var done = 0;
        while (done < result.Length && resampled.Read(result.AsSpan(done)) is > 0 and var read)
            done += read;
        return result;
    }

    private static int LoudestPart(float[] values, int length)
    {
        if (values.Length <= length)
            return 0;
        double sum = 0;
        for (var i = 0; i < length; i++)
            sum += values[i] * values[i];
        var (loudest, start) = (sum, 0);
        for (var i = length; i < values.Length; i++)
        {
            sum += values[i] * values[i] - values[i - length] * values[i - length];
            if (sum > loudest)
                (loudest, start) = (sum, i - length + 1);
        }
        return start;
    }

    private sealed class Values(float[] values, int rate) : ISampleProvider
    {
        private int _next;

        public WaveFormat WaveFormat { get; } = WaveFormat.CreateIeeeFloatWaveFormat(rate, 1);

        public int Read(Span<float> buffer)
        {
            var count = Math.Min(buffer.Length, values.Length - _next);
            values.AsSpan(_next, count).CopyTo(buffer);
            _next += count;
            return count;
        }
    }
}
