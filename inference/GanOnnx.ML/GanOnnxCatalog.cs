using GanOnnx.Inference;
using GanOnnx.Inference.Models;
using GanOnnx.ML;
using GanOnnx.ML.Generating;
using GanOnnx.ML.Models;
using GanOnnx.ML.Saving;
using GanOnnx.ML.Tensors;
using GanOnnx.ML.Translating;
using Microsoft.ML.Data;
using Errors = GanOnnx.ML.Errors;

namespace Microsoft.ML;

/// <summary>Columns made by ONNX models in batches.</summary>
/// <remarks>
/// The models run on the CPU, or on the GPU that <c>MLContext.GpuDeviceId</c> or the options name. Whatever the batch size and
/// the number of threads, a row's values are the same up to the rounding of differently ordered sums (1e-5 on the CPU).
/// </remarks>
public static class GanOnnxCatalog
{
    /// <summary>Generates an image for each row.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">The images: <c>Vector&lt;Single, C, H, W&gt;</c>, −1 to 1, or as <see cref="ImageOptions.Pixels"/>
    /// says.</param>
    /// <param name="modelPath">An .onnx file, or a folder with <c>model.onnx</c>; see <see cref="ImageGenerator"/>.</param>
    /// <param name="inputColumnName">Latents (vectors of Single, Z long) or seeds (whole numbers; the row gets image 0 of its
    /// seed).</param>
    /// <param name="labelColumnName">Classes, by name (String) or number (an integer from 0). The default is null: the model has none, or
    /// each seed draws its own.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <exception cref="ModelException">The file can't be found, read, understood or run; the device can't be used.</exception>
    public static BatchedOnnxEstimator GenerateImages(
        this TransformsCatalog catalog, string outputColumnName, string modelPath, string inputColumnName,
        string? labelColumnName = null, GenerateImagesOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
        ArgumentException.ThrowIfNullOrEmpty(modelPath);
        ArgumentException.ThrowIfNullOrEmpty(inputColumnName);
        var context = ContextDevice.Of(catalog);
        return new(catalog, () => GenerateImagesModel.Load(modelPath,
            new(outputColumnName, inputColumnName, labelColumnName, Prompt: options?.PromptColumnName),
            options ?? new(), context));
    }

    /// <summary>Generates a sound for each row.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">The sounds: <c>Vector&lt;Single, C, S&gt;</c>, −1 to 1.</param>
    /// <param name="modelPath">An .onnx file, or a folder with <c>model.onnx</c>; see <see cref="SoundGenerator"/>.</param>
    /// <param name="inputColumnName">Latents (vectors of Single, Z long) or seeds (whole numbers; the row gets sound 0 of its
    /// seed).</param>
    /// <param name="labelColumnName">Classes, by name (String) or number (an integer from 0). The default is null: the model has none, or
    /// each seed draws its own.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <exception cref="ModelException">The file can't be found, read, understood or run, or makes no sounds; the device can't be
    /// used.</exception>
    public static BatchedOnnxEstimator GenerateSounds(
        this TransformsCatalog catalog, string outputColumnName, string modelPath, string inputColumnName,
        string? labelColumnName = null, BatchOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
        ArgumentException.ThrowIfNullOrEmpty(modelPath);
        ArgumentException.ThrowIfNullOrEmpty(inputColumnName);
        return Of(catalog, new(outputColumnName, inputColumnName, labelColumnName) { Kind = GeneratorKind.Sounds }, modelPath, options);
    }

    /// <summary>Generates a clip, a moving picture, for each row.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">The clips: <c>Vector&lt;Single, T, C, H, W&gt;</c>, −1 to 1.</param>
    /// <param name="modelPath">An .onnx file, or a folder with <c>model.onnx</c>; see <see cref="VideoGenerator"/>.</param>
    /// <param name="inputColumnName">Latents (vectors of Single: the content's values and then the motion's) or seeds (whole numbers; the
    /// row gets clip 0 of its seed).</param>
    /// <param name="labelColumnName">Classes, by name (String) or number (an integer from 0). The default is null: the model has none, or
    /// each seed draws its own.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <remarks>A model with such a column can't be saved: ML.NET gives a model's input one column, and a clip's latent has two
    /// inputs.</remarks>
    /// <exception cref="ModelException">The file can't be found, read, understood or run, or makes no clips; the device can't be
    /// used.</exception>
    public static BatchedOnnxEstimator GenerateClips(
        this TransformsCatalog catalog, string outputColumnName, string modelPath, string inputColumnName,
        string? labelColumnName = null, BatchOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
        ArgumentException.ThrowIfNullOrEmpty(modelPath);
        ArgumentException.ThrowIfNullOrEmpty(inputColumnName);
        return Of(catalog, new(outputColumnName, inputColumnName, labelColumnName) { Kind = GeneratorKind.Clips }, modelPath, options);
    }

