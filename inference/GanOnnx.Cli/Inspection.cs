using System.Globalization;
using GanOnnx.CommandLine;
using GanOnnx.Inference;
using GanOnnx.Inference.Models;
using GanOnnx.Inference.Runtime;

namespace GanOnnx.Cli;

/// <summary>What can be told of any ONNX file, and of one that makes images.</summary>
/// <param name="Inputs">The graph's.</param>
/// <param name="Outputs">The graph's.</param>
/// <param name="Metadata">What the file says of itself; null for one of others, or where it can't be read.</param>
/// <param name="Model">What was understood; null where that isn't enough to make images.</param>
/// <param name="Understood">The same in a few words; null where it is nothing.</param>
/// <param name="Missing">What is missing to make images with it, a sentence; null where nothing is.</param>
internal sealed record Inspection(IReadOnlyList<TensorDescription> Inputs, IReadOnlyList<TensorDescription> Outputs,
    ModelMetadata? Metadata, ModelDescription? Model, string? Understood, string? Missing)
{
    /// <summary>Loads the model as one that makes images of noise, else of images.</summary>
    public static Inspection Of(ModelContent content, ImageGeneratorOptions options, CancellationToken stop)
    {
        var inspection = new Inspection(content.Inputs(), content.Outputs(), Read(content), null, null, null);
        if (inspection.Metadata?.Task is ModelTask.Sound)
            return inspection.AsSounds(content.Path, stop);
        if (inspection.Metadata?.Task is ModelTask.Video)
            return inspection.AsClips(content.Path, stop);
        var generate = inspection.AsGenerator(content.Path, options, stop);
        if (generate.Model is not null || inspection.Metadata?.Task is ModelTask.Generate or ModelTask.TextToImage)
            return generate;
        var translate = inspection.AsTranslator(content.Path, options, stop);
        if (translate.Model is not null || inspection.Metadata?.Task is ModelTask.Translate or ModelTask.Upscale)
            return translate;
        if (inspection.Metadata?.Task is ModelTask.Score)
            return inspection with { Understood = "a model to score images, which no verb makes images with" };
        return inspection.Inputs is [{ Axes: [_, _, { Length: not 1 }, _] }] ? translate : generate;
    }

    private Inspection AsGenerator(string path, ImageGeneratorOptions options, CancellationToken stop)
    {
        try
        {
            using var generator = ImageGenerator.Load(path, options with { Device = Device.Cpu }, stop);
            // Found by trying, as long as the model is open.
            _ = generator.Model.StyleLayers;
            var form = generator.Loaded.Form;
            return this with
            {
                Model = generator.Model,
                Understood = $"noise to images of {form.Shape}, {form.Range.Lowest} to {form.Range.Highest}"
                + (form.IsBgr ? ", blue first" : "")
            };
        }
        catch (ModelException e)
        {
            return this with { Missing = e.Message };
        }
    }

    private Inspection AsSounds(string path, CancellationToken stop)
    {
        try
        {
            using var generator = SoundGenerator.Load(path, new() { Device = Device.Cpu }, stop);
            return this with
            {
                Model = generator.Model,
                Understood = string.Create(CultureInfo.InvariantCulture, $"noise to sounds of {generator.Samples / (double)generator.Rate:0.00} s, "
                    + $"{generator.Channels} × {generator.Samples:#,0} values at {generator.Rate:#,0} Hz, -1 to 1"),
            };
        }
        catch (ModelException e)
        {
            return this with { Missing = e.Message };
        }
    }

    private Inspection AsClips(string path, CancellationToken stop)
    {
        try
        {
            using var generator = VideoGenerator.Load(path, new() { Device = Device.Cpu }, stop);
            return this with
            {
                Model = generator.Model,
                Understood = string.Create(CultureInfo.InvariantCulture, $"noise to clips of {generator.Frames} frames of {generator.Channels} × "
                    + $"{generator.Height} × {generator.Width}, {generator.FramesPerSecond} a second, -1 to 1"),
            };
        }
        catch (ModelException e)
        {
            return this with { Missing = e.Message };
        }
    }

    private Inspection AsTranslator(string path, ImageGeneratorOptions options, CancellationToken stop)
    {
        try
        {
            using var translator = ImageTranslator.Load(path, new()
            {
                Device = Device.Cpu,
                Input = options.Pixels,
                Output = options.Pixels with { Shape = null },
                Called = FormatOptions.Called,
            }, stop);
            return this with { Model = translator.Model, Understood = "images to images" };
        }
        catch (ModelException e)
        {
            return this with { Missing = e.Message };
        }
    }

    private static ModelMetadata? Read(ModelContent content)
    {
        try
        {
            return ModelMetadata.FromProperties(content.Metadata);
        }
        catch (ModelException)
        {
            // Loading says what is wrong with them.
            return null;
        }
    }
}
