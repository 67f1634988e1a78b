using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.ExceptionServices;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using GanOnnx.Audio;
using GanOnnx.Imaging;

namespace GanOnnx.Data;

/// <summary>
/// A source decoded once: all images as bytes <c>[N, C, H, W]</c> in one file, read from there at any place. The
/// operating system keeps what fits in memory. Of recordings it has the values, in 16 bits, little-endian, and shows their spectrograms; of
/// clips it has all frames, one after the other, and shows one.
/// </summary>
/// <remarks>The file: sixteen bytes that mark it as ours, the pixels, what is known of them as JSON, their SHA-256 among it, the
/// JSON's length in eight bytes, and the JSON's SHA-256.</remarks>
internal sealed class ImageDataset : IDisposable
{
    public const string FileName = "images.ganonnx";

    /// <summary>The most frames that a clip has.</summary>
    public const int MostFrames = 4096;

    private const int LengthBytes = 8, TrailerBytes = LengthBytes + SHA256.HashSizeInBytes;

    private static readonly byte[] _mark = "GanOnnx images 2"u8.ToArray();

    private readonly FileStream _file;
    private readonly Index _index;

    private readonly Lazy<double> _deviation;

    private readonly Spectrogram? _spectrogram;

    private ImageDataset(FileStream file, Index index)
    {
        (_file, _index) = (file, index);
        _deviation = new(MeasureDeviation);
        if (Sound is { } form)
            _spectrogram = new Spectrogram(form.Rate, form.Samples, Size);
    }

    /// <summary>What it was decoded from: the whole path, or <c>synthetic:digits</c>.</summary>
    public string Source => _index.Source;

    /// <summary>What people call the data.</summary>
    public string Name => _index.Name;

    /// <summary>How many images there are.</summary>
    public int Count => _index.Labels.Length;

    /// <summary>Height and width in pixels.</summary>
    public int Size => _index.Size;

    /// <summary>Colour channels: 1 or 3.</summary>
    public int Channels => _index.Channels;

    /// <summary>Classes in label order, empty where the data has no labels.</summary>
    public IReadOnlyList<string> Classes => _index.Classes;

    /// <summary>Each image's class, or −1.</summary>
    public IReadOnlyList<int> Labels => _index.Labels;

    /// <summary>All captions, each once; empty where the data has none.</summary>
    public IReadOnlyList<string> Captions => _index.Captions;

    /// <summary>The captions of an image, as numbers of <see cref="Captions"/>.</summary>
    public IReadOnlyList<int> CaptionsOf(int image) => _index.CaptionsOf[image];

    /// <summary>SHA-256 of the decoded images, and of their captions where there are some: the same for the same pixels, wherever they came
    /// from.</summary>
    public string Fingerprint => _index.Fingerprint;

    /// <summary>
    /// How much the first thousand images differ: the standard deviation over images, averaged over pixels, in −1 … 1. A
    /// generator's samples should differ as much.
    /// </summary>
    public double Deviation => _deviation.Value;

    /// <summary>Images that were left out because they can't be decoded, with the reason.</summary>
    public IReadOnlyList<string> Skipped => _index.Skipped;

    /// <summary>Which second images there are.</summary>
    public SecondImages SecondImages => _index.SecondImages;

    /// <summary>How many second images there are.</summary>
    public int SecondCount => SecondImages == SecondImages.Paired ? Count : _index.SecondCount;

    /// <summary>See <see cref="IDescribed.Stamp"/>; null where it isn't known.</summary>
    public string? Stamp => _index.Stamp;

    /// <summary>What recordings were brought to; null where the data has pictures.</summary>
    public SoundForm? Sound => _index.Sound;

    /// <summary>Frames of each clip (T); null where the data has pictures or recordings.</summary>
    public int? Frames => _index.Frames;

    /// <summary>Bytes per image: C × H × W; of a recording, two for each value; of a clip, of all its frames.</summary>
    public int ImageLength => Sound is { } form ? form.Samples * sizeof(short) : (Frames ?? 1) * Channels * Size * Size;

    /// <summary>The shape of the bytes of so many images: <c>[N, C, H, W]</c>, <c>[N, 1, 1, 2·S]</c> of recordings, or <c>[N, T·C, H,
    /// W]</c> of clips.</summary>
    public long[] ShapeOf(long images) => Sound is null ? [images, (Frames ?? 1) * Channels, Size, Size] : [images, 1, 1, ImageLength];

