using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Globalization;
using GanOnnx.Audio;
using GanOnnx.Imaging;

namespace GanOnnx.Data;

/// <summary>Recordings, each a file.</summary>
/// <param name="set">Where they are from; disposed with this.</param>
/// <param name="name">What people call the data.</param>
/// <param name="sounds">The recordings.</param>
/// <param name="labels">Their labels.</param>
/// <param name="form">What they are brought to.</param>
internal sealed class SoundFiles(FileSet set, string name, IReadOnlyList<DataFile> sounds, ImageLabels labels, SoundForm form)
    : IImageSource, IDescribed, IRecordings
{
    private readonly ConcurrentDictionary<int, Spectrogram> _spectrograms = [];

    public string Name => name;
    public int Count => sounds.Count;
    public IReadOnlyList<string> Classes => labels.Classes;
    public int Channels => 1;
    public LeftOut LeftOut => set.LeftOut;
    public string? Stamp => set.Stamp;
    public SoundForm Form => form;
    public (PictureSize Smallest, PictureSize Largest)? Sizes => null;

    /// <summary>Where the labels are from, or null.</summary>
    public string? Labelled { get; init; }

    public string? Remark
    {
        get
        {
            var headers = sounds.Select(HeaderOf).OfType<Header>().ToArray();
            var remarks = new (string What, int Count)[]
            {
                ("other than mono", headers.Count(header => header.Channels != 1)),
                ($"at other rates than {Text(form.Rate)} Hz", headers.Count(header => header.Rate != form.Rate)),
                ($"longer than {form.Samples / (double)form.Rate:0.00} s", headers.Count(header => header.Seconds * form.Rate > form.Samples)),
            };
            string[] told = [.. remarks.Where(remark => remark.Count > 0).Select(remark => $"{Text(remark.Count)} {remark.What}")];
            return string.Join("; ", new[] { Labelled, told.Length == 0 ? null : string.Join(", ", told) }.OfType<string>()) is { Length: > 0 } all
                ? all : null;
        }
    }

    public string Fitted(int size) => string.Create(CultureInfo.InvariantCulture,
        $"recordings, brought to mono, {form.Rate:#,0} Hz and {form.Samples / (double)form.Rate:0.00} s, the loudest part of longer ones, and one loudness");

    public string NameOf(int image) => sounds[image].Name;

    public int LabelOf(int image) => labels.Labels[image];

    /// <summary>The spectrogram of a recording.</summary>
    public byte[] Read(int image, int size, int channels)
    {
        var picture = _spectrograms.GetOrAdd(size, of => new(form.Rate, form.Samples, of)).Of(ReadSound(image));
        if (channels == 1)
            return picture;
        var repeated = new byte[picture.Length * channels];
        for (var i = 0; i < repeated.Length; i++)
            repeated[i] = picture[i / channels];
        return repeated;
    }

    public float[] ReadSound(int recording)
    {
        var path = sounds[recording].Path;
        try
        {
            using var stream = sounds[recording].Open();
            return SoundFile.Read(stream, path, form);
        }
        catch (SoundException e)
        {
            throw new ImageException(e.Message, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ImageException($"'{path}' can't be read: {e.Message}", e);
        }
    }

    public void Dispose() => set.Dispose();

    private static string Text(int number) => number.ToString("#,0", CultureInfo.InvariantCulture);

    // As the first chunk has it; what is damaged is told when it is read.
    private static Header? HeaderOf(DataFile file)
    {
        const int ChunksStart = 12, Format = 24;
        try
        {
            using var stream = file.Open();
            Span<byte> head = stackalloc byte[ChunksStart + Format];
            if (stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) < head.Length || !head[ChunksStart..].StartsWith("fmt "u8))
                return null;
            var format = head[(ChunksStart + 8)..];
            var (rate, bytes) = (BinaryPrimitives.ReadInt32LittleEndian(format[4..]), BinaryPrimitives.ReadInt32LittleEndian(format[8..]));
            return rate < 1 || bytes < 1 ? null
                : new(BinaryPrimitives.ReadInt16LittleEndian(format[2..]), rate, DataLength(stream, file.Length) / (double)bytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // Of the chunk that has the values; other chunks may stand before and after it.
    private static long DataLength(Stream stream, long file)
    {
        const int MostChunks = 32;
        Span<byte> header = stackalloc byte[8];
        stream.Position = 12;
        for (var i = 0; i < MostChunks && stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) == header.Length; i++)
        {
            var length = BinaryPrimitives.ReadUInt32LittleEndian(header[4..]);
            if (header.StartsWith("data"u8))
                return Math.Min(length, file - stream.Position);
            stream.Position += length + length % 2;
        }
        return 0;
    }

    private readonly record struct Header(int Channels, int Rate, double Seconds);
}
