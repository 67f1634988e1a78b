using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        public abstract class NormBase : nn.Module<Tensor, Tensor>
        {
            private protected NormBase(long num_features, double eps, double? momentum, bool affine, bool track_running_stats, string name) : base(name)
            {
                (this.num_features, this.eps, this.momentum, this.affine, this.track_running_stats) = (num_features, eps, momentum, affine, track_running_stats);
                if (affine)
                {
                    weight = (Parameter)nn.Parameter(ones([num_features])).DetachFromDisposeScope();
                    bias = (Parameter)nn.Parameter(zeros([num_features])).DetachFromDisposeScope();
                    register_parameter(nameof(weight), weight);
                    register_parameter(nameof(bias), bias);
                }
                if (!track_running_stats)
                    return;
                running_mean = zeros([num_features]).DetachFromDisposeScope();
                running_var = ones([num_features]).DetachFromDisposeScope();
                num_batches_tracked = tensor(0L).DetachFromDisposeScope();
                register_buffer(nameof(running_mean), running_mean);
                register_buffer(nameof(running_var), running_var);
                register_buffer(nameof(num_batches_tracked), num_batches_tracked);
            }

            public Parameter weight { get; } = null!;
            public Parameter? bias { get; }
            public Tensor? running_mean { get; }
            public Tensor? running_var { get; }
            public Tensor? num_batches_tracked { get; }
            public long num_features { get; }
            public double eps { get; set; }
            public double? momentum { get; set; }
            public bool affine { get; }
            public bool track_running_stats { get; }
        }

        public abstract class BatchNorm : NormBase
        {
            private protected BatchNorm(long num_features, double eps, double momentum, bool affine, bool track_running_stats, string name)
                : base(num_features, eps, momentum, affine, track_running_stats, name) { }

            public override Tensor forward(Tensor input)
            {
                if (training)
                    num_batches_tracked?.add_(1);
                var useBatch = training || running_mean is null;
                return Operator.Call("batch_norm", input, weight, bias, running_mean, running_var, useBatch, momentum ?? 0, eps, true);
            }
        }

        public sealed class BatchNorm2d : BatchNorm
        {
            // The real one's GetName() says "BatchNorm1d" too.
            internal BatchNorm2d(long num_features, double eps, double momentum, bool affine, bool track_running_stats)
                : base(num_features, eps, momentum, affine, track_running_stats, "BatchNorm1d") { }

            public override Tensor forward(Tensor input) => input.ndim == 4
                ? base.forward(input)
                : throw new ArgumentException($"expected 4D input, but got {input.ndim}D input.");
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static BatchNorm2d BatchNorm2d(long num_features, double eps = 1e-05, double momentum = 0.1, bool affine = true, bool track_running_stats = true, Device? device = null, ScalarType? dtype = null) =>
                new(num_features, eps, momentum, affine, track_running_stats);
        }
    }
}
