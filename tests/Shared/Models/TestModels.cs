using GanOnnx.Inference;
using GanOnnx.Onnx;
using static GanOnnx.Onnx.TensorProto.Types;

namespace GanOnnx.Tests.Shared.Models;

/// <summary>The models the tests run.</summary>
internal static class TestModels
{
    public const int LatentSize = 24;

    public static readonly ModelMetadata Metadata = new()
    {
        Architecture = "tiny",
        Latent = new(LatentDistribution.Normal, LatentSize),
        Pixels = new() { Channels = "rgb" },
    };

    /// <summary>A DCGAN in small: [N, 24] → 4×4 → 8×8 → 16×16, three channels, tanh.</summary>
    public static ModelBuilder Generator(ModelMetadata? metadata = null, string latent = "z")
    {
        var builder = new ModelBuilder().Input(latent, DataType.Float, "N", LatentSize);
        if (metadata is not null)
            builder.Metadata(metadata);
        return builder.Integers("column", -1, LatentSize, 1, 1).Node("Reshape", [latent, "column"], "x")
            .Layers("x", "image").Output("image", DataType.Float, "N", 3, 16, 16);
    }

    /// <summary>The same, 16 times as high and wide: 256 pixels.</summary>
    public static ModelBuilder Enlarged()
    {
        var builder = Generator();
        builder.Model.Graph.Output.Clear();
        return builder.Floats("scales", 1, 1, 16, 16).Node("Resize", ["image", "", "scales"], "larger", ModelBuilder.Text("mode", "linear"))
            .Output("larger", DataType.Float, "N", 3, 256, 256);
    }

    /// <summary>The same with a height that only shows when it runs: 16 + (sum of z − sum of z) rows are kept.</summary>
    public static ModelBuilder OpenHeight()
    {
        var builder = Generator(latent: "input.1");
        builder.Model.Graph.Output.Clear();
        return builder.Node("ReduceSum", ["input.1"], "sum").Node("Sub", ["sum", "sum"], "zero")
            .Node("Cast", ["zero"], "none", ModelBuilder.Int("to", (long)DataType.Int64))
            .Integers("one", 1).Node("Reshape", ["none", "one"], "more").Integers("sixteen", 16).Node("Add", ["sixteen", "more"], "till")
            .Integers("from", 0).Integers("axis", 2).Node("Slice", ["image", "from", "till", "axis"], "cropped")
            .Output("cropped", DataType.Float, "N", 3, "H", 16);
    }

    /// <summary>The same with a label: an embedding of each of the classes is added to the latent.</summary>
    public static ModelBuilder Conditional(string[] classes, int rows)
    {
        var builder = new ModelBuilder().Input("z", DataType.Float, "N", LatentSize).Input("label", DataType.Int64, "N");
        if (classes.Length > 0)
            builder.Metadata(Metadata with { Classes = classes });
        return builder.Weights("table", [rows, LatentSize], 3, 7).Node("Gather", ["table", "label"], "embedding")
            .Node("Add", ["z", "embedding"], "sum")
            .Integers("column", -1, LatentSize, 1, 1).Node("Reshape", ["sum", "column"], "x")
            .Layers("x", "image").Output("image", DataType.Float, "N", 3, 16, 16);
    }

    /// <summary>A latent [N, 24, 1, 1] as PyTorch's DCGAN example has it, times the truncation.</summary>
    public static ModelBuilder Truncated() => new ModelBuilder()
        .Input("noise", DataType.Float, "N", LatentSize, 1, 1).Input("truncation", DataType.Float, "N")
        .Integers("column", -1, 1, 1, 1).Node("Reshape", ["truncation", "column"], "factor")
        .Node("Mul", ["noise", "factor"], "x")
        .Layers("x", "picture").Output("picture", DataType.Float, "N", 3, 16, 16);

