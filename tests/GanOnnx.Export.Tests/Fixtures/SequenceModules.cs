using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GanOnnx.Export.Tests.Fixtures;

/// <summary>Modules with several inputs and outputs, against their files.</summary>
internal static class SequenceModules
{
    /// <summary>Compares every output. The order of a float32 sum is the engine's choice: the difference is measured against the largest
    /// value.</summary>
    public static void AssertSame(nn.Module module, string path, params Tensor[] inputs)
    {
        using var noGrad = no_grad();
        var expected = Call(module, inputs);
        var actual = OnnxFile.Run(path, inputs);

        Assert.That(actual, Has.Length.EqualTo(expected.Length));
        foreach (var (mine, theirs) in expected.Zip(actual))
        {
            Assert.That(theirs.shape, Is.EqualTo(mine.shape));
            var values = mine.contiguous().data<float>().ToArray();
            Assert.That(theirs.data<float>().ToArray(), Is.EqualTo(values).Within(1e-5 * Math.Max(values.Max(Math.Abs), 1e-6)));
        }
    }

    private static Tensor[] Call(nn.Module module, Tensor[] x)
    {
        (Tensor, Tensor)? states = x.Length == 3 ? (x[1], x[2]) : null;
        var state = x.Length == 2 ? x[1] : null;
        return module switch
        {
            LSTM m => m.call(x[0], states) is var (output, h, c) ? [output, h, c] : [],
            RNN m => m.call(x[0], state) is var (output, h) ? [output, h] : [],
            GRU m => m.call(x[0], state!) is var (output, h) ? [output, h] : [],
            LSTMCell m => m.call(x[0], states) is var (h, c) ? [h, c] : [],
            RNNCell m => [m.call(x[0], state!)],
            GRUCell m => [m.call(x[0], state!)],
            MultiheadAttention m => m.call(x[0], x[1], x[2]) is var (output, weights) ? [output, weights] : [],
            TransformerEncoder m => [m.call(x[0])],
            TransformerDecoderLayer m => [m.call(x[0], x[1])],
            TransformerDecoder m => [m.call(x[0], x[1])],
            nn.Module<Tensor, Tensor, Tensor> m => [m.call(x[0], x[1])],
            nn.Module<Tensor, Tensor> m => [m.call(x[0])],
            _ => throw new ArgumentException($"{module.GetType().Name} isn't listed here."),
        };
    }
}
