using GanOnnx.Export.Graphs;
using TorchSharp;
using TorchSharp.Modules;
using static GanOnnx.Onnx.Editing.Attributes;
using static TorchSharp.torch;

namespace GanOnnx.Export.Converters;

/// <summary>How a module type becomes operators.</summary>
/// <param name="Operators">The ONNX operators it becomes, for the coverage table.</param>
/// <param name="Convert">Adds them and gives the outputs' names.</param>
/// <param name="CheckShape">
/// Throws where the input's shape isn't the module's; gets the module, the shape and the module's name in a sentence.
/// Before the module is run: some of libtorch's errors can't be caught.
/// </param>
internal sealed record KnownModule(
    string Operators, Func<Layer, IReadOnlyList<string>> Convert, Action<nn.Module, long[], string> CheckShape);

/// <summary>Which module type becomes which operators. A new type is one line here.</summary>
internal static class KnownModules
{
    private static readonly Dictionary<Type, KnownModule> _converters = [];
    private static readonly string[] _signal = ["N", "C", "L"], _image = ["N", "C", "H", "W"], _volume = ["N", "C", "D", "H", "W"];

    // Dispatch is by .NET type: a module's GetName() isn't reliable (BatchNorm2d says "BatchNorm1d").
    static KnownModules()
    {
        AddLinears();
        AddConvolutions();
        AddNormalization();
        AddActivations();
        AddPooling();
        AddResampling();
        AddPadding();
        AddShapes();
        AddEmbeddings();
        AddDropout();
        AddSequences();
    }

    /// <summary>The types that can be exported.</summary>
    public static IReadOnlyDictionary<Type, KnownModule> Converters => _converters;

    /// <summary>The types of TorchSharp that can't be exported, with the reason as the rest of a sentence.</summary>
    public static IReadOnlyDictionary<string, string> NotCovered { get; } = new Dictionary<string, string>
    {
        ["AdaptiveMaxPool3d"] = "TorchSharp 0.106 runs it as a pooling of one axis, which refuses five. Use MaxPool3d.",
        ["FractionalMaxPool2d"] = Random,
        ["FractionalMaxPool3d"] = Random,
        ["MaxUnpool1d"] = Places,
        ["MaxUnpool2d"] = Places,
        ["MaxUnpool3d"] = Places,
        ["BCELoss"] = Loss,
        ["BCEWithLogitsLoss"] = Loss,
        ["CosineEmbeddingLoss"] = Loss,
        ["CrossEntropyLoss"] = Loss,
        ["CTCLoss"] = Loss,
        ["GaussianNLLLoss"] = Loss,
        ["HingeEmbeddingLoss"] = Loss,
        ["HuberLoss"] = Loss,
        ["KLDivLoss"] = Loss,
        ["L1Loss"] = Loss,
        ["MarginRankingLoss"] = Loss,
        ["MSELoss"] = Loss,
        ["MultiLabelMarginLoss"] = Loss,
        ["MultiLabelSoftMarginLoss"] = Loss,
        ["MultiMarginLoss"] = Loss,
        ["NLLLoss"] = Loss,
        ["PoissonNLLLoss"] = Loss,
        ["SmoothL1Loss"] = Loss,
        ["SoftMarginLoss"] = Loss,
        ["TripletMarginLoss"] = Loss,
        ["TripletMarginWithDistanceLoss"] = Loss,
        ["ScriptModule"] = "TorchScript hides its operators. Build the module in TorchSharp and load its weights.",
    };

    private const string
        Loss = "a loss is for training. Export the network that it trains.",
        Random = "it draws its windows at random at each run. Use MaxPool or AdaptiveMaxPool.",
        Places = "it needs the places of the largest values, which only a pooling's forward_with_indices gives, not its call. Use "
            + "ConvTranspose or Upsample.";

    private static void AddLinears()
    {
        Add<Linear>("Gemm; MatMul, Add", Linears.Linear, m => ["N", "*", $"{m.in_features}"]);
        Add<Bilinear>("MatMul, Reshape, Squeeze, Add", Linears.Bilinear, m => ["N", "*", $"{m.in1_features}"]);
        Add<CosineSimilarity>("Mul, ReduceSum, ReduceL2, Clip, Div", Distances.CosineSimilarity);
        Add<PairwiseDistance>("Sub, Add, ReduceL2", Distances.PairwiseDistance);
    }

