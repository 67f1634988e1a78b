using GanOnnx.Data;
using GanOnnx.Inference;
using GanOnnx.Inference.Inputs;
using GanOnnx.Inference.Models;
using GanOnnx.Inference.Runtime;
using Microsoft.ML.OnnxRuntime;
using ModelMetadata = GanOnnx.Inference.ModelMetadata;

namespace GanOnnx.Quantization;

/// <summary>A model as it is used: what goes into it, and the images it makes.</summary>
internal abstract class ModelUse : IDisposable
{
    /// <summary>Opens a model of one of the two kinds.</summary>
    public static ModelUse Open(string path, QuantizationOptions options, CancellationToken stop)
    {
        var metadata = ModelMetadata.FromProperties(ModelContent.Read(path, stop).Metadata);
        return metadata?.Task is ModelTask.Translate or ModelTask.Upscale || (metadata is null && TakesImages(path, stop))
            ? new TranslatorUse(path, options, stop) : new GeneratorUse(path, options, stop);
    }

    // Files of others say nothing; their only input has the four axes of an image.
    private static bool TakesImages(string path, CancellationToken stop) =>
        ModelContent.Read(path, stop).Inputs() is [{ Axes: [_, _, { Length: not 1 }, _] }];

    /// <summary>What is known of it.</summary>
    public abstract ModelDescription Model { get; }

    /// <summary>Whether it makes images of images.</summary>
    public bool IsTranslator => this is TranslatorUse;

    /// <summary>How many images can be had for verification, at most.</summary>
    public abstract int MostVerified { get; }

    /// <summary>Inputs of runs for calibration, by their names; they are gone with the next one.</summary>
    public abstract IEnumerable<IReadOnlyDictionary<string, OrtValue>> CalibrationRuns();

    /// <summary>The images of the verification, in batches.</summary>
    /// <param name="path">The model that makes them: this one or one that was made of it.</param>
    /// <param name="count">How many.</param>
    /// <param name="stop">Ends it.</param>
    public abstract IEnumerable<ImageBatch> Images(string path, int count, CancellationToken stop);

    public abstract void Dispose();

    private sealed class GeneratorUse : ModelUse
    {
        private readonly ImageGenerator _generator;
        private readonly QuantizationOptions _options;

        public GeneratorUse(string path, QuantizationOptions options, CancellationToken stop)
        {
            // What can't be read is said before the work.
            if (options.Data is { } data)
                ImageSources.Open(data, new() { Split = options.Split }, stop).Dispose();
            (_generator, _options) = (Load(path, options, stop), options);
        }

        public override ModelDescription Model => _generator.Model;

        public override int MostVerified => int.MaxValue;

        // Others than those of the verification, of the same kind.
        private static Sample Calibrated => new(Seed: 1);

        public override IEnumerable<IReadOnlyDictionary<string, OrtValue>> CalibrationRuns()
        {
            var (inputs, shape) = (_generator.Loaded.Inputs, _generator.Loaded.Shape);
            TensorBuffer[] buffers = [.. shape.Inputs.Select(spec => new TensorBuffer(spec, shape.Size, OrtAllocator.DefaultInstance))];
            try
            {
                for (var first = 0; first < _options.CalibrationImages; first += shape.Size)
                {
                    inputs.Fill(buffers, 0, new SeedRows(Calibrated with { Index = (ulong)first }), 0, shape.Size);
                    yield return buffers.ToDictionary(buffer => buffer.Spec.Name, buffer => buffer.All);
                }
            }
            finally
            {
                foreach (var buffer in buffers)
                    buffer.Dispose();
            }
        }

        public override IEnumerable<ImageBatch> Images(string path, int count, CancellationToken stop)
        {
            using var generator = Load(path, _options, stop);
            for (var first = 0; first < count; first += PerCall)
                yield return generator.Generate(Math.Min(PerCall, count - first), new Sample(0, (ulong)first), stop);
        }

        public override void Dispose() => _generator.Dispose();

        private static ImageGenerator Load(string path, QuantizationOptions options, CancellationToken stop) =>
            ImageGenerator.Load(path, options.Generator with { Device = Device.Cpu, Threads = 1 }, stop);
    }

    private sealed class TranslatorUse : ModelUse
    {
        // Of pictures, where the model takes any size: enough for what a pixel depends on, and quick.
        private const int LeastSize = 64;

        private readonly ImageTranslator _translator;
        private readonly IImageSource _source;
        private readonly QuantizationOptions _options;
        private readonly int _size, _channels;

        public TranslatorUse(string path, QuantizationOptions options, CancellationToken stop)
        {
            if (options.Data is null)
                throw new QuantizationException($"'{options.ModelName ?? path}' makes images of images, so pictures as they will go in are needed to measure the ranges of "
                    + "its values: say which.");
            _options = options;
            _source = ImageSources.OpenPictures(options.Data, new() { Split = options.Split }, stop);
            try
            {
                if (_source.Count < 2 * QuantizationOptions.FewestImages)
                    throw new QuantizationException($"'{options.Data}' has {_source.Count} pictures; {2 * QuantizationOptions.FewestImages} are needed "
                        + "at least, to measure with one half and to verify with the other.");
                _translator = Load(path, options, stop);
                _size = SizeOf(_translator, options.ModelName ?? path);
                _channels = _translator.Channels ?? _source.Channels;
            }
            catch
            {
                Dispose();
                throw;
            }
        }

        public override ModelDescription Model => _translator.Model;

        public override int MostVerified => _source.Count / 2;

        public override IEnumerable<IReadOnlyDictionary<string, OrtValue>> CalibrationRuns()
        {
            var translation = _translator.Loaded.For(new(_channels, _size, _size));
            using var buffer = new TensorBuffer(translation.Shape.Inputs[0], translation.Shape.Rows(1), OrtAllocator.DefaultInstance);
            for (var i = 0; i < Math.Min(_options.CalibrationImages, (_source.Count + 1) / 2); i++)
            {
                var image = Read(2 * i);
                image.Memory.FormOf(translation.From.Shape)
                    .Convert(image.Memory.Of(translation.From.Shape, 0, 1), translation.From, buffer.Bytes(0, 1));
                yield return new Dictionary<string, OrtValue> { [buffer.Spec.Name] = buffer.All };
            }
        }

        public override IEnumerable<ImageBatch> Images(string path, int count, CancellationToken stop)
        {
            using var translator = Load(path, _options, stop);
            for (var i = 0; i < count; i++)
                yield return translator.Translate(Read(2 * i + 1), stop);
        }

        public override void Dispose()
        {
            _translator?.Dispose();
            _source.Dispose();
        }

        private ImageBatch Read(int picture)
        {
            var bytes = _source.Read(picture, _size, _channels);
            var values = new float[bytes.Length];
            for (var i = 0; i < bytes.Length; i++)
                values[i % _channels * _size * _size + i / _channels] = bytes[i] / 127.5f - 1;
            return new(values, 1, _channels, _size, _size);
        }

        private static int SizeOf(ImageTranslator translator, string name) =>
            translator.Loaded.SizeFrom(LeastSize) is var (height, width) && height == width ? height
                : throw new QuantizationException($"'{name}' takes pictures of {width} × {height}; only models of square ones are quantized.");

        private static ImageTranslator Load(string path, QuantizationOptions options, CancellationToken stop) =>
            ImageTranslator.Load(path, options.Translator with { Device = Device.Cpu, Threads = 1 }, stop);
    }

    private const int PerCall = 256;
}
