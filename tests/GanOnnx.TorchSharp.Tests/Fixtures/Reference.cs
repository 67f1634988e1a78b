using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GanOnnx.TorchSharp.Tests.Fixtures;

/// <summary>The layers by their definitions, in loops and double precision.</summary>
internal static class Reference
{
    public static double[] Linear(Linear layer, Tensor input)
    {
        var (x, w, b) = (Values.Doubles(input), Values.Doubles(layer.weight), Bias(layer.bias, layer.out_features));
        var (rows, features, outputs) = ((int)input.shape[0], (int)layer.in_features, (int)layer.out_features);
        var y = new double[rows * outputs];
        for (var n = 0; n < rows; n++)
            for (var o = 0; o < outputs; o++)
                y[n * outputs + o] = b[o] + Enumerable.Range(0, features).Sum(i => x[n * features + i] * w[o * features + i]);
        return y;
    }

    /// <summary>Every output pixel gathers: y[o, i] = b[o] + Σ w[o, c, k] · x[c, i·stride − padding + k·dilation].</summary>
    public static double[] Conv(Conv2d layer, Tensor input, long[] outputShape)
    {
        var (x, w, y) = (new Volume(input), new Volume(layer.weight), new Volume(outputShape));
        var bias = Bias(layer.bias, layer.out_channels);
        var perGroup = (int)(layer.out_channels / layer.groups);
        foreach (var (n, o, i, j) in y.Indices())
        {
            y[n, o, i, j] = bias[o];
            foreach (var (_, c, k, l) in w.Indices(first: o))
                y[n, o, i, j] += w[o, c, k, l] * x[n, o / perGroup * w.Channels + c, Source(layer, 0, i, k), Source(layer, 1, j, l)];
        }
        return y.Values;
    }

    /// <summary>Every input pixel scatters: y[o, i·stride − padding + k·dilation] += w[c, o, k] · x[c, i].</summary>
    public static double[] ConvTranspose(ConvTranspose2d layer, Tensor input, long[] outputShape)
    {
        var (x, w, y) = (new Volume(input), new Volume(layer.weight), new Volume(outputShape));
        var bias = Bias(layer.bias, layer.out_channels);
        var perGroup = (int)(layer.in_channels / layer.groups);
        foreach (var (n, o, i, j) in y.Indices())
            y[n, o, i, j] = bias[o];
        foreach (var (n, c, i, j) in x.Indices())
            foreach (var (_, o, k, l) in w.Indices(first: c))
                y[n, c / perGroup * w.Channels + o, Source(layer, 0, i, k), Source(layer, 1, j, l)] += w[c, o, k, l] * x[n, c, i, j];
        return y.Values;
    }

    /// <summary>y = (x − mean) / √(variance + eps) · weight + bias for each channel.</summary>
    public static double[] Normalize(BatchNorm2d layer, Tensor input, double[] mean, double[] variance)
    {
        var (x, y) = (new Volume(input), new Volume(input.shape));
        var weight = layer.affine ? Values.Doubles(layer.weight) : null;
        var bias = Bias(layer.bias, layer.num_features);
        foreach (var (n, c, i, j) in x.Indices())
            y[n, c, i, j] = (x[n, c, i, j] - mean[c]) / Math.Sqrt(variance[c] + layer.eps) * (weight?[c] ?? 1) + bias[c];
        return y.Values;
    }

    /// <summary>Each channel's mean and variance over batch and pixels, divided by the count less <paramref name="less"/>.</summary>
    public static (double[] Mean, double[] Variance) Moments(Tensor input, int less)
    {
        var x = new Volume(input);
        var channels = Enumerable.Range(0, x.Channels)
            .Select(c => x.Indices().Where(at => at.C == c).Select(at => x[at.N, at.C, at.I, at.J]).ToArray()).ToArray();
        var mean = channels.Select(values => values.Average()).ToArray();
        return (mean, channels.Select((values, c) => values.Sum(v => Math.Pow(v - mean[c], 2)) / (values.Length - less)).ToArray());
    }

    private static int Source(Convolution layer, int axis, int i, int k) =>
        (int)(i * layer.stride[axis] - layer.padding![axis] + k * layer.dilation[axis]);

    private static double[] Bias(Tensor? bias, long count) => bias is null ? new double[count] : Values.Doubles(bias);

    /// <summary>Four axes; zero outside, and what is written there is lost.</summary>
    private sealed class Volume(long[] shape)
    {
        public Volume(Tensor tensor) : this(tensor.shape) => Values = Fixtures.Values.Doubles(tensor);

        public double[] Values { get; } = new double[Fixtures.Values.Count(shape)];
        public int Channels => (int)shape[1];

        public double this[int n, int c, int i, int j]
        {
            get => Inside(i, j) ? Values[At(n, c, i, j)] : 0;
            set
            {
                if (Inside(i, j))
                    Values[At(n, c, i, j)] = value;
            }
        }

        public IEnumerable<(int N, int C, int I, int J)> Indices(int? first = null)
        {
            for (var n = first ?? 0; n < (first + 1 ?? shape[0]); n++)
                for (var c = 0; c < shape[1]; c++)
                    for (var i = 0; i < shape[2]; i++)
                        for (var j = 0; j < shape[3]; j++)
                            yield return (n, c, i, j);
        }

        private bool Inside(int i, int j) => i >= 0 && j >= 0 && i < shape[2] && j < shape[3];

        private long At(int n, int c, int i, int j) => ((n * shape[1] + c) * shape[2] + i) * shape[3] + j;
    }
}
