using GanOnnx.Inference.Images;
using GanOnnx.Inference.Inputs;
using GanOnnx.Inference.Runtime;
using Microsoft.ML.OnnxRuntime.Tensors;

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
    public static GeneratorModel Read(string path, Session session, ImageGeneratorOptions options)
    {
        var metadata = ModelContract.Metadata(path, session.Graph, "generate", ModelTask.Generate);
        var (inputs, outputs) = (session.Graph.Inputs(), session.Graph.Outputs());
        var taken = new ModelInputs(new(path, inputs, metadata, options));
        var output = ImageTensor.FindOutput(path, outputs, options.Pixels, options.PixelsOption);
        var fixedBatch = GraphSignature.FixedBatch(path, [.. inputs, output.Tensor]);
        ModelContract.CheckBatch(path, fixedBatch, options);

        var rows = fixedBatch ?? 1;
        var (classes, probe) = (taken.Label.Classes.Count, new Probe(path, session, taken.Tensors, output, rows));
        // The last class may not exist.
        var image = output.Shape is null || classes > 0
            ? ModelContract.Try(path, classes, () => probe.Shape(options.Pixels, buffers => Fill(buffers, 0, Math.Max(0, classes - 1))))
            : output;
        var form = new ImageMeaning(path, metadata, options.Pixels, options.PixelsOption).FormOf(image,
            () => ModelContract.Try(path, 0, () => probe.Range((buffers, index) => Fill(buffers, index, 0))));
        var made = new TensorSpec(image.Tensor.Name, image.IsBytes ? TensorElementType.UInt8 : TensorElementType.Float,
            [.. image.Tensor.Axes.Skip(1).Select(axis => (long)(axis.Length ?? form.Shape.Length))]);
        return new()
        {
            Inputs = taken,
            Form = form,
            Shape = BatchShape.Create(path, taken.Tensors, made, fixedBatch, session.OnGpu, options),
            Description = new(path, taken)
            {
                Inputs = inputs,
                Outputs = outputs,
                Metadata = metadata,
                Channels = output.Channels,
                Height = output.Height,
                Width = output.Width,
            },
        };

        void Fill(TensorBuffer[] buffers, int index, int label) =>
            taken.Fill(buffers, 0, new SeedRows(new(0, (ulong)(index * rows), label)), 0, rows);
    }
}

/// <summary>Images to generate.</summary>
internal readonly record struct GeneratorWork<TRows>(GeneratorModel Model, TRows Rows, ImageMemory Images) : IWork where TRows : struct,
    IRows
{
    public void Fill(Worker worker, int row, int first, int count) => Model.Inputs.Fill(worker.Inputs, row, Rows, first, count);

    public void Take(Worker worker, int row, int first, int count) => 
        Model.Form.Take(Model.Description.Path, worker.Output.Bytes(row, count), Images, first, count);
}