    private static BatchedOnnxEstimator Of(TransformsCatalog catalog, GeneratorColumns columns, string modelPath, BatchOptions? options)
    {
        var context = ContextDevice.Of(catalog);
        return new(catalog, () => GenerateImagesModel.Load(modelPath, columns, new GenerateImagesOptions
        {
            BatchSize = options?.BatchSize,
            Parallelism = options?.Parallelism,
            GpuDeviceId = options?.GpuDeviceId,
            FallbackToCpu = options?.FallbackToCpu ?? false,
            Timeout = options?.Timeout,
        }, context));
    }

    /// <summary>The images of a seed as data: lazy, with a known number of rows, in any order, for several cursors at once.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="modelPath">An .onnx file, or a folder with <c>model.onnx</c>; see <see cref="ImageGenerator"/>.</param>
    /// <param name="count">How many images, at least 1: number 0 to <paramref name="count"/> − 1 of the seed.</param>
    /// <param name="seed">The seed. The default is 0.</param>
    /// <param name="labels">Classes, by name or number, that the images get in turn. The default is null: the model has none, or each
    /// image draws its own.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <exception cref="ModelException">The file can't be found, read, understood or run; the device can't be used; there is no such
    /// class.</exception>
    public static GeneratedImages GenerateImages(
        this DataOperationsCatalog catalog, string modelPath, long count, ulong seed = 0, IReadOnlyList<string>? labels = null,
        GenerateImagesOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(modelPath);
        if (count < 1)
            throw Errors.WrongCount(count);
        return ImageSource.Create(modelPath, count, seed, labels, options ?? new(), ContextDevice.Of(catalog));
    }

    /// <summary>Makes an image from each row's image.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">The images made: <c>Vector&lt;Single, C, H, W&gt;</c>, −1 to 1, or as
    /// <see cref="ImageOptions.Pixels"/> says.</param>
    /// <param name="modelPath">An .onnx file, or a folder with <c>model.onnx</c>: one image in, one out; see
    /// <see cref="ImageTranslator"/>.</param>
    /// <param name="inputColumnName">The images: vectors of Single [C, H, W], −1 to 1, or of Byte [H, W, C].</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <exception cref="ModelException">The file can't be found, read, understood or run; the device can't be used.</exception>
    public static BatchedOnnxEstimator TranslateImages(
        this TransformsCatalog catalog, string outputColumnName, string modelPath, string inputColumnName,
        TranslateImagesOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
        ArgumentException.ThrowIfNullOrEmpty(inputColumnName);
        var context = ContextDevice.Of(catalog);
        return new(catalog, () => TranslateImagesModel.Load(modelPath, outputColumnName, inputColumnName, options ?? new(), context));
    }

    /// <summary>
    /// What ApplyOnnxModel does, in batches: same columns, same types, same values. Tensors of numbers and booleans are supported.
    /// Lengths that the model leaves open are taken from the columns; the first axis is the batch's.
    /// </summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnNames">Outputs of the model, which the columns are named after; empty for all.</param>
    /// <param name="inputColumnNames">Inputs of the model, and the columns of the same names; empty for all.</param>
    /// <param name="modelFile">An .onnx file, or a folder with <c>model.onnx</c>.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <exception cref="ModelException">The file can't be found, read or understood; it has no such input or output; the device can't
    /// be used.</exception>
    public static BatchedOnnxEstimator ApplyOnnxModelBatched(
        this TransformsCatalog catalog, string[] outputColumnNames, string[] inputColumnNames, string modelFile,
            BatchOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(outputColumnNames);
        ArgumentNullException.ThrowIfNull(inputColumnNames);
        var context = ContextDevice.Of(catalog);
        return new(catalog, () => TensorModels.Apply(modelFile, outputColumnNames, inputColumnNames, options ?? new(), context));
    }

    /// <summary>The same for one output and one input.</summary>
    /// <inheritdoc cref="ApplyOnnxModelBatched(TransformsCatalog, string[], string[], string, BatchOptions?)"/>
    public static BatchedOnnxEstimator ApplyOnnxModelBatched(
        this TransformsCatalog catalog, string outputColumnName, string inputColumnName, string modelFile, BatchOptions? options = null) =>
        catalog.ApplyOnnxModelBatched([outputColumnName], [inputColumnName], modelFile, options);

    /// <summary>
    /// Loads what <c>mlContext.Model.Save</c> wrote, as <c>mlContext.Model.Load</c> does, and puts the batched transformers back in place,
    /// with their options. The models in it are checked before ONNX Runtime sees them, which <c>Model.Load</c> doesn't do.
    /// </summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="filePath">The saved pipeline.</param>
    /// <param name="inputSchema">The columns it expects.</param>
    /// <exception cref="ModelException">The file is damaged, a model in it could harm this process, or the pipeline was saved without its
    /// input's schema.</exception>
    public static ITransformer LoadBatched(this ModelOperationsCatalog catalog, string filePath, out DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return SavedPipeline.Load(catalog, filePath, out inputSchema);
    }
}
