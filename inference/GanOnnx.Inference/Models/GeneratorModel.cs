using GanOnnx.Inference.Images;
using GanOnnx.Inference.Inputs;
using GanOnnx.Inference.Runtime;

namespace GanOnnx.Inference.Models;

/// <summary>What is known of a noise → image model once it is loaded: what to fill in, what to take out.</summary>
internal sealed class GeneratorModel
{
    public required ModelDescription Description { get; init; }

    public required ModelInputs Inputs { get; init; }

    /// <summary>The form of the images that the model makes.</summary>
    public required ImageForm Form { get; init; }

    public required BatchShape Shape { get; init; }

    /// <summary>Reads the file's metadata and graph, and makes an image where they leave something open.</summary>
    public static GeneratorModel Read(
        ModelContent content, Engine engine, ImageGeneratorOptions options, GeneratorKind kind, CancellationToken stop)
    {
        var (path, session) = (content.Path, engine.Session);
        var metadata = ModelContract.Metadata(path, session.Graph, kind.Verb, kind.Tasks);
        var (inputs, outputs) = (session.Graph.Inputs(), session.Graph.Outputs());
        var taken = new ModelInputs(new(path, inputs, metadata, options));
        var output = kind == GeneratorKind.Sounds ? SoundTensor.FindOutput(path, outputs, metadata)
            : kind == GeneratorKind.Clips ? VideoTensor.FindOutput(path, outputs, metadata)
            : ImageTensor.FindOutput(path, outputs, options.Pixels, options.CalledPixels);
        var fixedBatch = GraphSignature.FixedBatch(path, [.. taken.WithRows, output.Tensor]);
        ModelContract.CheckBatch(path, fixedBatch, options);

        var rows = fixedBatch ?? 1;
        using var limit = engine.Limit();
        var (classes, probe) = (taken.Label.Classes.Count, new Probe(path, session, taken.Tensors, output, rows, limit, stop));
        // The last class may not exist.
        var image = output.Shape is null || classes > 0
            ? ModelContract.Try(path, classes, limit, options,
                () => probe.Shape(options.Pixels, buffers => Fill(buffers, 0, Math.Max(0, classes - 1))))
            : output;
        var form = kind != GeneratorKind.Images ? ImageForm.Library(image.Shape!.Value) with { Type = image.Tensor.ElementType()!.Value }
            : new ImageMeaning(path, metadata, options.Pixels, options.CalledPixels).FormOf(image,
                () => ModelContract.Try(path, 0, limit, options, () => probe.Range((buffers, index) => Fill(buffers, index, 0))));
        var made = new TensorSpec(image.Tensor.Name, form.Type,
            [.. image.Tensor.Axes.Skip(1).Select(axis => (long)(axis.Length ?? form.Shape.Length))]);
        if (taken.StyleMix.IsTaken)
            taken.StyleMix.CountLayersWith(() => engine.Use(_ => CountLayers(path, engine, taken, image, rows, options)));
        return new()
        {
            Inputs = taken,
            Form = form,
            Shape = BatchShape.Create(path, taken.Tensors, made, fixedBatch, session.OnGpu, options),
            Description = new(content, taken)
            {
                Inputs = inputs,
                Outputs = outputs,
                Metadata = metadata,
                Channels = kind == GeneratorKind.Clips ? VideoTensor.ChannelsOf(output) : output.Channels,
                Height = output.Height,
                Width = output.Width,
            },
        };

        void Fill(TensorBuffer[] buffers, int index, int label) =>
            taken.Fill(buffers, 0, new SeedRows(new(0, (ulong)(index * rows), label)), 0, rows);
    }

    // Files don't say how many layers take a style: from the last one on, mixing another style in changes nothing.
    private static int CountLayers(string path, Engine engine, ModelInputs taken, ImageTensor image, int rows, ModelOptions options)
    {
        using var limit = engine.Limit();
        var probe = new Probe(path, engine.Session, taken.Tensors, image, rows, limit, default);
        var own = Mixed(StyleMixInput.BeyondAllLayers);
        var (none, all) = (-1, StyleMixInput.BeyondAllLayers);
        while (all - none > 1)
        {
            var middle = (none + all) / 2;
            if (Mixed(middle).AsSpan().SequenceEqual(own))
                all = middle;
            else
                none = middle;
        }
        return all;

        byte[] Mixed(int layer) => ModelContract.Try(path, 0, limit, options, () => probe.Images(buffers =>
            taken.Fill(buffers, 0, new SeedRows(new(0, Label: taken.Label.IsTaken ? 0 : null, StyleMix: new(1, layer))), 0, rows)));
    }
}

/// <summary>Images to generate.</summary>
internal readonly record struct GeneratorWork<TRows>(GeneratorModel Model, TRows Rows, ImageMemory Images) : IWork where TRows : struct,
    IRows
{
    public void Fill(Worker worker, int row, int first, int count) =>
        Model.Inputs.Fill(worker.Inputs, row, Rows, first, count);

    public void Take(Worker worker, int row, int first, int count) =>
        Model.Form.Take(Model.Description.Path, worker.Output.Bytes(row, count), Images, first, count);
}
