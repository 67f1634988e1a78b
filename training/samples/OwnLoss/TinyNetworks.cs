using GanOnnx.Export;
using GanOnnx.Training;
using GanOnnx.Training.Networks;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace OwnLoss;

/// <summary>One hidden layer each.</summary>
internal static class TinyNetworks
{
    private static readonly TrainingOption _hidden =
        new("hidden", "Values of the hidden layer", typeof(int), 64)
        {
            Least = 1,
            Most = 1024,
            Rule = "the hidden layer has {0} to {1} values"
        };

    public static Architecture Architecture { get; } =
        new("one hidden layer", [28, 32], [], shape => new Generator(shape), shape => new Discriminator(shape)) { Options = [_hidden] };

    private sealed class Generator : GeneratorNetwork
    {
        private readonly Linear _first, _last;

        public Generator(NetworkShape shape) : base(nameof(Generator), shape)
        {
            _first = nn.Linear(shape.LatentSize, (long)shape[_hidden]);
            _last = nn.Linear((long)shape[_hidden], shape.Channels * shape.Size * shape.Size);
            RegisterComponents();
        }

        public override TracedTensor Images(TracedTensor latents, TracedTensor? labels) =>
            _last.call(_first.call(latents).relu()).tanh().reshape(-1, Shape.Channels, Shape.Size, Shape.Size);
    }

    private sealed class Discriminator : DiscriminatorNetwork
    {
        private readonly Linear _first, _last;

        public Discriminator(NetworkShape shape) : base(nameof(Discriminator), shape)
        {
            _first = nn.Linear(shape.Channels * shape.Size * shape.Size, (long)shape[_hidden]);
            _last = nn.Linear((long)shape[_hidden], 1);
            RegisterComponents();
        }

        public override Tensor forward(Tensor images, Tensor? labels) =>
            _last.call(nn.functional.relu(_first.call(images.flatten(1)))).squeeze(1);
    }
}
