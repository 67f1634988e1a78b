using System.Collections.Concurrent;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using GanOnnx.Imaging.Resampling;
using GanOnnx.Inference;
using GanOnnx.Inference.Images;
using GanOnnx.Inference.Runtime;
using GanOnnx.Onnx.Editing;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace GanOnnx.Evaluation;

/// <summary>
/// A network whose features images are compared by: ResNet-18, which comes with this library, or a file of one's own, as Inception.
/// Several threads may use it at once.
/// </summary>
public sealed class FeatureNetwork : IDisposable
{
    private const int Batch = 8;

    private readonly Session _session;
    private readonly ImageForm _form;
    private readonly string _input, _output;
    private readonly float[]? _mean;
    private readonly ConcurrentBag<Lane> _lanes = [];

    private FeatureNetwork(ModelContent content, string name, FeatureNetworkOptions options, float[]? mean, CancellationToken stop)
    {
        var digest = WeightsDigest.Of(content.Model);
        var inputs = content.Inputs();
        var image = inputs is [var only] ? ImageTensor.Recognise(only, options.Pixels) : null;
        if (image is not { Channels: (1 or 3) and var channels, Height: { } height, Width: { } width } || height != width)
            throw new EvaluationException($"'{content.Path}' takes {string.Join(" and ", inputs)}; a feature network takes square images of a "
                + "fixed size, grey or of three channels.");
        _form = new(new(channels, height, width), image.Layout, options.Pixels.Channels == ChannelOrder.Bgr,
            options.Pixels.Range ?? ValueRange.Signed, image.Tensor.ElementType()!.Value);
        if (_form.Type != TensorElementType.Float)
            throw new EvaluationException($"'{content.Path}' takes {image.Tensor}; a feature network takes float32.");
        var outputs = content.Outputs();
        var features = options.Output is { } asked ? outputs.FirstOrDefault(output => output.Name == asked)
            ?? throw new EvaluationException(
            $"'{content.Path}' has no output '{asked}'; it has {string.Join(" and ", outputs)}.")
            : outputs.FirstOrDefault(output => output.Name == "features") ?? outputs[0];
        FeatureCount = features.Axes.Count < 2 || features.Axes.Skip(1).Any(axis => axis.Length is null) ? throw new EvaluationException(
            $"'{content.Path}' gives {features}; a feature network gives a vector of a fixed size for each image.")
            : features.Axes.Skip(1).Aggregate(1, (product, axis) => product * axis.Length!.Value);
        (Name, Digest, Size, Resizing, Metadata) = (name, digest, height, options.Resizing, content.Metadata);
        (_mean, _input, _output) = (mean, image.Tensor.Name, features.Name);
        var isOpen = image.Tensor.Axes[0].Length is null || OpenBatch.TryApply(content.Model.Graph);
        BatchSize = isOpen ? Batch : GraphSignature.FixedBatch(content.Path, [image.Tensor])!.Value;
        // As many batches at a time as there are cores, a thread each: that is the fastest on a CPU.
        _session = Session.Open(isOpen ? ModelContent.Of(content.Path, content.Model, stop) : content, options.Device, null, 1, 1, stop);
    }

    /// <summary>What it is called: <c>ResNet18</c>, or its file's name.</summary>
    public string Name { get; }

    /// <summary>What a Fréchet distance of its features is called: FD with the network's name, and that nobody has verified it where it
    /// isn't known by its <see cref="Digest"/>. FID is the distance of the Inception network's features alone.</summary>
    public string FrechetName => Digest == ResNet18.Digest ? $"FD-{ResNet18.Name}" : $"FD, features {Name}, unverified";

    /// <summary>The SHA-256 over its weights, whatever their names and order are in the file.</summary>
    public string Digest { get; }

    /// <summary>All that decides what features an image gets here.</summary>
    internal string Identity => FormattableString.Invariant(
        $"{Digest}|{Size}|{Resizing}|{_form.Range.Lowest}|{_form.Range.Highest}|{_form.IsBgr}|{_form.Layout}|{_output}|{_mean is null}");

    /// <summary>Height and width of the images it takes, in pixels.</summary>
    public int Size { get; }

    /// <summary>Values per image (D).</summary>
    public int FeatureCount { get; }

