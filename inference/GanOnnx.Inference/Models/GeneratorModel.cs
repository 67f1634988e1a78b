using GanOnnx.Inference.Images;
using GanOnnx.Inference.Runtime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace GanOnnx.Inference.Models;

/// <summary>What is known of a noise → image model once it is loaded: what to fill in, what to take out.</summary>
internal sealed class GeneratorModel
{
    private const int LatentInput = 0;

    public required ModelDescription Description { get; init; }

    public required LatentSampler Sampler { get; init; }

    public required PixelCodec Codec { get; init; }

    public required BatchShape Shape { get; init; }

    /// <summary>Reads the file's metadata and graph, and makes an image where they leave something open.</summary>
    public static GeneratorModel Read(string path, Session session, ImageGeneratorOptions options)
    {
        var (metadata, inputs, outputs) = Contract.Read(path, session.Graph, "generate", ModelTask.Generate);
        var graph = Graph.OfGenerator(path, inputs, outputs, options.Pixels, options.PixelsOption);
        if (metadata is not null)
            Contract.Compare(path, metadata, graph);
        Contract.CheckBatch(path, graph, options);

        var size = graph.Latent!.Axes[1].Length ?? metadata?.Latent?.Size ?? throw Errors.UnknownLatentSize(path, graph.Latent);
        if (graph.StyleMix is var (style, _) && style.Axes[1].Length is { } length && length != size)
            throw Errors.OtherStyleSize(path, style, size);
        var sampler = new LatentSampler(size, metadata?.Latent?.Distribution ?? options.Latent);
        var classes = graph.Label is null ? [] : metadata?.Classes is { Count: > 0 } named ? named : options.Classes;
        var specs = Specs(graph, size);
        var probe = new Probe(path, session, graph, specs);
        // The last class may not exist.
        var image = graph.Image.Shape is null || classes.Count > 0
            ? Contract.Try(path, classes.Count, () => probe.Shape(options.Pixels, buffers => Fill(buffers, 0, Math.Max(0, classes.Count - 1))))
            : graph.Image;
        var codec = Contract.Codec(path, image, metadata, options.Pixels, options.PixelsOption,
            () => Contract.Try(path, 0, () => probe.Range((buffers, index) => Fill(buffers, (ulong)index, 0))));
        var output = new TensorSpec(image.Tensor.Name, image.IsBytes ? TensorElementType.UInt8 : TensorElementType.Float,
            [.. image.Tensor.Axes.Skip(1).Select(axis => (long)(axis.Length ?? codec.Shape.Length))]);
        return new()
        {
            Sampler = sampler,
            Codec = codec,
            Shape = BatchShape.Create(path, specs, output, graph.FixedBatch, session.OnGpu, options),
            Description = new(path)
            {
                Inputs = inputs,
                Outputs = outputs,
                Metadata = metadata,
                LatentSize = size,
                LatentDistribution = sampler.Distribution,
                IsConditional = graph.Label is not null,
                HasTruncation = graph.Truncation is not null,
                HasStyleMixing = graph.StyleMix is not null,
                Classes = classes,
                Channels = graph.Image.Channels,
                Height = graph.Image.Height,
                Width = graph.Image.Width,
            },
        };

        void Fill(TensorBuffer[] buffers, ulong index, int label)
        {
            var rows = graph.FixedBatch ?? 1;
            sampler.Fill(0, index * (ulong)rows, buffers[LatentInput].Values<float>(0, rows));
            foreach (var buffer in buffers[1..])
                if (buffer.Spec.Type == TensorElementType.Int64)
                    buffer.Values<long>(0, rows).Fill(label);
                else
                    buffer.Values<float>(0, rows).Fill(1);
        }
    }

    /// <summary>Takes images out of a worker.</summary>
    public void Take(Worker worker, int row, int first, int count, Memory<float> pixels)
    {
        var length = Codec.Shape.Length;
        var images = pixels.Span.Slice(first * length, count * length);
        Codec.Decode(worker.Output.Bytes(row, count), images);
        if (!Finite.Are(images))
            throw Errors.ImagesNotFinite(Description.Path);
    }

    // In the order of the graph's roles.
    private static List<TensorSpec> Specs(Graph graph, int latentSize)
    {
        long[] row = graph.Latent!.Axes.Count == 2 ? [latentSize] : [latentSize, 1, 1];
        var specs = new List<TensorSpec> { new(graph.Latent.Name, TensorElementType.Float, row) };
        if (graph.Label is { } label)
            specs.Add(new(label.Name, TensorElementType.Int64, []));
        if (graph.Truncation is { } truncation)
            specs.Add(new(truncation.Name, TensorElementType.Float, []));
        if (graph.StyleMix is var (style, from))
            specs.AddRange([new(style.Name, TensorElementType.Float, [latentSize]), new(from.Name, TensorElementType.Float, [])]);
        return specs;
    }
}
