using GanOnnx.Export.Tests.Fixtures;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanOnnx.Export.Tests;

/// <summary>Networks that nobody thought of: nested Sequentials drawn at random from the modules that can be exported.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RandomNetworkTests : IDisposable
{
    private const int NetworksPerCase = 10;

    private readonly TemporaryFolder _folder = new();
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    // Where values cancel, the rounding of those before stays: so at least 1.
    [Test]
    public void ExportedFile_GivesTheNetworksOutput([Range(0, 24)] int group) => AssertSame(group, Precision.Float32, 1e-5);

    [Test]
    public void ExportedFile_InFloat16_IsNearTheNetwork([Range(0, 9)] int group) => AssertSame(group, Precision.Float16, 1e-2);

    private void AssertSame(int group, Precision precision, double tolerance)
    {
        using var noGrad = no_grad();
        for (var seed = group * NetworksPerCase; seed < (group + 1) * NetworksPerCase; seed++)
        {
            using var scope = NewDisposeScope();
            var drawn = new DrawnNetwork(seed);
            var network = Scaled(drawn.Network);
            var path = _folder[$"{seed}.onnx"];
            var input = Modules.Draw([3, .. drawn.Sample], 2);

            OnnxExporter.Export(network, Modules.Draw([2, .. drawn.Sample], 1), path, new() { Precision = precision });

            var (expected, actual) = (network.call(input.clone()), OnnxFile.Run(path, input).Single());
            Assert.That(actual.shape, Is.EqualTo(expected.shape), $"network {seed}: {drawn}");
            var largest = Math.Max(1, expected.abs().max().item<float>());
            Assert.That((actual - expected).abs().max().item<float>(), Is.LessThanOrEqualTo(tolerance * largest),
                $"network {seed}: {drawn}");
        }
    }

    [Test]
    public void Networks_HaveEveryModuleThereIs()
    {
        using var scope = NewDisposeScope();
        var types = Enumerable.Range(0, 250).SelectMany(seed => new DrawnNetwork(seed).Types).Distinct();

        Assert.That(types, Is.EquivalentTo(DrawnNetwork.Drawable));
    }

    // Weights of ±1 would let the values grow until a tanh shows nothing but the rounding of its input.
    private static Sequential Scaled(Sequential network)
    {
        network.Ready();
        foreach (var (_, weight) in network.named_parameters().Where(p => p.parameter.ndim > 1))
            weight.mul_(1 / Math.Sqrt(weight.numel() / weight.shape.Min()));
        return network;
    }

    /// <summary>A network of one seed, whose modules fit each other's shapes.</summary>
    private sealed class DrawnNetwork
    {
        private readonly Random _random;
        private readonly List<string> _types = [];
        private long[] _shape;

        public DrawnNetwork(int seed)
        {
            _random = new Random(seed);
            Sample = _shape = _random.Next(3) == 0 ? [Size(2, 8)] : [Size(1, 4), Size(3, 8), Size(3, 8)];
            Network = DrawSequential(depth: 0);
        }

        /// <summary>The types that are drawn: those below that can be exported.</summary>
        public static IReadOnlyList<string> Drawable { get; } =
            [.. Choices(null!).Select(c => c.Type).Distinct().Where(OnnxExporter.SupportedTypes.Contains)];

        public long[] Sample { get; }

        public Sequential Network { get; }

        public IReadOnlyList<string> Types => _types;

        public override string ToString() => $"[{string.Join(", ", Sample)}] {string.Join(", ", _types)}";

        private Sequential DrawSequential(int depth)
        {
            var sequential = Sequential(Array.Empty<Module<Tensor, Tensor>>());
            for (var i = _random.Next(1, 6); i > 0; i--)
                sequential.append(depth < 2 && _random.Next(5) == 0 ? DrawSequential(depth + 1) : DrawModule());
            return sequential;
        }

        private Module<Tensor, Tensor> DrawModule()
        {
            var fitting = Choices(this).Where(c => Drawable.Contains(c.Type) && c.Fits(_shape)).ToList();
            var (type, _, create) = fitting[_random.Next(fitting.Count)];
            _types.Add(type);
            var module = create();
            module.eval();
            using var scope = NewDisposeScope();
            using var noGrad = no_grad();
            _shape = module.call(zeros([1, .. _shape])).shape[1..];
            return module;
        }

        private long Channels => _shape[0];

        private long Size(int low, int high) => _random.Next(low, high + 1);

        private bool Coin => _random.Next(2) == 0;

        /// <summary>A module type, the shapes it takes, and how one is drawn.</summary>
        private sealed record Choice(string Type, Func<long[], bool> Fits, Func<Module<Tensor, Tensor>> Create);

        private static IEnumerable<Choice> Choices(DrawnNetwork d) =>
        [
            new("Linear", s => s.Length == 1, () => Linear(d.Channels, d.Size(1, 12), hasBias: d.Coin)),
            new("Unflatten", s => s.Length == 1 && s[0] % 4 == 0, () => nn.Unflatten(1, [d.Channels / 4, 2, 2])),
            new("Flatten", s => s.Length == 3, () => nn.Flatten()),
            new("Conv2d", IsImage(3, 16), () => Conv2d(d.Channels, d.Size(1, 6), d.Size(1, 3), d.Size(1, 2), d.Size(0, 1), bias: d.Coin)),
            new("Conv2d", IsImage(3, 16), () =>
                Conv2d(d.Channels, 2 * d.Channels, 3, padding: 2, dilation: 2, groups: d.Channels, bias: d.Coin)),
            new("ConvTranspose2d", IsImage(1, 8),
                () => ConvTranspose2d(d.Channels, d.Size(1, 6), 3, d.Size(1, 2), d.Size(0, 1), bias: d.Coin)),
            new("ConvTranspose2d", IsImage(1, 8),
                () => ConvTranspose2d(d.Channels, 2 * d.Channels, 4, 2, 1, groups: d.Channels, bias: d.Coin)),
            new("BatchNorm2d", s => s.Length == 3, () => BatchNorm2d(d.Channels, affine: d.Coin)),
            new("InstanceNorm2d", IsImage(3, 16), () => InstanceNorm2d(d.Channels, affine: d.Coin)),
            new("GroupNorm", s => s.Length == 3, () => GroupNorm(1, d.Channels)),
            new("MaxPool2d", IsImage(3, 16), () => MaxPool2d(2, d.Size(1, 2))),
            new("AvgPool2d", IsImage(3, 16), () => AvgPool2d(2, d.Size(1, 2))),
            new("Upsample", IsImage(1, 8), () => Upsample(scale_factor: [2, 2])),
            new("PixelShuffle", s => s.Length == 3 && s[0] % 4 == 0 && s[1] <= 8 && s[2] <= 8, () => PixelShuffle(2)),
            new("ZeroPad2d", IsImage(1, 8), () => ZeroPad2d(d.Size(0, 2))),
            new("ReflectionPad2d", IsImage(3, 8), () => ReflectionPad2d(d.Size(1, 2))),
            new("ReLU", Any, () => ReLU(d.Coin)),
            new("LeakyReLU", Any, () => LeakyReLU(0.2, d.Coin)),
            new("Tanh", Any, () => Tanh()),
            new("Sigmoid", Any, () => Sigmoid()),
            new("ELU", Any, () => ELU()),
            new("SELU", Any, () => SELU()),
            new("GELU", Any, () => GELU()),
            new("SiLU", Any, () => SiLU()),
            new("Softplus", Any, () => Softplus()),
            new("Hardswish", Any, () => Hardswish()),
            new("Softmax", Any, () => Softmax(1)),
            new("Dropout", Any, () => Dropout()),
            new("Identity", Any, () => Identity()),
        ];

        private static bool Any(long[] shape) => true;

        private static Func<long[], bool> IsImage(long smallest, long largest) =>
            shape => shape.Length == 3 && shape.Skip(1).All(s => s >= smallest && s <= largest);
    }
}