    /// <summary>What the file says of itself beside its network.</summary>
    internal IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>How images become that size.</summary>
    public Resizing Resizing { get; }

    /// <summary>Images per run, at most.</summary>
    internal int BatchSize { get; }

    /// <summary>ResNet-18 trained on ImageNet (He et al. 2015, https://arxiv.org/abs/1512.03385): 512 values of an image of 224 × 224, from
    /// the package Microsoft.ML.DnnImageFeaturizer.ResNet18 (MIT). What looks like none of ImageNet's photographs, it knows less
    /// well.</summary>
    /// <param name="device">Where it runs. The default is <see cref="Device.Auto"/>.</param>
    /// <param name="stop">Ends loading.</param>
    /// <exception cref="EvaluationException">The package's files aren't there.</exception>
    /// <exception cref="ModelException">They can't be loaded.</exception>
    public static FeatureNetwork OfResNet18(Device device = default, CancellationToken stop = default) =>
        new(ModelContent.Read(ResNet18.Path, stop), ResNet18.Name, new FeatureNetworkOptions
        {
            Device = device,
            Pixels = new() { Range = ValueRange.Bytes, Channels = ChannelOrder.Bgr },
        }, ResNet18.Mean(), stop);

    /// <summary>The same network for smaller images: quicker by the square of the size, its features others. For figures that are ratios to
    /// those of real images.</summary>
    internal static FeatureNetwork OfSmallResNet18(int size, CancellationToken stop = default)
    {
        var content = ModelContent.Read(ResNet18.Path, stop);
        content.Model.Graph.Input.Single(input => input.Name.StartsWith("Input", StringComparison.Ordinal)).Type.TensorType.Shape =
            ResNet18.ShapeOf(size);
        var last = content.Model.Graph.Node.Single(node => node.OpType == "AveragePool");
        last.OpType = "GlobalAveragePool";
        last.Attribute.Clear();
        return new(content, ResNet18.Name, new FeatureNetworkOptions
        {
            Device = Device.Cpu,
            Pixels = new() { Range = ValueRange.Bytes, Channels = ChannelOrder.Bgr },
        }, ResNet18.MeanOfChannels(size), stop);
    }

    /// <summary>A network of one's own: float32 images in, a vector for each out.</summary>
    /// <param name="path">The .onnx file.</param>
    /// <param name="options">How it is run. The default is null: as the defaults are.</param>
    /// <param name="stop">Ends loading.</param>
    /// <exception cref="EvaluationException">It isn't such a network.</exception>
    /// <exception cref="ModelException">It can't be loaded.</exception>
    public static FeatureNetwork Load(string path, FeatureNetworkOptions? options = null, CancellationToken stop = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var file = ModelFile.Find(path);
        return new(ModelContent.Read(file, stop), ModelFile.NameOf(file), options ?? new(), null, stop);
    }

    /// <summary>The features of images.</summary>
    /// <param name="images">Bytes <c>[N, H, W, C]</c>, 0 … 255: grey for one channel, red, green and blue for three.</param>
    /// <param name="count">How many images (N).</param>
    /// <param name="width">Width in pixels (W).</param>
    /// <param name="height">Height in pixels (H).</param>
    /// <param name="channels">1 or 3 (C).</param>
    /// <returns><c>[N, D]</c>.</returns>
    /// <exception cref="ArgumentException">The bytes are not N × H × W × C.</exception>
    /// <exception cref="EvaluationException">The network failed to run.</exception>
    public float[] Features(ReadOnlySpan<byte> images, int count, int width, int height, int channels)
    {
        if (images.Length != (long)count * width * height * channels || channels is not (1 or 3))
            throw new ArgumentException($"{images.Length} bytes are not {count} images of {width} × {height} with {channels} channels.",
                nameof(images));
        var features = new float[count * FeatureCount];
        using var lane = new Lane(this, width, height, channels);
        for (var first = 0; first < count; first += BatchSize)
        {
            var size = Math.Min(BatchSize, count - first);
            lane.Run(images.Slice(first * width * height * channels, size * width * height * channels), size,
                features.AsSpan(first * FeatureCount, size * FeatureCount));
        }
        return features;
    }

