using GanOnnx.Inference;
using GanOnnx.Inference.Models;
using GanOnnx.ML.Columns;
using GanOnnx.ML.Cursors;
using GanOnnx.ML.Models;
using GanOnnx.ML.Saving;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanOnnx.ML.Generating;

/// <summary>Noise to image, through the inference library; to sound, which is an image of height 1 there, or to clip, one of all frames'
/// channels.</summary>
internal sealed class GenerateImagesModel(
    ImageGenerator generator, GeneratorColumns columns, GenerateImagesOptions options) : BatchModel
{
    public ImageGenerator Generator => generator;

    public GeneratorColumns Columns => columns;

    public GenerateImagesOptions Options => options;

    public ImageShape Image => generator.Loaded.Form.Shape;

    private int FrameChannels => generator.Model.Channels!.Value;

    public override string Path => generator.Model.Path;

    public override string Sha256 => generator.Model.Sha256;

    public override string Provider => generator.Provider;

    public override int BatchSize => generator.BatchSize;

    public static GenerateImagesModel Load(string path, GeneratorColumns columns, GenerateImagesOptions options, ContextDevice context)
    {
        options.Check();
        var device = context.Choose(options);
        var asked = new ImageGeneratorOptions
        {
            Device = device,
            BatchSize = options.BatchSize,
            Threads = 1,
            Latent = options.Latent,
            Classes = options.Classes,
            Pixels = options.Format,
            TextEncoder = options.TextEncoder,
            Timeout = options.Timeout,
            Called = static option => $"the option {option.Replace("Pixels", nameof(options.Format), StringComparison.Ordinal)}",
        };
        var generator = ImageGenerator.LoadRows(columns.Kind, path, asked, default);
        try
        {
            generator.Loaded.Inputs.Truncation.Check(generator.Model, new(0, Truncation: options.Truncation));
            return new(generator, columns, options) { Parallelism = context.Parallelism(options, generator.Provider) };
        }
        catch
        {
            generator.Dispose();
            throw;
        }
    }

    /// <summary>The same model with its labels in a column; it takes this one's place.</summary>
    public GenerateImagesModel WithLabel(string column) =>
        new(generator, columns with { Label = column }, options) { Parallelism = Parallelism };

    public override IEnumerable<DataViewSchema.DetachedColumn> Check(SchemaShape input)
    {
        var source = Schemas.Find(input, columns.Input);
        var isVector = source.Kind != SchemaShape.Column.VectorKind.Scalar;
        columns.CheckInput(Path, source.ItemType, isVector);
        CheckLabel(columns.Label is null ? null : Schemas.Type(Schemas.Find(input, columns.Label)), isVector);
        CheckPrompt(columns.Prompt is null ? null : Schemas.Type(Schemas.Find(input, columns.Prompt)), isVector);
        return [Output];
    }

    public override Binding Bind(DataViewSchema input)
    {
        var source = Schemas.Find(input, columns.Input);
        columns.CheckInput(Path, Schemas.ItemType(source.Type), source.Type is VectorDataViewType);
        if (source.Type is VectorDataViewType { IsKnownSize: true } vector && vector.Size != generator.Model.LatentSize)
            throw Errors.WrongSize(source, generator.Model.LatentSize, $"a latent of '{Path}'");
        var label = columns.Label is null ? (DataViewSchema.Column?)null : Schemas.Find(input, columns.Label);
        CheckLabel(label?.Type, source.Type is VectorDataViewType);
        var prompt = columns.Prompt is null ? (DataViewSchema.Column?)null : Schemas.Find(input, columns.Prompt);
        CheckPrompt(prompt?.Type, source.Type is VectorDataViewType);
        return new GeneratorBinding(this, source, label, prompt);
    }

    public override SavedModel Describe(DataViewSchema input) => SavedModels.Describe(this, input);

    public DataViewSchema.DetachedColumn Output => new(columns.Output, columns.Kind == GeneratorKind.Sounds
        ? new VectorDataViewType(NumberDataViewType.Single, Image.Channels, Image.Width) : columns.Kind == GeneratorKind.Clips
        ? new VectorDataViewType(NumberDataViewType.Single, Image.Channels / FrameChannels, FrameChannels, Image.Height, Image.Width)
            : options.Pixels == PixelType.Byte
        ? new VectorDataViewType(NumberDataViewType.Byte, Image.Height, Image.Width, Image.Channels)
        : new VectorDataViewType(NumberDataViewType.Single, Image.Channels, Image.Height, Image.Width));

    protected override void Free() => generator.Dispose();

    protected override void Stop() => generator.Stop();

    private void CheckLabel(DataViewType? type, bool isLatent)
    {
        if (type is null)
        {
            if (generator.Model.IsConditional && (isLatent || generator.Model.Classes.Count == 0))
                throw Errors.NoLabelColumn(Path, isLatent);
            return;
        }

        if (!generator.Model.IsConditional)
            throw Errors.Unconditional(Path, columns.Label!);
        if (type is not TextDataViewType && !Integers.Are(type))
            throw Errors.WrongLabelType(columns.Label!, type);
    }

    private void CheckPrompt(DataViewType? type, bool isLatent)
    {
        if (type is null)
            return;
        if (!generator.Model.HasPrompt)
            throw Errors.NoPrompts(Path, columns.Prompt!);
        if (isLatent)
            throw Errors.PromptsOfLatents(columns.Prompt!, columns.Input);
        if (type is not TextDataViewType)
            throw Errors.WrongPromptType(columns.Prompt!, type);
    }
}
