using System.Globalization;
using GanOnnx.CommandLine;
using GanOnnx.Inference;

namespace GanOnnx.Cli.Bench;

/// <summary>Several files of one model, as its int8 one beside the float one, run by the library in turns.</summary>
internal static class FileComparison
{
    // Of a model that takes any size.
    private const int Size = 64;

    /// <summary>Measures them.</summary>
    /// <param name="files">The files; the others are told as ratios to the first.</param>
    /// <param name="options">How they are loaded.</param>
    /// <param name="batch">Images per run.</param>
    /// <param name="rounds">How often.</param>
    /// <param name="duration">How long a round is.</param>
    /// <param name="stop">Looked at between measurements.</param>
    /// <exception cref="ModelException">One can't be loaded.</exception>
    public static IReadOnlyList<Figure> Of(IReadOnlyList<string> files, ImageGeneratorOptions options, int batch, int rounds,
        TimeSpan duration, CancellationToken stop)
    {
        var candidates = new List<Candidate>();
        try
        {
            foreach (var file in files)
                candidates.Add(Open(file, options with { BatchSize = batch }, batch, stop));
            var rates = Rounds.Run(candidates, batch * Environment.ProcessorCount, rounds, duration, stop);
            return [.. candidates.Select((candidate, i) => new Figure(candidate.Name, rates[i]))];
        }
        finally
        {
            candidates.ForEach(candidate => candidate.Dispose());
        }
    }

    /// <summary>A table of all batch sizes.</summary>
    public static string Table(IEnumerable<(int Batch, IReadOnlyList<Figure> Files)> batches) => string.Join('\n',
    [
        "| batch | file | images/s | to the first |",
        "|---|---|---|---|",
        .. batches.SelectMany(batch => batch.Files.Select(file => string.Create(CultureInfo.InvariantCulture,
            $"| {batch.Batch} | {PlainText.Of(file.Candidate)} | {file.Median:#,0} | {Report.Cell(file.To(batch.Files[0]))} |"))),
    ]);

    private static Candidate Open(string file, ImageGeneratorOptions options, int batch, CancellationToken stop)
    {
        try
        {
            return new Generated(file, ImageGenerator.Load(file, options, stop));
        }
        catch (ModelException)
        {
            try
            {
                return new Translated(file, ImageTranslator.Load(file, new()
                {
                    Device = options.Device,
                    BatchSize = options.BatchSize,
                    Input = options.Pixels,
                    Output = options.Pixels with { Shape = null },
                    Called = FormatOptions.Called,
                }, stop), batch);
            }
            catch (ModelException)
            {
                // What it says of a model of noise is told.
            }
            throw;
        }
    }

    private sealed class Generated(string file, ImageGenerator generator) : Candidate(file)
    {
        public override void Make(int images) => generator.Generate(images);

        public override void Dispose() => generator.Dispose();
    }

    private sealed class Translated : Candidate
    {
        private readonly ImageTranslator _translator;
        private readonly ImageBatch _images;

        public Translated(string file, ImageTranslator translator, int batch) : base(file)
        {
            _translator = translator;
            var (height, width) = translator.Loaded.SizeFrom(Size);
            var count = batch * Environment.ProcessorCount;
            var channels = translator.Channels ?? 3;
            var values = new float[count * channels * height * width];
            new RandomStream(0, 0).FillUniform(0, values);
            _images = new(values, count, channels, height, width);
        }

        public override void Make(int images)
        {
            for (var made = 0; made < images; made += _images.Count)
                _translator.Translate(_images);
        }

        public override void Dispose() => _translator.Dispose();
    }
}