    private static void AddConvolutions()
    {
        Add<Conv1d>("Conv; Pad", Convolutions.Conv, m => ["N", $"{m.in_channels}", "L"]);
        Add<Conv2d>("Conv; Pad", Convolutions.Conv, m => ["N", $"{m.in_channels}", "H", "W"]);
        Add<Conv3d>("Conv; Pad", Convolutions.Conv, m => ["N", $"{m.in_channels}", "D", "H", "W"]);
        Add<ConvTranspose1d>("ConvTranspose", Convolutions.ConvTranspose, m => ["N", $"{m.in_channels}", "L"]);
        Add<ConvTranspose2d>("ConvTranspose", Convolutions.ConvTranspose, m => ["N", $"{m.in_channels}", "H", "W"]);
        Add<ConvTranspose3d>("ConvTranspose", Convolutions.ConvTranspose, m => ["N", $"{m.in_channels}", "D", "H", "W"]);
        Add<Unfold>("Conv, Reshape", Convolutions.Unfold, _ => _image);
        Add<Fold>("Reshape, ConvTranspose", Convolutions.Fold, _ => _signal);
    }

    private static void AddNormalization()
    {
        Add<BatchNorm1d>("BatchNormalization", Normalization.BatchNorm, m => ["N", $"{m.num_features}", "*"]);
        Add<BatchNorm2d>("BatchNormalization", Normalization.BatchNorm, m => ["N", $"{m.num_features}", "H", "W"]);
        Add<BatchNorm3d>("BatchNormalization", Normalization.BatchNorm, m => ["N", $"{m.num_features}", "D", "H", "W"]);
        Add<InstanceNorm1d>("InstanceNormalization; BatchNormalization", Normalization.InstanceNorm, m => ["N", $"{m.num_features}", "L"]);
        Add<InstanceNorm2d>("InstanceNormalization; BatchNormalization", Normalization.InstanceNorm,
            m => ["N", $"{m.num_features}", "H", "W"]);
        Add<InstanceNorm3d>("InstanceNormalization; BatchNormalization", Normalization.InstanceNorm,
            m => ["N", $"{m.num_features}", "D", "H", "W"]);
        Add<LayerNorm>("LayerNormalization", Normalization.LayerNorm, m => ["N", "*", .. m.normalized_shape.Select(s => $"{s}")]);
        Add<GroupNorm>("Reshape, InstanceNormalization, Mul, Add", Normalization.GroupNorm);
        Add<LocalResponseNorm>("LRN; Mul, Conv, Pow, Div", Normalization.LocalResponseNorm);
    }

    private static void AddActivations()
    {
        Add<CELU>("Celu", (layer, m) => layer.Add("Celu", Attribute("alpha", (float)m.alpha)));
        Add<ELU>("Elu", (layer, m) => layer.Add("Elu", Attribute("alpha", (float)m.alpha)));
        Add<GELU>("Gelu; Div, Erf, Add, Mul", (layer, _) => layer.Graph.Gelu(layer.Path, layer.Input));
        Add<GLU>("Split, Sigmoid, Mul", Activations.Glu);
        Add<Hardshrink>("Shrink", (layer, m) => layer.Add("Shrink", Attribute("lambd", (float)m.lambda)));
        Add<Hardsigmoid>("HardSigmoid", (layer, _) => layer.Add("HardSigmoid", Attribute("alpha", 1 / 6f)));
        Add<Hardswish>("HardSwish", (layer, _) => layer.Add("HardSwish"));
        Add<Hardtanh>("Clip", Activations.Hardtanh);
        Add<LeakyReLU>("LeakyRelu", (layer, m) => layer.Add("LeakyRelu", Attribute("alpha", (float)m.negative_slope)));
        Add<LogSigmoid>("Neg, Softplus, Neg", (layer, _) => Activations.LogSigmoid(layer));
        Add<LogSoftmax>("LogSoftmax", (layer, m) => layer.Add("LogSoftmax", Activations.Along(layer, m.dim)));
        Add<Mish>("Softplus, Tanh, Mul", (layer, _) => Activations.Mish(layer));
        Add<PReLU>("PRelu", Activations.PRelu);
        Add<ReLU>("Relu", (layer, _) => layer.Add("Relu"));
        Add<ReLU6>("Clip", (layer, _) => layer.Graph.Clip(layer.Path, layer.Input, 0, 6));
        Add<RReLU>("LeakyRelu", (layer, m) => layer.Add("LeakyRelu", Attribute("alpha", (float)((m.lower + m.upper) / 2))));
        Add<SELU>("Selu", (layer, _) => layer.Add("Selu"));
        Add<Sigmoid>("Sigmoid", (layer, _) => layer.Add("Sigmoid"));
        Add<SiLU>("Sigmoid, Mul", (layer, _) => Activations.Silu(layer));
        Add<Softmax>("Softmax", (layer, m) => layer.Add("Softmax", Activations.Along(layer, m.dim)));
        Add<Softmax2d>("Softmax", (layer, _) => layer.Add("Softmax", Activations.Along(layer, -3)));
        Add<Softmin>("Neg, Softmax", Activations.Softmin);
        Add<Softplus>("Softplus", Activations.Softplus);
        Add<Softshrink>("Shrink", (layer, m) =>
            layer.Add("Shrink", Attribute("bias", (float)m.lambda), Attribute("lambd", (float)m.lambda)));
        Add<Softsign>("Softsign", (layer, _) => layer.Add("Softsign"));
        Add<Tanh>("Tanh", (layer, _) => layer.Add("Tanh"));
        Add<Tanhshrink>("Tanh, Sub", (layer, _) => Activations.Tanhshrink(layer));
        Add<Threshold>("Greater, Where", Activations.Threshold);
    }

