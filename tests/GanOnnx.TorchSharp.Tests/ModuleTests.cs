using GanOnnx.TorchSharp.Tests.Fixtures;
using TorchSharp;
using static GanOnnx.TorchSharp.Tests.Fixtures.Values;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanOnnx.TorchSharp.Tests;

/// <summary>Each module in evaluation against PyTorch's, with the same weights under the same names.</summary>
public sealed class ModuleTests
{
    private static Tensor X1 => Wave([2, 4, 7]);
    private static Tensor X2 => Wave([2, 4, 6, 5]);
    private static Tensor X3 => Wave([1, 2, 4, 5, 3]);
    private static Tensor Steep => Wave([3, 4, 2, 2], scale: 4);
    private static Tensor Tokens => tensor(new long[] { 1, 2, 4, 0, 1, 3 }, [2, 3]);
    private static Tensor Sequence => Wave([5, 2, 4]);
    private static Tensor First => Wave([2, 2, 3], 2);
    private static Tensor Cells => Wave([2, 2, 3], 3);
    private static Tensor Query => Wave([3, 2, 4]);
    private static Tensor Key => Wave([5, 2, 4], 1);
    private static Tensor Padded => tensor(new[] { false, false, false, true, true, false, false, false, false, false }, [2, 5]);

    private static Tensor Run(Module<Tensor, Tensor> module, Tensor input) => module.WithWaves().call(input);

    private static Tensor Run(Module<Tensor, Tensor, Tensor> module, Tensor input, Tensor other) => module.WithWaves().call(input, other);

