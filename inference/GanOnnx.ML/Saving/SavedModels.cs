using GanOnnx.Inference.Images;
using GanOnnx.Inference.Models;
using GanOnnx.ML.Columns;
using GanOnnx.ML.Generating;
using GanOnnx.ML.Tensors;
using GanOnnx.ML.Translating;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanOnnx.ML.Saving;

/// <summary>What is saved of graphs of tensors and of generators.</summary>
internal static class SavedModels
{
    public static SavedModel Describe(TensorModel model, string[] outputs, string[] inputs, BatchOptions options) => new(
        model.Path,
        model.Sha256,
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

    public static SavedModel Describe(TranslateImagesModel model, DataViewSchema schema)
    {
        var (loaded, options, column) = (model.Translator.Loaded, model.Options, schema[model.InputColumn]);
        var (takes, makes) = loaded.Forms;
        if (!IsColumn(takes, isByte: Schemas.ItemType(column.Type) == NumberDataViewType.Byte)
            || !IsColumn(makes, isByte: options.Pixels == PixelType.Byte))
            throw Errors.CantSave(model.Path,
                "ML.NET can't turn pixels into those that the model takes, nor what it makes into the column's. Use columns of what the "
                + "model has, or convert in the graph");
        return new(
            model.Path,
            model.Sha256,
            new()
            {
                Method = SavedSettings.Translate,
                Outputs = [model.OutputColumn],
                Inputs = [model.InputColumn],
                BatchSize = options.BatchSize,
                Parallelism = options.Parallelism,
                Pixels = options.Pixels,
                Format = options.Input,
                OutputFormat = options.Output,
            },
            [(loaded.Source.Tensor.Name, model.InputColumn)], [(loaded.Image.Tensor.Name, model.OutputColumn)]);

        static bool IsColumn(ImageForm form, bool isByte) =>
            form.IsSameAs(isByte ? ImageForm.Picture(form.Shape) : ImageForm.Library(form.Shape));
    }

    public static SavedModel Describe(GenerateImagesModel model, DataViewSchema schema)
    {
        var (path, columns, options) = (model.Path, model.Columns, model.Options);
        var (inputs, form, made) = (model.Generator.Loaded.Inputs, model.Generator.Loaded.Form, model.Generator.Loaded.Shape.Output);
        var image = model.Generator.Model.Outputs.First(o => o.Name == made.Name);
        if (columns.Kind == GeneratorKind.Clips)
            throw Errors.CantSave(path, "a clip's latent has two inputs, and ML.NET gives an input a column of its own");
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
            model.Sha256,
            new()
            {
                Method = columns.Kind == GeneratorKind.Sounds ? SavedSettings.Sounds : SavedSettings.Generate,
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
