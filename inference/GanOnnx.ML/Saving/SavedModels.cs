using GanOnnx.Inference.Images;
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
        if (output.Converts || Schemas.ItemType(schema[input.Column].Type) != input.Type)
            throw Errors.CantSave(model.Path,
                "ML.NET can't turn bytes into pixels of −1 to 1, nor back. Use columns of Single, or cast in the graph");
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
        var (inputs, form, made) = (model.Generator.Loaded.Inputs, model.Generator.Loaded.Form, model.Generator.Loaded.Shape.Output);
        var image = model.Generator.Model.Outputs.First(o => o.Name == made.Name);
        if (schema[columns.Input].Type is not VectorDataViewType)
            throw Errors.CantSave(path, $"ML.NET can't draw latents from seeds. Save a pipeline whose column '{columns.Input}' "
                + "holds latents");
        if (columns.Label is { } name && schema[name].Type != NumberDataViewType.Int64)
            throw Errors.CantSave(path, $"ML.NET can't look up the classes. Give the label column '{name}' as Int64");
        if (inputs.Taken.LastOrDefault(input => input != inputs.Latent && input != inputs.Label) is { } other)
            throw Errors.CantSave(path, $"ML.NET can't fill the input {other.Tensors[0].Name}. Export the model without it");
        if (!form.IsSameAs(ImageForm.Library(form.Shape)) && !form.IsSameAs(ImageForm.Picture(form.Shape)))
            throw Errors.CantSave(path, $"ML.NET can't turn {image} into pixels of -1 to 1, [C, H, W]. Export the model so");
        if (image.Type != (options.Pixels == PixelType.Byte ? "uint8" : "float32"))
            throw Errors.CantSave(path, $"ML.NET can't turn {image} into {options.Pixels}. Set the option Pixels to what the model makes");

        var latent = inputs.Latent.Tensors[0].Name;
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
            inputs.Label.IsTaken ? [(latent, columns.Input), (inputs.Label.Tensors[0].Name, columns.Label!)] : [(latent, columns.Input)],
            [(image.Name, columns.Output)]);
    }
}