    private static void AddPooling()
    {
        Add<MaxPool1d>("MaxPool", Pooling.Max, _ => _signal);
        Add<MaxPool2d>("MaxPool", Pooling.Max, _ => _image);
        Add<MaxPool3d>("MaxPool", Pooling.Max, _ => _volume);
        Add<AvgPool1d>("AveragePool", Pooling.Average, _ => _signal);
        Add<AvgPool2d>("AveragePool", Pooling.Average, _ => _image);
        Add<AvgPool3d>("AveragePool", Pooling.Average, _ => _volume);
        Add<LPPool1d>("LpPool; Pow, AveragePool, Mul, Pow", Pooling.Lp, _ => _signal);
        Add<LPPool2d>("LpPool; Pow, AveragePool, Mul, Pow", Pooling.Lp, _ => _image);
        Add<AdaptiveAvgPool1d>("GlobalAveragePool; AveragePool; Gather, Mul, ReduceSum", AdaptivePooling.Average, _ => _signal);
        Add<AdaptiveAvgPool2d>("GlobalAveragePool; AveragePool; Gather, Mul, ReduceSum", AdaptivePooling.Average, _ => _image);
        Add<AdaptiveAvgPool3d>("GlobalAveragePool; AveragePool; Gather, Mul, ReduceSum", AdaptivePooling.Average, _ => _volume);
        Add<AdaptiveMaxPool1d>("GlobalMaxPool; MaxPool; Gather, ReduceMax", AdaptivePooling.Max, _ => _signal);
        Add<AdaptiveMaxPool2d>("GlobalMaxPool; MaxPool; Gather, ReduceMax", AdaptivePooling.Max, _ => _image);
    }

    private static void AddResampling()
    {
        Add<Upsample>("Resize", Resampling.Upsample);
        Add<PixelShuffle>("DepthToSpace", Resampling.PixelShuffle, _ => _image);
        Add<PixelUnshuffle>("SpaceToDepth, Gather", Resampling.PixelUnshuffle, _ => _image);
        Add<ChannelShuffle>("Gather", Resampling.ChannelShuffle);
    }

    private static void AddPadding()
    {
        Add<ConstantPad1d>("Pad", Padding.Constant);
        Add<ConstantPad2d>("Pad", Padding.Constant);
        Add<ConstantPad3d>("Pad", Padding.Constant);
        Add<ZeroPad2d>("Pad", Padding.Constant);
        Add<ReflectionPad1d>("Pad", Padding.Reflect, _ => _signal);
        Add<ReflectionPad2d>("Pad", Padding.Reflect, _ => _image);
        Add<ReflectionPad3d>("Pad", Padding.Reflect, _ => _volume);
        Add<ReplicationPad1d>("Pad", Padding.Replicate, _ => _signal);
        Add<ReplicationPad2d>("Pad", Padding.Replicate, _ => _image);
        Add<ReplicationPad3d>("Pad", Padding.Replicate, _ => _volume);
    }

