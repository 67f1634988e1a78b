using GanOnnx.ML.Columns;
using GanOnnx.ML.Generating;
using GanOnnx.ML.Tensors;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanOnnx.ML.Saving;

/// <summary>What is saved of graphs of tensors and of generators.</summary>
internal static class SavedModels
{
    public static SavedModel Describe(TensorModel model, string[] outputs, string[] inputs, BatchOptions options) => new(
        model.Path,
        new()
        {
            Method = SavedSettings.Apply,
            Outputs = outputs,
            Inputs = inputs,
            BatchSize = options.BatchSize,
            Parallelism = options.Parallelism,
        },
        [.. model.Inputs.Select(i => (i.Tensor.Name, i.Column))],
        // ML.NET names the columns of its own transform itself.
        [.. model.Outputs.Select(o => (o.Tensor.Name, o.Tensor.Name))]);

    public static SavedModel DescribeImages(TensorModel model, ImageOptions options, DataViewSchema schema)
    {
        var (input, output) = (model.Inputs[0], model.Outputs[0]);
        if (output.Converts || Schemas.ItemType(schema[input.Column].Type) != input.Tensor.Type)
            throw Errors.CantSave(model.Path, "ML.NET can't turn bytes into pixels of −1 to 1, nor back. Use columns of Single, or cast in the graph");
        return new(
            model.Path,
            new()
            {
                Method = SavedSettings.Translate,
                Outputs = [output.Column],
                Inputs = [input.Column],
                BatchSize = options.BatchSize,
                Parallelism = options.Parallelism,
                Pixels = options.Pixels,
            },
            [(input.Tensor.Name, input.Column)], [(output.Tensor.Name, output.Column)]);
    }

    public static SavedModel Describe(GenerateImagesModel model, DataViewSchema schema)
    {
        var (path, columns, options) = (model.Path, model.Columns, model.Options);
        var graph = model.Generator.Model;
        var latent = graph.Inputs.First(i => i.Axes.Count > 1);
        var image = graph.Outputs.FirstOrDefault(o => o.Name == "image") ?? graph.Outputs.First(o => o.Axes.Count == 4);
        if (schema[columns.Input].Type is not VectorDataViewType)
            throw Errors.CantSave(path, $"ML.NET can't draw latents from seeds. Save a pipeline whose column '{columns.Input}' holds latents");
        if (columns.Label is { } name && schema[name].Type != NumberDataViewType.Int64)
            throw Errors.CantSave(path, $"ML.NET can't look up the classes. Give the label column '{name}' as Int64");
        if (graph.HasStyleMixing)
            throw Errors.CantSave(path, "ML.NET can't fill the input style_mix. Export the model without it");
        if (graph.HasTruncation)
            throw Errors.CantSave(path, "ML.NET can't fill the input truncation. Export the model without it");
        if (!model.Generator.Codec.IsPlain && !model.Generator.Codec.IsByteImage)
            throw Errors.CantSave(path, $"ML.NET can't turn {image} into pixels of -1 to 1, [C, H, W]. Export the model so");
        if (image.Type != (options.Pixels == PixelType.Byte ? "uint8" : "float32"))
            throw Errors.CantSave(path, $"ML.NET can't turn {image} into {options.Pixels}. Set the option Pixels to what the model makes");

        var label = graph.Inputs.FirstOrDefault(i => i.Type == "int64");
        return new(
            path,
            new()
            {
                Method = SavedSettings.Generate,
                Outputs = [columns.Output],
                Inputs = [columns.Input],
                Label = columns.Label,
                BatchSize = options.BatchSize,
                Parallelism = options.Parallelism,
                Pixels = options.Pixels,
                Latent = options.Latent,
                Format = options.Format,
                Classes = [.. options.Classes],
            },
            label is null ? [(latent.Name, columns.Input)] : [(latent.Name, columns.Input), (label.Name, columns.Label!)],
            [(image.Name, columns.Output)]);
    }
}