    private static readonly Dictionary<string, Func<Tensor>> Cases = new()
    {
        ["conv1d zeros"] = () => Conv1(PaddingModes.Zeros),
        ["conv1d reflect"] = () => Conv1(PaddingModes.Reflect),
        ["conv1d replicate"] = () => Conv1(PaddingModes.Replicate),
        ["conv1d circular"] = () => Conv1(PaddingModes.Circular),
        ["conv2d zeros"] = () => Conv2(PaddingModes.Zeros),
        ["conv2d reflect"] = () => Conv2(PaddingModes.Reflect),
        ["conv2d replicate"] = () => Conv2(PaddingModes.Replicate),
        ["conv2d circular"] = () => Conv2(PaddingModes.Circular),
        ["conv3d zeros"] = () => Conv3(PaddingModes.Zeros),
        ["conv3d replicate"] = () => Conv3(PaddingModes.Replicate),
        ["conv3d circular"] = () => Conv3(PaddingModes.Circular),
        ["conv2d dilated groups"] = () => Run(Conv2d(4, 6, (2, 3), dilation: (3, 2), groups: 2, bias: false), X2),
        ["conv2d unbatched"] = () => Run(Conv2d(4, 3, 3), X2.select(0, 0)),
        ["conv1d same"] = () => Run(Conv1d(4, 3, 4, Padding.Same, dilation: 2), X1),
        ["conv2d same"] = () => Run(Conv2d(4, 3, (4, 3), Padding.Same), X2),
        ["conv3d same"] = () => Run(Conv3d(2, 3, 2, Padding.Same), X3),
        ["conv2d valid"] = () => Run(Conv2d(4, 3, (4, 3), Padding.Valid, stride: (2, 2)), X2),
        ["conv2d same reflect"] = () => Run(Conv2d(4, 3, 4, Padding.Same, padding_mode: PaddingModes.Reflect), X2),
        ["convtranspose1d"] = () => Run(ConvTranspose1d(4, 3, 3, stride: 3, padding: 1, output_padding: 2), X1),
        ["convtranspose2d"] = () =>
            Run(ConvTranspose2d(4, 2, (3, 2), stride: (2, 3), padding: (1, 0), output_padding: (1, 1), dilation: (2, 1), groups: 2), X2),
        ["convtranspose2d sized"] = () => ConvTranspose2d(4, 2, (3, 3), stride: (2, 3)).WithWaves().forward(X2, [14, 15]),
        ["convtranspose3d"] = () => Run(ConvTranspose3d(2, 3, (1, 2, 3), stride: (1, 2, 2)), X3),

        ["linear"] = () => Run(Linear(7, 3), X1),
        ["bilinear"] = () => Run(Bilinear(3, 4, 5), Wave([2, 3]), Wave([2, 4], 1)),
        ["embedding"] = () => Run(Embedding(5, 3, padding_idx: 0), Tokens),
        ["embedding of a norm"] = () => Run(Embedding(5, 3, max_norm: 0.4, norm_type: 1), Tokens),
        ["embeddingbag sum"] = () => Bag(EmbeddingBagMode.Sum),
        ["embeddingbag mean"] = () => Bag(EmbeddingBagMode.Mean),
        ["embeddingbag max"] = () => Bag(EmbeddingBagMode.Max),
        ["embeddingbag sum offsets"] = () => BagOfOffsets(EmbeddingBagMode.Sum),
        ["embeddingbag mean offsets"] = () => BagOfOffsets(EmbeddingBagMode.Mean),
        ["embeddingbag max offsets"] = () => BagOfOffsets(EmbeddingBagMode.Max),
        ["embeddingbag weighted"] = () => EmbeddingBag(5, 3, mode: EmbeddingBagMode.Sum).WithWaves().call(Tokens, null, Wave([2, 3])),

        ["batchnorm1d"] = () => Run(BatchNorm1d(4), X1),
        ["batchnorm1d of rows"] = () => Run(BatchNorm1d(4, eps: 0.1), X1.select(2, 0)),
        ["batchnorm2d"] = () => Run(BatchNorm2d(4, affine: false), X2),
        ["batchnorm3d"] = () => Run(BatchNorm3d(2, track_running_stats: false), X3),
        ["instancenorm1d"] = () => Run(InstanceNorm1d(4), X1),
        ["instancenorm2d"] = () => Run(InstanceNorm2d(4, affine: true), X2),
        ["instancenorm2d unbatched"] = () => Run(InstanceNorm2d(4, affine: true), X2.select(0, 0)),
        ["instancenorm2d running"] = () => Run(InstanceNorm2d(4, affine: true, track_running_stats: true), X2),
        ["instancenorm3d"] = () => Run(InstanceNorm3d(2, eps: 0.1), X3),
        ["layernorm"] = () => Run(LayerNorm([6, 5], eps: 1e-2), X2),
        ["layernorm plain"] = () => Run(LayerNorm(5, elementwise_affine: false), X2),
        ["groupnorm"] = () => Run(GroupNorm(2, 4, eps: 1e-2), X2),
        ["groupnorm plain"] = () => Run(GroupNorm(4, 4, affine: false), X1),
        ["localresponsenorm of 3"] = () => Run(LocalResponseNorm(2, alpha: 1, beta: 0.5, k: 2), X1),
        ["localresponsenorm of 4"] = () => Run(LocalResponseNorm(3, alpha: 1), X2),
        ["localresponsenorm of 5"] = () => Run(LocalResponseNorm(2, alpha: 1), X3),

        ["celu"] = () => Run(CELU(0.5), Steep),
        ["elu"] = () => Run(ELU(0.5), Steep),
        ["gelu"] = () => Run(GELU(), Steep),
        ["glu"] = () => Run(GLU(1), Steep),
        ["hardshrink"] = () => Run(Hardshrink(0.7), Steep),
        ["hardsigmoid"] = () => Run(Hardsigmoid(), Steep),
        ["hardswish"] = () => Run(Hardswish(), Steep),
        ["hardtanh"] = () => Run(Hardtanh(-1, 2, inplace: true), Steep),
        ["leakyrelu"] = () => Run(LeakyReLU(0.2), Steep),
        ["logsigmoid"] = () => Run(LogSigmoid(), Steep),
        ["logsoftmax"] = () => Run(LogSoftmax(1), Steep),
        ["mish"] = () => Run(Mish(), Steep),
        ["relu"] = () => Run(ReLU(), Steep),
        ["relu6"] = () => Run(ReLU6(), Steep),
        ["rrelu"] = () => Run(RReLU(), Steep),
        ["selu"] = () => Run(SELU(), Steep),
        ["sigmoid"] = () => Run(Sigmoid(), Steep),
        ["silu"] = () => Run(SiLU(), Steep),
        ["softmax"] = () => Run(Softmax(1), Steep),
        ["softmax2d"] = () => Run(Softmax2d(), Steep),
        ["softmin"] = () => Run(Softmin(1), Steep),
        ["softplus"] = () => Run(Softplus(2, 1), Steep),
        ["softshrink"] = () => Run(Softshrink(0.7), Steep),
        ["softsign"] = () => Run(Softsign(), Steep),
        ["tanh"] = () => Run(Tanh(), Steep),
        ["tanhshrink"] = () => Run(Tanhshrink(), Steep),
        ["threshold"] = () => Run(Threshold(0.5, -2), Steep),
        ["prelu"] = () => Run(PReLU(4), Steep),

        ["maxpool1d"] = () => Run(MaxPool1d(3, 2, 1), X1),
        ["maxpool2d"] = () => Run(MaxPool2d((3, 2), (2, 1), (1, 0)), X2),
        ["maxpool2d ceil dilated"] = () => Run(MaxPool2d(2, 3, dilation: 2, ceil_mode: true), X2),
        ["maxpool3d"] = () => Run(MaxPool3d((2, 3, 1), ceil_mode: true), X3),
        ["maxpool2d indices"] = () => MaxPool2d(2).forward_with_indices(X2).Indices,
        ["avgpool1d"] = () => Run(AvgPool1d(3, 2, 1, count_include_pad: false), X1),
        ["avgpool2d"] = () => Run(AvgPool2d((3, 2), padding: (1, 0)), X2),
        ["avgpool2d ceil"] = () => Run(AvgPool2d(3, 2, 1, ceil_mode: true), X2),
        ["avgpool2d ceil, pads not counted"] = () => Run(AvgPool2d(3, 2, 1, ceil_mode: true, count_include_pad: false), X2),
        ["avgpool2d divisor"] = () => Run(AvgPool2d(2, divisor_override: 3), X2),
        ["avgpool3d"] = () => Run(AvgPool3d((2, 2, 3), (1, 1, 1), divisor_override: 5), X3),
        ["lppool1d"] = () => Run(LPPool1d(3, 2), Wave([2, 4, 7], scale: 0.2) + 1),
        ["lppool2d"] = () => Run(LPPool2d(2, [3, 2], [2, 2], ceil_mode: true), X2),
        ["adaptiveavgpool1d"] = () => Run(AdaptiveAvgPool1d(3), X1),
        ["adaptiveavgpool2d"] = () => Run(AdaptiveAvgPool2d((4, 3)), X2),
        ["adaptiveavgpool3d"] = () => Run(AdaptiveAvgPool3d(2), X3),
        ["adaptivemaxpool1d"] = () => Run(AdaptiveMaxPool1d(3), X1),
        ["adaptivemaxpool2d"] = () => Run(AdaptiveMaxPool2d([4, 3]), X2),
        ["adaptivemaxpool2d indices"] = () => AdaptiveMaxPool2d([4, 3]).forward_with_indices(X2).indices,

        ["upsample nearest"] = () => Run(Upsample(scale_factor: [1.5, 2]), X2),
        ["upsample nearest of 3"] = () => Run(Upsample(size: [10]), X1),
        ["upsample nearest of 5"] = () => Run(Upsample(size: [5, 4, 7]), X3),
        ["upsample linear"] = () => Run(Upsample(scale_factor: [2.5], mode: UpsampleMode.Linear), X1),
        ["upsample bilinear False"] = () => Run(Upsample([4, 9], mode: UpsampleMode.Bilinear, align_corners: false), X2),
        ["upsample bilinear True"] = () => Run(Upsample([4, 9], mode: UpsampleMode.Bilinear, align_corners: true), X2),
        ["upsample bicubic False"] = () => Run(Upsample(scale_factor: [1.5, 0.7], mode: UpsampleMode.Bicubic, align_corners: false), X2),
        ["upsample bicubic True"] = () => Run(Upsample(scale_factor: [1.5, 0.7], mode: UpsampleMode.Bicubic, align_corners: true), X2),
        ["upsample trilinear False"] = () => Run(Upsample(scale_factor: [2, 1.3, 0.7], mode: UpsampleMode.Trilinear, align_corners: false), X3),
        ["upsample trilinear True"] = () => Run(Upsample(scale_factor: [2, 1.3, 0.7], mode: UpsampleMode.Trilinear, align_corners: true), X3),
        ["upsample recomputed"] = () => Run(Upsample(null, [1.3, 1.7], UpsampleMode.Bilinear, false, recompute_scale_factor: true), X2),
        ["interpolate area"] = () => functional.interpolate(X2, [4, 3], mode: InterpolationMode.Area),
        ["interpolate exact"] = () => functional.interpolate(X2, [4, 8], mode: InterpolationMode.NearestExact),
        ["interpolate antialias"] = () => functional.interpolate(X2, [3, 2], mode: InterpolationMode.Bilinear, align_corners: false, antialias: true),

        ["pixelshuffle"] = () => Run(PixelShuffle(2), X2),
        ["pixelunshuffle"] = () => Run(PixelUnshuffle(2), X2.narrow(3, 0, 4)),
        ["channelshuffle"] = () => Run(ChannelShuffle(2), X2),
        ["fold"] = () => Run(Fold((5, 4), (2, 3), dilation: (2, 1), padding: (0, 1), stride: (1, 2)), Wave([2, 12, 6])),
        ["unfold"] = () => Run(Unfold((2, 3), dilation: (2, 1), padding: (0, 1), stride: (1, 2)), X2),
        ["constantpad1d"] = () => Run(ConstantPad1d((1, 2), 3), X1),
        ["constantpad2d"] = () => Run(ConstantPad2d((1, 2, 0, 3), 3), X2),
        ["constantpad3d"] = () => Run(ConstantPad3d((1, 2, 0, 3, 1, 0), 3), X3),
        ["zeropad2d"] = () => Run(ZeroPad2d((1, 2, 0, 3)), X2),
        ["reflectionpad1d"] = () => Run(ReflectionPad1d((1, 2)), X1),
        ["reflectionpad2d"] = () => Run(ReflectionPad2d((1, 2, 0, 3)), X2),
        ["reflectionpad3d"] = () => Run(ReflectionPad3d((1, 2, 0, 3, 1, 0)), X3),
        ["replicationpad1d"] = () => Run(ReplicationPad1d((1, 2)), X1),
        ["replicationpad2d"] = () => Run(ReplicationPad2d((1, 2, 0, 3)), X2),
        ["replicationpad3d"] = () => Run(ReplicationPad3d((1, 2, 0, 3, 1, 0)), X3),
        ["cosinesimilarity"] = () => Run(CosineSimilarity(1), X2, Wave([2, 4, 6, 5], 2)),
        ["pairwisedistance"] = () => Run(PairwiseDistance(1, keepdim: true), Wave([3, 4]), Wave([3, 4], 2)),

        ["rnn"] = () => RNN(4, 3, 2).WithWaves().call(Sequence, First).Item1,
        ["rnn relu, batch first"] = () => RNN(4, 3, nonLinearity: NonLinearities.ReLU, batchFirst: true).WithWaves().call(Sequence).Item2,
        ["gru"] = () => GRU(4, 3, 2).WithWaves().call(Sequence, First).Item1,
        ["gru both ways, without bias"] = () => GRU(4, 3, bias: false, bidirectional: true).WithWaves().call(Sequence).Item1,
        ["gru hidden"] = () => GRU(4, 3, bidirectional: true).WithWaves().call(Sequence).Item2,
        ["lstm"] = () => LSTM(4, 3, 2).WithWaves().call(Sequence, (First, Cells)).Item1,
        ["lstm both ways"] = () => LSTM(4, 3, 2, batchFirst: true, bidirectional: true).WithWaves().call(Sequence).Item1,
        ["lstm hidden"] = () => LSTM(4, 3, 2).WithWaves().call(Sequence).Item2,
        ["lstm cell"] = () => LSTM(4, 3, 2).WithWaves().call(Sequence).Item3,
        ["rnncell"] = () => RNNCell(4, 3).WithWaves().call(Sequence.select(0, 0), First.select(0, 0)),
        ["grucell"] = () => GRUCell(4, 3, bias: false).WithWaves().forward(Sequence.select(0, 0)),
        ["lstmcell"] = () => LSTMCell(4, 3).WithWaves().call(Sequence.select(0, 0), (First.select(0, 0), Cells.select(0, 0))).Item1,

        ["attention"] = () => MultiheadAttention(4, 2).WithWaves().call(Query, Key, Key).Item1,
        ["attention weights"] = () => MultiheadAttention(4, 2).WithWaves().call(Query, Key, Key).Item2,
        ["attention masked"] = () => MultiheadAttention(4, 2, bias: false).WithWaves().call(Query, Key, Key, Padded, attn_mask: full(3, 5, double.NegativeInfinity).triu(1)).Item1,
        ["attention of other sizes"] = () =>
            MultiheadAttention(4, 2, add_bias_kv: true, add_zero_attn: true, kdim: 3, vdim: 3).WithWaves().call(Query, Wave([5, 2, 3]), Wave([5, 2, 3])).Item1,
        ["encoderlayer"] = () => Run(TransformerEncoderLayer(4, 2, 6), Key),
        ["encoderlayer gelu, masked"] = () => TransformerEncoderLayer(4, 2, 6, activation: Activations.GELU).WithWaves().call(Key, Wave([5, 5]), Padded),
        ["encoder"] = () => TransformerEncoder(TransformerEncoderLayer(4, 2, 6), 2).WithWaves().call(Key),
        ["decoderlayer"] = () => TransformerDecoderLayer(4, 2, 6).WithWaves().call(Query, Key),
        ["decoder"] = () => TransformerDecoder(TransformerDecoderLayer(4, 2, 6), 2).WithWaves().call(Query, Key),
        ["transformer"] = () => Transformer(4, 2, 1, 1, 6).WithWaves().call(Key, Query),
    };