    /// <summary>How many rows and columns more the images in the file have, so that they can be cropped at different places; else
    /// 0.</summary>
    public int Margin => _index.Margin;

    private int LengthInFile => (int)_index.LengthInFile;

    /// <summary>Decodes a source into a file, which appears whole or not at all.</summary>
    /// <param name="source">A folder of images, an IDX file, an archive or <c>synthetic:digits</c>.</param>
    /// <param name="path">The file. One of decoded images is replaced, any other is left alone.</param>
    /// <param name="size">Height and width in pixels.</param>
    /// <param name="channels">1, 3 or null: 1 for IDX files and digits, 3 for image files.</param>
    /// <param name="progress">Told how many of how many images are decoded.</param>
    /// <param name="stop">Stops decoding.</param>
    /// <param name="options">How the source is read. The default is null: as the defaults are.</param>
    /// <exception cref="DataException">There is nothing in the source that can be trained on.</exception>
    /// <exception cref="OperationCanceledException">Stopped.</exception>
    public static ImageDataset Decode(string source, string path, int size, int? channels, Action<int, int>? progress = null,
        CancellationToken stop = default, DataOptions? options = null)
    {
        using var images = ImageSources.Open(source, options, stop);
        return Decode(source, images, path, size, channels, progress, stop);
    }

    /// <summary>As <see cref="Decode(string, string, int, int?, Action{int, int}?, CancellationToken, DataOptions?)"/>, of a source that is
    /// open.</summary>
    /// <param name="source">What the source was opened from.</param>
    /// <param name="images">The source.</param>
    /// <param name="path">The file.</param>
    /// <param name="size">Height and width in pixels.</param>
    /// <param name="channels">1, 3 or null.</param>
    /// <param name="progress">Told how many of how many images are decoded.</param>
    /// <param name="stop">Stops decoding.</param>
    /// <param name="check">Sees the fingerprint, the classes and the labels before the file appears; where it throws, what was there
    /// stays.</param>
    /// <param name="margin">See <see cref="Margin"/>.</param>
    public static ImageDataset Decode(
        string source, IImageSource images, string path, int size, int? channels, Action<int, int>? progress, CancellationToken stop,
            Action<string, IReadOnlyList<string>, IReadOnlyList<int>>? check = null, int margin = 0)
    {
        try
        {
            OwnFile.Write(path, IsOne, file =>
            {
                var index = DecodeTo(file, source, images, size, margin, channels ?? images.Channels, progress, stop);
                check?.Invoke(index.Fingerprint, index.Classes, index.Labels);
                WriteIndex(file, index);
            });
            return Open(path)!;
        }
        catch (AggregateException e)
        {
            // Decoding runs on all cores; what went wrong on one of them is what went wrong.
            ExceptionDispatchInfo.Throw(e.Flatten().InnerExceptions[0]);
            throw;
        }
    }

    /// <summary>Opens what <see cref="Decode(string, string, int, int?, Action{int, int}?, CancellationToken, DataOptions?)"/> left, or null
    /// where it isn't there, isn't whole, or has a bit that isn't as it was written.</summary>
    public static ImageDataset? TryOpen(string path)
    {
        if (!File.Exists(path) || !IsOne(path) || Open(path) is not { } images)
            return null;
        if (images.IsAsDecoded())
            return images;
        images.Dispose();
        return null;
    }

    /// <summary>What such a file was decoded from, as <see cref="Source"/>, without a look at its pixels; null where it isn't there, isn't
    /// whole, or has pairs.</summary>
    public static string? SourceOf(string path)
    {
        if (!File.Exists(path) || !IsOne(path))
            return null;
        using var images = Open(path);
        return images is { SecondImages: SecondImages.None } ? images.Source : null;
    }

    /// <summary>Whether a file carries the mark of decoded images, of whatever version.</summary>
    public static bool IsOne(string path)
    {
        using var file = File.OpenRead(path);
        Span<byte> start = stackalloc byte[_mark.Length];
        return file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length
            && start[..^1].SequenceEqual(_mark.AsSpan()[..^1]);
    }