    /// <summary>
    /// Three layers with styles: channel k of the one pixel only shows the style of layer k, so that a test can tell whose it is.
    /// Its inputs are in no particular order.
    /// </summary>
    public static ModelBuilder Styled(params string[] classes) => new ModelBuilder()
        .Input("style_mix", DataType.Float, "N", LatentSize).Input("style_mix_from", DataType.Float, "N")
            .Input("truncation", DataType.Float, "N")
        .Input("label", DataType.Int64, "N").Input("z", DataType.Float, "N", LatentSize)
        .Metadata(Metadata with { Classes = classes })
        .Integers("column", -1, 1).Node("Reshape", ["truncation", "column"], "factor").Node("Reshape", ["style_mix_from", "column"], "from")
        .Weights("mapping", [LatentSize, 3], 0.2f, 4).Weights("table", [classes.Length, 3], 0.5f, 5)
            .Node("Gather", ["table", "label"], "embedding")
        .Node("MatMul", ["z", "mapping"], "w").Node("Add", ["w", "embedding"], "labelled").Node("Mul", ["labelled", "factor"], "style")
        .Node("MatMul", ["style_mix", "mapping"], "w2").Node("Add", ["w2", "embedding"], "labelled2")
            .Node("Mul", ["labelled2", "factor"], "style2")
        .Floats("layers", 0, 1, 2).Node("Sub", ["from", "layers"], "above").Scalar("zero", 0).Scalar("one", 1)
            .Node("Clip", ["above", "zero", "one"], "kept")
        .Node("Sub", ["style", "style2"], "difference").Node("Mul", ["difference", "kept"], "own").Node("Add", ["own", "style2"], "mixed")
        .Node("Tanh", ["mixed"], "colour").Integers("pixel", -1, 3, 1, 1).Node("Reshape", ["colour", "pixel"], "image")
        .Output("image", DataType.Float, "N", 3, 1, 1);

    /// <summary>The label of each image as its one grey pixel, so that a test can read it back.</summary>
    public static ModelBuilder LabelAsPixel(params string[] classes) => new ModelBuilder()
        .Input("z", DataType.Float, "N", LatentSize).Input("label", DataType.Int64, "N")
        .Metadata(Metadata with { Classes = classes, Pixels = new() { Channels = "grey" } })
        .Integers("column", -1, 1, 1, 1).Node("Reshape", ["label", "column"], "column of labels")
        .Node("Cast", ["column of labels"], "labels", ModelBuilder.Int("to", (long)DataType.Float))
        .Node("ReduceSum", ["z", "axes"], "sum").Integers("axes", 1).Node("Reshape", ["sum", "column"], "sums")
        .Node("Sub", ["sums", "sums"], "zeros").Node("Add", ["labels", "zeros"], "image")
        .Output("image", DataType.Float, "N", 1, 1, 1);

    /// <summary>One pixel of the colours that the prompt names, as <see cref="ColourEncoder"/> has them.</summary>
    public static ModelBuilder Coloured(params string[] examples) => new ModelBuilder()
        .Input("z", DataType.Float, "N", LatentSize).Input("text", DataType.Float, "N", 3)
        .Metadata(Metadata with
        {
            Task = ModelTask.TextToImage,
            Text = new()
            {
                Encoder = "colours",
                Sha256 = new('c', 64),
                Size = 3,
                Examples = examples,
                Vectors = examples.SelectMany(ColourEncoder.VectorOf).ToArray(),
            },
        })
        .Node("ReduceSum", ["z", "axes"], "sum").Integers("axes", 1).Node("Sub", ["sum", "sum"], "zeros").Node("Add", ["text", "zeros"], "colour")
        .Integers("pixel", -1, 3, 1, 1).Node("Reshape", ["colour", "pixel"], "image").Output("image", DataType.Float, "N", 3, 1, 1);

    /// <summary>A flat picture of 16 × 16 pixels, whose colour depends on the sentence and a little on the seed, for the encoder
    /// all-MiniLM-L6-v2.</summary>
    public static ModelBuilder OfSentences(IReadOnlyList<string> examples, ReadOnlyMemory<float> vectors) => new ModelBuilder()
        .Input("z", DataType.Float, "N", LatentSize).Input("text", DataType.Float, "N", 384)
        .Metadata(Metadata with
        {
            Task = ModelTask.TextToImage,
            Text = new()
            {
                Encoder = "all-MiniLM-L6-v2",
                Sha256 = "4a64cee3d4134bbdc86eed96e1a660efec58975417204ecfcf134140edb6e0e2",
                Size = 384,
                Examples = examples,
                Vectors = vectors,
            },
        })
        .Weights("words", [384, 3], 1, 1).Node("MatMul", ["text", "words"], "said").Weights("seeds", [LatentSize, 3], 0.05f, 2)
        .Node("MatMul", ["z", "seeds"], "drawn").Node("Add", ["said", "drawn"], "both").Node("Tanh", ["both"], "colour")
        .Integers("pixel", -1, 3, 1, 1).Node("Reshape", ["colour", "pixel"], "one").Floats("scales", 1, 1, 16, 16)
        .Node("Resize", ["one", "", "scales"], "image", ModelBuilder.Text("mode", "nearest")).Output("image", DataType.Float, "N", 3, 16, 16);

