using System.Collections.Concurrent;
using GanOnnx.Inference.Images;
using GanOnnx.Inference.Runtime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace GanOnnx.Inference.Models;

/// <summary>What is known of an image → image model once it is loaded, for each size of image it was given.</summary>
internal sealed class TranslatorModel
{
    // Sizes kept in mind; a model of open size may see any number of them.
    private const int MostSizes = 64;

    private readonly ConcurrentDictionary<ImageShape, Translation> _translations = new();
    private readonly Engine _engine;
    private readonly Graph _graph;
    private readonly ImageTranslatorOptions _options;
    private readonly PixelCodec _from, _to;

    public TranslatorModel(string path, Engine engine, ImageTranslatorOptions options)
    {
        (_engine, _options) = (engine, options);
        var (metadata, inputs, outputs) = Contract.Read(path, engine.Session.Graph, "translate or upscale", ModelTask.Translate, ModelTask.Upscale);
        _graph = Graph.OfTranslator(path, inputs, outputs, options.Input, options.Output);
        Contract.CheckBatch(path, _graph, options);
        _from = Codec(_graph.Source!, options.Input, "Input", OfSource(metadata));
        // What nobody says of the output is as for the input.
        _to = Codec(_graph.Image, options.Output with
        {
            Range = options.Output.Range ?? (_graph.Image.IsBytes ? ValueRange.Bytes : options.Input.Range),
            Channels = options.Output.Channels ?? (_graph.Image.Channels == _graph.Source!.Channels ? options.Input.Channels : null),
        }, "Output", metadata);
        Description = new(path)
        {
            Inputs = inputs,
            Outputs = outputs,
            Metadata = metadata,
            LatentSize = 0,
            LatentDistribution = LatentDistribution.Normal,
            IsConditional = false,
            HasTruncation = false,
            HasStyleMixing = false,
            Classes = [],
            Channels = _graph.Image.Channels,
            Height = _graph.Image.Height,
            Width = _graph.Image.Width,
        };

        // The shape is filled in for each size of image; here it only has to be one.
        PixelCodec Codec(ImageTensor image, PixelFormat format, string option, ModelMetadata? metadata) => Contract.Codec(
            path, image with { Channels = image.Channels ?? 3, Height = image.Height ?? 1, Width = image.Width ?? 1 },
            metadata, format, option, () => null);
    }

    public ModelDescription Description { get; }

    /// <summary>How images of a shape are translated.</summary>
    /// <exception cref="ModelException">The model doesn't take that shape.</exception>
    public Translation For(ImageBatch images)
    {
        var shape = new ImageShape(images.Channels, images.Height, images.Width);
        if (_translations.TryGetValue(shape, out var known))
            return known;

        var source = _graph.Source!;
        if (source.Channels is { } channels ? channels != shape.Channels : shape.Channels is not (1 or 3))
            throw Errors.OtherChannels(Description.Path, shape.Channels, source.Channels ?? 3);
        if ((source.Height ?? shape.Height, source.Width ?? shape.Width) != (shape.Height, shape.Width))
            throw Errors.OtherSize(Description.Path, images, source.Height, source.Width);

        if (_translations.Count >= MostSizes)
            _translations.Clear();
        return _translations.GetOrAdd(shape, Create);
    }

    private Translation Create(ImageShape shape)
    {
        var path = Description.Path;
        TensorSpec[] inputs = [Spec(_graph.Source!, shape)];
        return _engine.Use(session =>
        {
            var image = _graph.Image.Shape is not null
                ? _graph.Image
                : Contract.Try(path, 0, () => new Probe(path, session, _graph, inputs).Shape(_options.Output, _ => { }));
            var size = image.Shape!.Value;
            return new Translation(
                BatchShape.Create(path, inputs, Spec(image, size), _graph.FixedBatch, session.OnGpu, _options),
                _from with { Shape = shape },
                _to with { Shape = size, Layout = image.Layout });
        });
    }

    // The metadata describes what comes out; a grey image may go into a model that makes coloured ones, floats into one that makes bytes.
    private ModelMetadata? OfSource(ModelMetadata? metadata)
    {
        if (metadata?.Pixels is not { } pixels)
            return metadata;

        var channels = _graph.Source!.Channels == 1 ? "grey" : pixels.Channels == "grey" ? "rgb" : pixels.Channels;
        return metadata with
        {
            Pixels = _graph.Source.IsBytes == _graph.Image.IsBytes
                ? pixels with { Channels = channels }
                : new() { Lowest = _graph.Source.IsBytes ? 0 : -1, Highest = _graph.Source.IsBytes ? 255 : 1, Channels = channels },
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
        return new(image.Tensor.Name, image.IsBytes ? TensorElementType.UInt8 : TensorElementType.Float, row);
    }
}

/// <summary>How images of one shape are translated.</summary>
internal sealed record Translation(BatchShape Shape, PixelCodec From, PixelCodec To);

/// <summary>Images to translate.</summary>
internal readonly record struct TranslationWork(string Path, Translation Translation, ImageBatch Images, float[] Pixels) : IWork
{
    public void Fill(Worker worker, int row, int first, int count)
    {
        var length = Translation.From.Shape.Length;
        Translation.From.Encode(Images.Values.Slice(first * length, count * length), worker.Input(0).Bytes(row, count));
    }

    public void Take(Worker worker, int row, int first, int count)
    {
        var length = Translation.To.Shape.Length;
        var images = Pixels.AsSpan(first * length, count * length);
        Translation.To.Decode(worker.Output.Bytes(row, count), images);
        if (!Finite.Are(images))
            throw Errors.ImagesNotFinite(Path);
    }
}
