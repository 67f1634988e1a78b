using System.Buffers.Binary;
using System.Globalization;
using Google.Protobuf;

namespace GanOnnx.Training.Monitoring.TensorBoard;

/// <summary>A run's figures, pictures and histograms as an event file that TensorBoard reads, also while the run goes on.</summary>
/// <remarks>The format is that of TensorFlow's summaries, version <c>brain.Event:2</c>.</remarks>
internal sealed class TensorBoardLog : IDisposable
{
    public const string FolderName = "tensorboard";

    private const string Prefix = "events.out.tfevents.";
    private const int SessionStart = 1;

    private static readonly byte[] _pngSignature = [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10];

    private readonly FileStream _file;

    /// <summary>Starts a new event file; earlier ones of the folder stay.</summary>
    /// <param name="folder">Where it goes; made if missing, but not the folders around it.</param>
    /// <param name="step">
    /// Steps done before: TensorBoard drops what earlier files say of later steps, which a run that was killed after its
    /// last checkpoint has left there.
    /// </param>
    public TensorBoardLog(string folder, long step = 0)
    {
        RunFolder.MakeInside(folder);
        // TensorBoard reads a folder's files in the order of their names, so a later file needs a later time, even where the clock was set
        // back.
        var seconds = Math.Max(DateTimeOffset.UtcNow.ToUnixTimeSeconds(), Newest(folder) + 1);
        _file = new FileStream(Path.Combine(folder, $"{Prefix}{seconds:0000000000}.ganonnx"), FileMode.CreateNew, FileAccess.Write,
            FileShare.Read);
        Write(new Event { FileVersion = "brain.Event:2" });
        // A start voids events of its own step too; the tick at that step is to stay.
        if (step > 0)
            Write(new Event { Step = step + 1, SessionLog = new SessionLog { Status = SessionStart } });
        Flush();
    }

    /// <summary>Writes a tick's figures.</summary>
    public void Scalars(Tick tick) => Scalars(tick.Step,
        from figure in Figures.All.Concat(tick.Figures.Keys.Where(f => f.IsExtra))
        let value = tick.Shown(figure)
        where value is not null && figure.Tag is not null
        select (figure.Tag, value.Value));

    /// <summary>Writes named figures.</summary>
    public void Scalars(long step, IEnumerable<(string Tag, double Value)> figures)
    {
        var summary = new Summary();
        summary.Value.AddRange(figures.Select(f => new SummaryValue { Tag = f.Tag, Scalar = (float)f.Value }));
        Write(new Event { Step = step, Summary = summary });
    }

    /// <summary>Writes a picture.</summary>
    /// <exception cref="ArgumentException"><paramref name="png"/> is no PNG file.</exception>
    public void Image(long step, string tag, ReadOnlySpan<byte> png)
    {
        // The signature, then the chunk IHDR: width, height, bit depth, colour type.
        if (png.Length < 26 || !png.StartsWith(_pngSignature))
            throw new ArgumentException("The picture is no PNG file.", nameof(png));
        var image = new SummaryImage
        {
            Width = BinaryPrimitives.ReadInt32BigEndian(png[16..]),
            Height = BinaryPrimitives.ReadInt32BigEndian(png[20..]),
            Channels = png[25] switch { 0 => 1, 4 => 2, 6 => 4, _ => 3 },
            Encoded = ByteString.CopyFrom(png),
        };
        Write(step, new SummaryValue { Tag = tag, Image = image });
    }

    /// <summary>Writes how values are distributed. Values that aren't finite are left out; if none is, nothing is written.</summary>
    public void Histogram(long step, string tag, ReadOnlySpan<float> values)
    {
        if (Histograms.Count(values) is { } histogram)
            Write(step, new SummaryValue { Tag = tag, Histogram = histogram });
    }

    /// <summary>Hands what was written to the operating system, so that TensorBoard sees it.</summary>
    public void Flush() => _file.Flush();

    /// <summary>Flushes and closes the file.</summary>
    public void Dispose() => _file.Dispose();

    private static long Newest(string folder) => Directory.EnumerateFiles(folder, Prefix + "*")
        .Select(path => Path.GetFileName(path)[Prefix.Length..].Split('.')[0])
        .Select(seconds => long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : 0)
        .DefaultIfEmpty().Max();

    private void Write(long step, SummaryValue value)
    {
        var summary = new Summary();
        summary.Value.Add(value);
        Write(new Event { Step = step, Summary = summary });
    }

    private void Write(Event entry)
    {
        entry.WallTime = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0;
        RecordWriter.Write(_file, entry.ToByteArray());
    }
}