    private static ImageDataset? Open(string path)
    {
        var file = File.OpenRead(path);
        if (ReadIndex(file) is { } index)
            return new ImageDataset(file, index);
        file.Dispose();
        return null;
    }

    private bool IsAsDecoded()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var block = new byte[1 << 20];
        var end = _mark.Length + _index.ImagesInFile * LengthInFile;
        for (long position = _mark.Length; position < end;)
        {
            var read = RandomAccess.Read(_file.SafeFileHandle, block.AsSpan(0, (int)Math.Min(block.Length, end - position)), position);
            if (read == 0)
                return false;
            hash.AppendData(block, 0, read);
            position += read;
        }
        _index.Append(hash);
        return Convert.ToHexStringLower(hash.GetHashAndReset()) == Fingerprint;
    }

    private static void WriteIndex(Stream file, Index index)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(index);
        file.Write(json);
        Span<byte> length = stackalloc byte[LengthBytes];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
        file.Write(length);
        file.Write(SHA256.HashData(json));
    }

    private static Index? ReadIndex(FileStream file)
    {
        var contents = file.Length - _mark.Length - TrailerBytes;
        if (contents < 0)
            return null;
        var mark = new byte[_mark.Length];
        file.ReadExactly(mark);
        file.Position = file.Length - TrailerBytes;
        var trailer = new byte[TrailerBytes];
        file.ReadExactly(trailer);
        var length = BinaryPrimitives.ReadInt64LittleEndian(trailer);
        if (!mark.AsSpan().SequenceEqual(_mark) || length <= 0 || length > Math.Min(contents, Array.MaxLength))
            return null;
        var json = new byte[length];
        file.Position = file.Length - TrailerBytes - length;
        file.ReadExactly(json);
        if (!SHA256.HashData(json).AsSpan().SequenceEqual(trailer.AsSpan(LengthBytes)))
            return null;
        try
        {
            var index = JsonSerializer.Deserialize<Index>(json);
            return index is { Labels: not null, Margin: >= 0, Frames: null or (> 0 and <= MostFrames) }
                && index.Sound is null or { Samples: > 0 and < 1 << 24, Rate: > 0 }
                && (index.Captions.Length == 0 || index.CaptionsOf.Length == index.Labels.Length)
                && (Int128)index.ImagesInFile * index.LengthInFile == contents - length ? index : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Reads one image, by its centre, as <c>[C, H, W]</c>.</summary>
    /// <exception cref="EndOfStreamException">The file was cut short while it was open.</exception>
    public void Read(int image, Span<byte> destination) => Read(image, destination, Margin / 2, Margin / 2);

    /// <summary>Reads one image as <c>[C, H, W]</c>.</summary>
    /// <param name="image">Its number.</param>
    /// <param name="destination">Gets it.</param>
    /// <param name="top">Rows left out above it, 0 to <see cref="Margin"/>.</param>
    /// <param name="left">Columns left out beside it, 0 to <see cref="Margin"/>.</param>
    /// <exception cref="EndOfStreamException">The file was cut short while it was open.</exception>
    public void Read(int image, Span<byte> destination, int top, int left) =>
        ReadPlace(SecondImages == SecondImages.Paired ? 2L * image : image, destination, top, left);

    /// <summary>Reads one of the second images, by its centre, as <c>[C, H, W]</c>: the pair of that image, or one of the second
    /// set.</summary>
    /// <exception cref="EndOfStreamException">The file was cut short while it was open.</exception>
    public void ReadSecond(int image, Span<byte> destination) => ReadSecond(image, destination, Margin / 2, Margin / 2);

    /// <summary>As <see cref="ReadSecond(int, Span{byte})"/>, from a place as in <see cref="Read(int, Span{byte}, int, int)"/>.</summary>
    /// <exception cref="EndOfStreamException">The file was cut short while it was open.</exception>
    public void ReadSecond(int image, Span<byte> destination, int top, int left) =>
        ReadPlace(SecondImages == SecondImages.Paired ? 2L * image + 1 : (long)Count + image, destination, top, left);

    private void ReadPlace(long place, Span<byte> destination, int top, int left)
    {
        if (Margin == 0)
        {
            ReadWhole(place, destination[..ImageLength]);
            return;
        }
        var whole = ArrayPool<byte>.Shared.Rent(LengthInFile);
        ReadWhole(place, whole.AsSpan(0, LengthInFile));
        var side = _index.SideInFile;
        for (var c = 0; c < Channels; c++)
            for (var y = 0; y < Size; y++)
                whole.AsSpan((c * side + top + y) * side + left, Size).CopyTo(destination[((c * Size + y) * Size)..]);
        ArrayPool<byte>.Shared.Return(whole);
    }

    private void ReadWhole(long place, Span<byte> rest) => ReadBytes(place * LengthInFile, rest, place);

    private void ReadBytes(long start, Span<byte> rest, long place)
    {
        var offset = _mark.Length + start;
        while (!rest.IsEmpty)
        {
            var read = RandomAccess.Read(_file.SafeFileHandle, rest, offset);
            if (read == 0)
                throw new EndOfStreamException($"'{_file.Name}' ends before image {place}.");
            rest = rest[read..];
            offset += read;
        }
    }

    /// <summary>Reads one image as people see it, <c>[C, H, W]</c>: of a recording the spectrogram, of a clip one of its frames, see
    /// <see cref="ClipFrames.Shown"/>.</summary>
    /// <exception cref="EndOfStreamException">The file was cut short while it was open.</exception>
    public void ReadPicture(int image, Span<byte> destination)
    {
        if (Frames is { } frames)
        {
            var length = Channels * Size * Size;
            ReadBytes((long)image * LengthInFile + (long)ClipFrames.Shown(image, frames) * length, destination[..length], image);
            return;
        }
        if (_spectrogram is null)
        {
            Read(image, destination);
            return;
        }
        var sound = new float[ImageLength / sizeof(short)];
        ReadSound(image, sound);
        _spectrogram.Draw(sound, destination);
    }

    /// <summary>Reads one recording's values, −1 … 1; only of data that has some.</summary>
    /// <exception cref="EndOfStreamException">The file was cut short while it was open.</exception>
    public void ReadSound(int recording, Span<float> destination)
    {
        var bytes = new byte[ImageLength];
        Read(recording, bytes);
        for (var i = 0; i < bytes.Length / sizeof(short); i++)
            destination[i] = BinaryPrimitives.ReadInt16LittleEndian(bytes.AsSpan(i * sizeof(short))) / (float)short.MaxValue;
    }

    private double MeasureDeviation()
    {
        var (count, length) = (Math.Min(Count, 1000), Channels * Size * Size);
        var (image, sums, squares) = (new byte[length], new double[length], new double[length]);
        for (var n = 0; n < count; n++)
        {
            ReadPicture(n, image);
            for (var i = 0; i < image.Length; i++)
            {
                var value = image[i] / 127.5 - 1;
                sums[i] += value;
                squares[i] += value * value;
            }
        }
        return sums.Zip(squares, (sum, square) => Math.Sqrt(Math.Max(0, square / count - sum / count * (sum / count)))).Average();
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

    private static Index DecodeTo(Stream file, string source, IImageSource images, int size, int margin, int channels,
        Action<int, int>? progress, CancellationToken stop)
    {
        List<int> labels = [];
        List<int[]> captionsOf = [];
        var captions = new OrderedDictionary<string, int>(StringComparer.Ordinal);
        List<string> skipped = [];
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        file.Write(_mark);
        var paired = images.SecondImages == SecondImages.Paired;
        var total = images.Count + (paired ? 0 : images.SecondCount);
        var sound = (images as IRecordings)?.Form;
        byte[] Read(Func<int, int, int, byte[]> read, int image) => images switch
        {
            IRecordings recordings => InBytes(recordings.ReadSound(image)),
            IClips clips => [.. clips.ReadClip(image, size, channels).SelectMany(frame => ChannelsFirst(frame, channels))],
            _ => ChannelsFirst(read(image, size + margin, channels), channels),
        };
        void Keep(byte[] pixels)
        {
            file.Write(pixels);
            hash.AppendData(pixels);
        }

        // An image and its pair stand beside each other; a second set stands after all images.
        foreach (var (image, pixels, error) in InParallel(images.Count, stop,
                     i => paired ? [.. Read(images.Read, i), .. Read(images.ReadSecond, i)] : Read(images.Read, i)))
        {
            if (pixels is null)
                skipped.Add($"{images.NameOf(image)}: {error}");
            else
            {
                Keep(pixels);
                labels.Add(images.LabelOf(image));
                captionsOf.Add([.. images.CaptionsOf(image).Select(caption =>
                {
                    captions.TryAdd(caption, captions.Count);
                    return captions[caption];
                })]);
            }
            progress?.Invoke(image + 1, total);
        }
        if (labels.Count == 0)
            throw new DataException($"None of the {images.Count} images of '{source}' can be decoded. The first: {skipped[0]}");
        var second = 0;
        foreach (var (image, pixels, error) in InParallel(total - images.Count, stop, i => Read(images.ReadSecond, i)))
        {
            if (pixels is null)
                skipped.Add($"second image {image}: {error}");
            else
            {
                Keep(pixels);
                second++;
            }
            progress?.Invoke(images.Count + image + 1, total);
        }
        if (total > images.Count && second == 0)
            throw new DataException($"None of the {total - images.Count} second images of '{source}' can be decoded. The last: "
                + skipped[^1]);
        var index = new Index(ImageSources.FullName(source), images.Name, size, sound is null ? channels : 1, [.. images.Classes], [.. labels], "", [.. skipped])
        {
            Captions = [.. captions.Keys],
            CaptionsOf = captions.Count == 0 ? [] : [.. captionsOf],
            SecondImages = images.SecondImages,
            SecondCount = second,
            Stamp = (images as IDescribed)?.Stamp,
            Margin = margin,
            Sound = sound,
            Frames = (images as IClips)?.Frames,
        };
        index.Append(hash);
        return index with { Fingerprint = Convert.ToHexStringLower(hash.GetHashAndReset()) };
    }

    private static IEnumerable<(int Image, byte[]? Pixels, string? Error)> InParallel(int count, CancellationToken stop, Func<int,
        byte[]> read) =>
        Enumerable.Range(0, count).AsParallel().AsOrdered().WithCancellation(stop).WithMergeOptions(ParallelMergeOptions.AutoBuffered)
            .Select(image =>
        {
            try
            {
                return (image, (byte[]?)read(image), (string?)null);
            }
            catch (ImageException e)
            {
                return (image, null, e.Message);
            }
        });

    private static byte[] InBytes(float[] sound)
    {
        var bytes = new byte[sound.Length * sizeof(short)];
        for (var i = 0; i < sound.Length; i++)
            BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(i * sizeof(short)), (short)MathF.Round(sound[i] * short.MaxValue));
        return bytes;
    }

    private static byte[] ChannelsFirst(byte[] interleaved, int channels)
    {
        if (channels == 1)
            return interleaved;
        var plane = interleaved.Length / channels;
        var planar = new byte[interleaved.Length];
        for (var i = 0; i < plane; i++)
            for (var c = 0; c < channels; c++)
                planar[c * plane + i] = interleaved[i * channels + c];
        return planar;
    }

    private sealed record Index(string Source, string Name, int Size, int Channels, string[] Classes, int[] Labels, string Fingerprint,
        string[] Skipped)
    {
        public SecondImages SecondImages { get; init; }

        public string? Stamp { get; init; }

        /// <summary>How many there are of a second set.</summary>
        public int SecondCount { get; init; }

        public int Margin { get; init; }

        public SoundForm? Sound { get; init; }

        public int? Frames { get; init; }

        public string[] Captions { get; init; } = [];

        /// <summary>Numbers of captions for each image.</summary>
        public int[][] CaptionsOf { get; init; } = [];

        [JsonIgnore]
        public int SideInFile => Size + Margin;

        [JsonIgnore]
        public long LengthInFile => Sound is { } form ? form.Samples * (long)sizeof(short)
            : (long)(Frames ?? 1) * Channels * SideInFile * SideInFile;

        /// <summary>Adds the captions to what a hash is of.</summary>
        public void Append(IncrementalHash hash)
        {
            if (Captions.Length > 0)
                hash.AppendData(JsonSerializer.SerializeToUtf8Bytes(new { Captions, CaptionsOf }));
        }

        [JsonIgnore]
        public long ImagesInFile => SecondImages == SecondImages.Paired ? 2L * Labels.Length : Labels.Length + (long)SecondCount;
    }
}
