using System.Collections.Concurrent;
using GanOnnx.Inference.Images;
using GanOnnx.Inference.Runtime;
using GanOnnx.Onnx.Checking;

namespace GanOnnx.Inference.Models;

/// <summary>What is known of an image → image model once it is loaded, for each size of image it was given.</summary>
internal sealed class TranslatorModel
{
    // Sizes kept in mind; a model of open size may see any number of them.
    private const int MostSizes = 64;

    private readonly ConcurrentDictionary<ImageShape, Translation> _translations = new();
    private readonly Engine _engine;
    private readonly ImageTranslatorOptions _options;
    private readonly ImageTensor _source, _image;
    private readonly int? _fixedBatch;
    private readonly ImageForm _from, _to;

    public TranslatorModel(ModelContent content, Engine engine, ImageTranslatorOptions options)
    {
        (_engine, _options) = (engine, options);
        var (path, graph) = (content.Path, engine.Session.Graph);
        var (input, output) = (options.CalledPart(nameof(options.Input)), options.CalledPart(nameof(options.Output)));
        var metadata = ModelContract.Metadata(path, graph, "translate or upscale", ModelTask.Translate, ModelTask.Upscale);
        var (inputs, outputs) = (graph.Inputs(), graph.Outputs());
        _source = ImageTensor.FindInput(path, inputs, options.Input, input);
        _image = ImageTensor.FindOutput(path, outputs, options.Output, output);
        _fixedBatch = GraphSignature.FixedBatch(path, [_source.Tensor, _image.Tensor]);
        ModelContract.CheckBatch(path, _fixedBatch, options);
        _from = new ImageMeaning(path, OfSource(metadata), options.Input, input).FormOf(_source.OfSomeSize());
        // What nobody says of the output is as for the input.
        _to = new ImageMeaning(path, metadata, options.Output with
        {
            Range = options.Output.Range ?? (_image.IsBytes ? ValueRange.Bytes : options.Input.Range),
            Channels = options.Output.Channels ?? (_image.Channels == _source.Channels ? options.Input.Channels : null),
        }, output).FormOf(_image.OfSomeSize());
        Field = ReceptiveField.Of(content.Model, (_source.Tensor.Name, _source.Layout == ChannelLayout.Last),
            (_image.Tensor.Name, _image.Layout == ChannelLayout.Last));
        Description = new(content)
        {
            Inputs = inputs,
            Outputs = outputs,
            Metadata = metadata,
            Channels = _image.Channels,
            Height = _image.Height,
            Width = _image.Width,
        };
    }

    public ModelDescription Description { get; }

    /// <summary>What a pixel that comes out depends on; null where it isn't known.</summary>
    public ReceptiveField? Field { get; }

    /// <summary>The smallest square of at least that many pixels a side that it takes; of a model of a fixed size that one.</summary>
    public (int Height, int Width) SizeFrom(int least)
    {
        var multiple = (int)(Field is { } field ? Math.Max(field.Y.Multiple, field.X.Multiple) : 1);
        var size = (least + multiple - 1) / multiple * multiple;
        return (_source.Height ?? size, _source.Width ?? size);
    }

    /// <summary>The images that go in.</summary>
    public ImageTensor Source => _source;

    /// <summary>The images that come out.</summary>
    public ImageTensor Image => _image;

    /// <summary>What the model takes and makes, of some size.</summary>
    public (ImageForm From, ImageForm To) Forms => (_from, _to);

    /// <summary>How many images a run of the model takes; null for any number.</summary>
    public int? FixedBatch => _fixedBatch;

    /// <summary>How images of a shape are translated.</summary>
    /// <exception cref="ModelException">The model doesn't take that shape.</exception>
    public Translation For(ImageShape shape)
    {
        if (_translations.TryGetValue(shape, out var known))
            return known;

        if (_source.Channels is { } channels ? channels != shape.Channels : shape.Channels is not (1 or 3 or 4))
            throw Errors.OtherChannels(Description.Path, shape.Channels, _source.Channels ?? 3);
        if ((_source.Height ?? shape.Height, _source.Width ?? shape.Width) != (shape.Height, shape.Width))
            throw Errors.OtherSize(Description.Path, shape, _source.Height, _source.Width);

        if (_translations.Count >= MostSizes)
            _translations.Clear();
        return _translations.GetOrAdd(shape, Create);
    }

    private Translation Create(ImageShape shape)
    {
        var path = Description.Path;
        TensorSpec[] inputs = [Spec(_source, shape)];
        using var limit = _engine.Limit();
        return _engine.Use(session =>
        {
            var image = _image.Shape is not null
                ? _image
                : ModelContract.Try(path, 0, limit, _options, () =>
                    new Probe(path, session, inputs, _image, _fixedBatch ?? 1, limit, default).Shape(_options.Output, _ => { }));
            var size = image.Shape!.Value;
            return new Translation(
                BatchShape.Create(path, inputs, Spec(image, size), _fixedBatch, session.OnGpu, _options),
                _from with { Shape = shape },
                _to with { Shape = size, Layout = image.Layout });
        });
    }

    // The metadata describes what comes out; a grey image may go into a model that makes coloured ones, floats into one that makes bytes.
    private ModelMetadata? OfSource(ModelMetadata? metadata)
    {
        if (metadata?.Pixels is not { } pixels)
            return metadata;

        var channels = _source.Channels == 1 ? "grey" : pixels.Channels == "grey" ? "rgb" : pixels.Channels;
        return metadata with
        {
            Pixels = _source.IsBytes == _image.IsBytes
                ? pixels with { Channels = channels }
                : new() { Lowest = _source.IsBytes ? 0 : -1, Highest = _source.IsBytes ? 255 : 1, Channels = channels },
        };
    }

    // The graph's own axes where they are fixed: flat images have fewer of them.
    private static TensorSpec Spec(ImageTensor image, ImageShape shape)
    {
        var (c, h, w) = ((long)shape.Channels, (long)shape.Height, (long)shape.Width);
        long[] row = image.Tensor.Axes.Count switch
        {
            4 => image.Layout == ChannelLayout.First ? [c, h, w] : [h, w, c],
            3 => [h, w],
            _ => [shape.Length],
        };
        return new(image.Tensor.Name, image.Tensor.ElementType()!.Value, row);
    }
}

/// <summary>How images of one shape are translated.</summary>
internal sealed record Translation(BatchShape Shape, ImageForm From, ImageForm To);

/// <summary>Images to translate.</summary>
internal readonly record struct TranslationWork(string Path, Translation Translation, ImageMemory Images, ImageMemory Made) : IWork
{
    public void Fill(Worker worker, int row, int first, int count)
    {
        var shape = Translation.From.Shape;
        Images.FormOf(shape).Convert(Images.Of(shape, first, count), Translation.From, worker.Inputs[0].Bytes(row, count));
    }

    public void Take(Worker worker, int row, int first, int count) =>
        Translation.To.Take(Path, worker.Output.Bytes(row, count), Made, first, count);
}