    /// <summary>Frees the network.</summary>
    public void Dispose()
    {
        foreach (var lane in _lanes)
            lane.Dispose();
        _session.Dispose();
    }

    /// <summary>The loaded graph.</summary>
    internal InferenceSession Graph => _session.Graph;

    /// <summary>How many batches run at a time.</summary>
    internal int Lanes => _session.OnGpu ? 1 : Environment.ProcessorCount;

    /// <summary>Lends places to work in for images of one size, each for one thread at a time.</summary>
    internal Func<Lane> RentLane(int size, int channels) => () =>
        _lanes.TryTake(out var lane) && lane.IsFor(size, channels) ? lane : new(this, size, size, channels);

    /// <summary>Takes one back.</summary>
    internal void ReturnLane(Lane lane) => _lanes.Add(lane);

    /// <summary>Buffers, and a batch's way through the network.</summary>
    internal sealed class Lane : IDisposable
    {
        private readonly FeatureNetwork _network;
        private readonly Resampler _resampler;
        private readonly RunOptions _options = new();
        private readonly int _channels, _pixels;
        private readonly float[] _plane, _work, _resized, _input;

        public Lane(FeatureNetwork network, int width, int height, int channels)
        {
            (_network, _channels, _pixels) = (network, channels, width * height);
            _resampler = network.Resizing.For(width, height, network.Size);
            _plane = new float[_pixels];
            _work = new float[_resampler.WorkLength];
            _resized = new float[3 * network.Size * network.Size];
            _input = new float[network.BatchSize * network._form.Shape.Length];
        }

        public bool IsFor(int size, int channels) => (_pixels, _channels) == (size * size, channels);

        /// <summary>Computes the features of up to a batch of images.</summary>
        public void Run(ReadOnlySpan<byte> images, int count, Span<float> features)
        {
            var length = _network._form.Shape.Length;
            for (var i = 0; i < count; i++)
                Prepare(images.Slice(i * _pixels * _channels, _pixels * _channels), _input.AsSpan(i * length, length));
            // A file of a fixed batch gets a whole one; what stands in the rest is of no matter.
            var rows = _network._session.Graph.InputMetadata[_network._input].Dimensions[0] > 0 ? _network.BatchSize : count;
            var shape = _network._form.Layout == ChannelLayout.First
                ? new long[] { rows, _network._form.Shape.Channels, _network.Size, _network.Size }
                : [rows, _network.Size, _network.Size, _network._form.Shape.Channels];
            using var input = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, _input.AsMemory(0, rows * length), shape);
            try
            {
                using var results = _network._session.Graph.Run(_options, [_network._input], [input], [_network._output]);
                results[0].GetTensorDataAsSpan<float>()[..features.Length].CopyTo(features);
            }
            catch (OnnxRuntimeException e)
            {
                throw new EvaluationException($"The feature network {_network.Name} failed to run: {e.Message.Split('\n')[0]}");
            }
        }

        public void Dispose() => _options.Dispose();

        private void Prepare(ReadOnlySpan<byte> image, Span<float> input)
        {
            var (form, size) = (_network._form, _network.Size * _network.Size);
            for (var channel = 0; channel < _channels; channel++)
            {
                for (var i = 0; i < _pixels; i++)
                    _plane[i] = image[i * _channels + channel];
                _resampler.Resize(_plane, _work, _resized.AsSpan(channel * size, size));
            }
            for (var channel = _channels; channel < form.Shape.Channels; channel++)
                _resized.AsSpan(0, size).CopyTo(_resized.AsSpan(channel * size, size));
            if (form.Shape.Channels < _channels)
                for (var i = 0; i < size; i++)
                    _resized[i] = 0.299f * _resized[i] + 0.587f * _resized[size + i] + 0.114f * _resized[2 * size + i]; // ITU-R BT.601
            new ImageForm(form.Shape, ChannelLayout.First, false, ValueRange.Bytes, TensorElementType.Float).Convert(
                MemoryMarshal.AsBytes(_resized.AsSpan(0, form.Shape.Length)), form, MemoryMarshal.AsBytes(input));
            if (_network._mean is { } mean)
                TensorPrimitives.Subtract(input, mean, input);
        }
    }
}