    private static void AddShapes()
    {
        Add<Flatten>("Reshape", Shapes.Flatten);
        Add<Unflatten>("Reshape", Shapes.Unflatten);
    }

    private static void AddEmbeddings()
    {
        Add<Embedding>("Gather", Embeddings.Embedding);
        Add<EmbeddingBag>("Gather, ReduceSum, ReduceMean or ReduceMax", Embeddings.EmbeddingBag);
    }

    // A module that is exported is in evaluation mode, in which nothing is dropped.
    private static void AddDropout()
    {
        Add<Identity>("nothing", (layer, _) => layer.Input);
        Add<Dropout>("nothing", (layer, _) => layer.Input);
        Add<Dropout1d>("nothing", (layer, _) => layer.Input);
        Add<Dropout2d>("nothing", (layer, _) => layer.Input);
        Add<Dropout3d>("nothing", (layer, _) => layer.Input);
        Add<AlphaDropout>("nothing", (layer, _) => layer.Input);
        Add<FeatureAlphaDropout>("nothing", (layer, _) => layer.Input);
    }

    // Modules that hide their settings.
    private static void AddSequences()
    {
        AddMany<RNN>("RNN", (layer, _) => Recurrent.Layers(layer, RecurrentKind.Rnn), Recurrent.Sequence);
        AddMany<LSTM>("LSTM", (layer, _) => Recurrent.Layers(layer, RecurrentKind.Lstm), Recurrent.Sequence);
        AddMany<GRU>("GRU", (layer, _) => Recurrent.Layers(layer, RecurrentKind.Gru), Recurrent.Sequence);
        AddMany<RNNCell>("RNN", (layer, _) => Recurrent.Cell(layer, RecurrentKind.Rnn), Recurrent.Step);
        AddMany<LSTMCell>("LSTM", (layer, _) => Recurrent.Cell(layer, RecurrentKind.Lstm), Recurrent.Step);
        AddMany<GRUCell>("GRU", (layer, _) => Recurrent.Cell(layer, RecurrentKind.Gru), Recurrent.Step);
        const string attention = "MatMul, Add, Reshape, Transpose, Softmax", transformer = $"{attention}, LayerNormalization, Relu or Gelu";
        AddMany<MultiheadAttention>(attention, Attention.Multihead, Attention.Sequence);
        Add<TransformerEncoderLayer>(transformer, Attention.EncoderLayer, Attention.Sequence);
        Add<TransformerEncoder>(transformer, Attention.Encoder, Attention.Sequence);
        Add<TransformerDecoderLayer>(transformer, Attention.DecoderLayer, Attention.Sequence);
        Add<TransformerDecoder>(transformer, Attention.Decoder, Attention.Sequence);
        Add<Transformer>(transformer, Attention.Transformer, Attention.Sequence);
    }

    /// <summary>A type with one output. <paramref name="shape"/>: its input's axes, a number where the size is given.</summary>
    private static void Add<T>(string operators, Func<Layer, T, string> convert, Func<T, string[]>? shape = null) where T : nn.Module =>
        AddMany<T>(operators, (layer, module) => [convert(layer, module)], shape);

    /// <summary>A type with any number of outputs.</summary>
    private static void AddMany<T>(string operators, Func<Layer, T, IReadOnlyList<string>> convert, Func<T,
        string[]>? shape = null) where T : nn.Module =>
        _converters.Add(typeof(T), new KnownModule(operators, layer => convert(layer, (T)layer.Module), (module, actual, name) =>
        {
            if (shape?.Invoke((T)module) is { } expected && !Fits(expected, actual))
                throw new ExportException($"{name} is exported for [{string.Join(", ", expected)}] but gets {Shapes.Text(actual)}. Give "
                    + "an example of the module's input shape.");
        }));

    // "*" stands for any number of axes.
    private static bool Fits(string[] expected, long[] actual)
    {
        var star = Array.IndexOf(expected, "*");
        if (star >= 0)
            return actual.Length >= expected.Length - 1 && Fits(expected[..star], actual[..star])
                && Fits(expected[(star + 1)..], actual[^(expected.Length - star - 1)..]);
        return expected.Length == actual.Length && expected.Zip(actual).All(p => !char.IsDigit(p.First[0]) || p.First == $"{p.Second}");
    }
}
