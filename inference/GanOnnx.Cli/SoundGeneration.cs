using System.CommandLine;
using System.Globalization;
using GanOnnx.Audio;
using GanOnnx.CommandLine;
using GanOnnx.Imaging;
using GanOnnx.Inference;

namespace GanOnnx.Cli;

/// <summary>Sounds: one after the other in a WAV file, or a file each.</summary>
/// <param name="parsed">The call.</param>
internal sealed class SoundGeneration(ParseResult parsed) : MediaGeneration<SoundGenerator, SoundBatch>(parsed, "sounds", SoundFile.Extension)
{
    // One file holds a quarter of an hour at most, at a second each.
    private const int MostInFile = 1000;

    protected override bool IsFile(string path) => SoundFile.IsSoundFile(path);

    protected override void CheckOutput(string output, bool isFile, int count)
    {
        if (isFile && count > MostInFile)
            throw new UsageException($"{count:N0} sounds are too many for one file; ask for {MostInFile:N0} or fewer, or give a folder for --out.");
        if (string.IsNullOrWhiteSpace(output))
            throw new UsageException("--out is empty; give a .wav file, or a folder's name.");
        if (isFile ? Directory.Exists(output) : File.Exists(output))
            throw new UsageException($"'{output}' is neither a .wav file nor a folder's name.");
    }

    protected override void CheckFits(SoundGenerator generator, int count)
    {
        const int BytesPerValue = sizeof(short);
        var bytes = SoundFile.JoinedLength(count, generator.Samples, generator.Rate) * generator.Channels * BytesPerValue;
        if (bytes > SoundFile.LargestFile / 2)
            throw new UsageException($"{count:N0} sounds of {generator.Samples:N0} values are too many for one file; ask for fewer, or give a folder for --out.");
    }

    protected override SoundGenerator Load(string path, MediaGeneratorOptions options, CancellationToken stop) =>
        SoundGenerator.Load(path, options, stop);

    protected override void SaveOne(SoundGenerator generator, IEnumerable<SoundBatch> batches, int count, string path, Provenance? origin,
        CancellationToken stop)
    {
        using var writer = Signing.Open(Parsed, generator.Model, Parsed.GetValue(Generation.NoProvenance));
        var values = Gathered(batches.Select(batch => batch.Values.ToArray()), (long)count * generator.Channels * generator.Samples);
        writer.Save(SoundFile.Join(new(values, count, generator.Channels, generator.Samples, generator.Rate)), 0, path, origin);
    }

    protected override void SaveEach(SoundGenerator generator, IEnumerable<(SoundBatch Made,
        (string Path, Provenance? Origin)[] Files)> batches, CancellationToken stop)
    {
        using var writer = Signing.Open(Parsed, generator.Model, Parsed.GetValue(Generation.NoProvenance));
        foreach (var (made, files) in batches)
            for (var i = 0; i < made.Count; i++)
                writer.Save(made, i, files[i].Path, files[i].Origin);
    }

    protected override IEnumerable<(string Name, object Value)> Described(SoundGenerator generator) => [("rate", generator.Rate)];

    protected override string Length(SoundGenerator generator) =>
        string.Create(CultureInfo.InvariantCulture, $"{generator.Samples / (double)generator.Rate:0.00} s");
}