    private static Tensor Conv1(PaddingModes mode) => Run(Conv1d(4, 3, 3, padding: 2, padding_mode: mode), X1);

    private static Tensor Conv2(PaddingModes mode) => Run(Conv2d(4, 3, (3, 2), stride: (2, 1), padding: (1, 2), padding_mode: mode), X2);

    private static Tensor Conv3(PaddingModes mode) => Run(Conv3d(2, 3, (2, 3, 2), padding: (1, 2, 0), padding_mode: mode), X3);

    private static Tensor Bag(EmbeddingBagMode mode) => EmbeddingBag(5, 3, mode: mode, padding_index: 1).WithWaves().call(Tokens);

    private static Tensor BagOfOffsets(EmbeddingBagMode mode) =>
        EmbeddingBag(5, 3, mode: mode, include_last_offset: true).WithWaves().call(Tokens.flatten(), tensor(new long[] { 0, 2, 2, 6 }));

    private static IEnumerable<string> Names() => PyTorch.Names(PyTorch.Modules);

    [TestCaseSource(nameof(Names))]
    public void Module_ComputesWhatPyTorchDoes(string name)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();

        PyTorch.Check(PyTorch.Modules, name, Cases[name]());
    }

    [Test]
    public void Cases_AllHaveTheirRow() => Assert.That(Names(), Is.EquivalentTo(Cases.Keys));
}