    /// <summary>Clips of 4 frames of 3 × 4 pixels at 5 a second: frame t is the content by a matrix plus frame t's motion by another one,
    /// plus the class's picture, through tanh.</summary>
    public static ModelBuilder Moving(string[] classes, int channels = 1, double? rate = 5, string output = "video", int content = 6, int motion = 2)
    {
        const int Frames = 4, Height = 3, Width = 4;
        var pixels = channels * Height * Width;
        var builder = new ModelBuilder().Input("z_content", DataType.Float, "N", content).Input("z_motion", DataType.Float, "N", Frames, motion);
        if (classes.Length > 0)
            builder.Input("label", DataType.Int64, "N");
        builder.Metadata(Metadata with
        {
            Task = ModelTask.Video,
            Latent = new(LatentDistribution.Normal, content + Frames * motion),
            Classes = classes,
            Video = rate is { } frames ? new(frames) : null,
        });
        builder.Weights("of_content", [content, pixels], 0.5f, 3).Node("MatMul", ["z_content", "of_content"], "stays")
            .Integers("as_frames", -1, 1, pixels).Node("Reshape", ["stays", "as_frames"], "still")
            .Weights("of_motion", [motion, pixels], 0.5f, 5).Node("MatMul", ["z_motion", "of_motion"], "moves")
            .Node("Add", ["still", "moves"], "moving");
        if (classes.Length > 0)
            builder.Weights("kinds", [classes.Length, pixels], 1, 7).Node("Gather", ["kinds", "label"], "kind")
                .Node("Reshape", ["kind", "as_frames"], "kind_of_frames").Node("Add", ["moving", "kind_of_frames"], "all");
        return builder.Node("Tanh", [classes.Length > 0 ? "all" : "moving"], "flat").Integers("shape", -1, Frames, channels, Height, Width)
            .Node("Reshape", ["flat", "shape"], output).Output(output, DataType.Float, "N", Frames, channels, Height, Width);
    }

    /// <summary>Sounds of 32 values a channel at 8,000 Hz: z by a matrix, plus the class's number in the first value, all through
    /// tanh.</summary>
    public static ModelBuilder Sounding(string[] classes, int channels = 1, int? rate = 8000, string output = "audio", ModelTask task = ModelTask.Sound)
    {
        var builder = new ModelBuilder().Input("z", DataType.Float, "N", LatentSize);
        if (classes.Length > 0)
            builder.Input("label", DataType.Int64, "N");
        builder.Metadata(Metadata with { Task = task, Pixels = null, Classes = classes, Audio = rate is { } hertz ? new(hertz) : null })
            .Weights("mix", [LatentSize, channels * 32], 0.3f, 9).Node("MatMul", ["z", "mix"], "mixed").Integers("shape", -1, channels, 32);
        if (classes.Length > 0)
            builder.Weights("voices", [classes.Length, channels * 32], 1, 11).Node("Gather", ["voices", "label"], "voice")
                .Node("Add", ["mixed", "voice"], "said");
        return builder.Node("Tanh", [classes.Length > 0 ? "said" : "mixed"], "flat").Node("Reshape", ["flat", "shape"], output)
            .Output(output, DataType.Float, "N", channels, 32);
    }

    private static ModelBuilder Layers(this ModelBuilder builder, string input, string output) => builder
        .Weights("w1", [LatentSize, 32, 4, 4], 0.3f, 1).Node("ConvTranspose", [input, "w1"], "a1").Node("Relu", ["a1"], "r1")
        .Weights("w2", [32, 16, 4, 4], 0.1f, 2).Node("ConvTranspose", ["r1", "w2"], "a2", Doubling).Node("Relu", ["a2"], "r2")
        .Weights("w3", [16, 3, 4, 4], 0.5f, 3).Node("ConvTranspose", ["r2", "w3"], "a3", Doubling).Node("Tanh", ["a3"], output);

    private static AttributeProto[] Doubling => [ModelBuilder.Ints("strides", 2, 2), ModelBuilder.Ints("pads", 1, 1, 1, 1)];
}
