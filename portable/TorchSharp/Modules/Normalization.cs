using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        public abstract class NormBase : nn.Module<Tensor, Tensor>
        {
            public NormBase(long num_features, double eps, double? momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype, string name) : base(name)
            {
                (this.num_features, this.eps, this.momentum, this.affine, this.track_running_stats) = (num_features, eps, momentum, affine, track_running_stats);
                if (affine)
                {
                    weight = nn.Parameter(ones([num_features], dtype, device));
                    bias = nn.Parameter(zeros([num_features], dtype, device));
                }
                if (!track_running_stats)
                    return;
                running_mean = zeros([num_features], dtype, device);
                running_var = ones([num_features], dtype, device);
                num_batches_tracked = tensor(0L, dtype, device);
            }

            [field: Utils.ComponentName(Name = nameof(weight))]
            public Parameter weight { get; set => Assign(nameof(weight), ref field!, value); } = null!;

            [field: Utils.ComponentName(Name = nameof(bias))]
            public Parameter? bias { get; set => Assign(nameof(bias), ref field, value); }

            [field: Utils.ComponentName(Name = nameof(running_mean))]
            public Tensor? running_mean { get; set => Assign(nameof(running_mean), ref field, value); }

            [field: Utils.ComponentName(Name = nameof(running_var))]
            public Tensor? running_var { get; set => Assign(nameof(running_var), ref field, value); }

            [field: Utils.ComponentName(Name = nameof(num_batches_tracked))]
            public Tensor? num_batches_tracked { get; set => Assign(nameof(num_batches_tracked), ref field, value); }

            public long num_features { get; }
            public double eps { get; set; }
            public double? momentum { get; set; }
            public bool affine { get; }
            public bool track_running_stats { get; }

            protected abstract void ValidateInputDimensions(Tensor input);

            private protected static void Expect(Tensor input, params ReadOnlySpan<long> dimensions)
            {
                if (!dimensions.Contains(input.ndim))
                    throw new ArgumentException($"expected {string.Join(" or ", dimensions.ToArray().Select(d => d + "D"))} input, but got {input.ndim}D input.");
            }
        }

        public abstract class BatchNorm : NormBase
        {
            public BatchNorm(long num_features, double eps, double momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype, string name)
                : base(num_features, eps, momentum, affine, track_running_stats, device, dtype, name) { }

            public override Tensor forward(Tensor input)
            {
                ValidateInputDimensions(input);
                if (training && track_running_stats)
                    num_batches_tracked?.add_(1);
                // Without momentum the running statistics are the plain mean over all batches.
                var factor = momentum ?? (training && num_batches_tracked is not null ? 1 / num_batches_tracked.ToDouble() : 0);
                return nn.functional.batch_norm(input, running_mean, running_var, weight, bias, training || running_mean is null, factor, eps);
            }
        }

        public abstract class InstanceNorm : NormBase
        {
            public InstanceNorm(long num_features, double eps, double? momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype, string name)
                : base(num_features, eps, momentum ?? 0.1, affine, track_running_stats, device, dtype, name) { }

            protected abstract long GetNumberOfBatchDimensions();

            public override Tensor forward(Tensor input)
            {
                ValidateInputDimensions(input);
                var axis = (int)(input.ndim - GetNumberOfBatchDimensions());
                if (input.size(axis) != num_features)
                    throw new ArgumentException($"expected input's size at dim={axis} to match num_features ({num_features}), but got: {input.size(axis)}.");
                if (axis > 0)
                    return Normalize(input);
                using var batch = input.unsqueeze(0);
                return Normalize(batch).squeeze_(0);
            }

            private Tensor Normalize(Tensor input) =>
                nn.functional.instance_norm(input, running_mean, running_var, weight, bias, training || !track_running_stats, momentum ?? 0.1, eps);
        }

        public sealed class BatchNorm1d : BatchNorm
        {
            internal BatchNorm1d(long num_features, double eps, double momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype)
                : base(num_features, eps, momentum, affine, track_running_stats, device, dtype, nameof(BatchNorm1d)) { }

            protected override void ValidateInputDimensions(Tensor input) => Expect(input, 2, 3);
        }

        public sealed class BatchNorm2d : BatchNorm
        {
            // The real ones are all called so.
            internal BatchNorm2d(long num_features, double eps, double momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype)
                : base(num_features, eps, momentum, affine, track_running_stats, device, dtype, nameof(BatchNorm1d)) { }

            protected override void ValidateInputDimensions(Tensor input) => Expect(input, 4);
        }

        public sealed class BatchNorm3d : BatchNorm
        {
            internal BatchNorm3d(long num_features, double eps, double momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype)
                : base(num_features, eps, momentum, affine, track_running_stats, device, dtype, nameof(BatchNorm1d)) { }

            protected override void ValidateInputDimensions(Tensor input) => Expect(input, 5);
        }

        public sealed class InstanceNorm1d : InstanceNorm
        {
            internal InstanceNorm1d(long num_features, double eps, double momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype)
                : base(num_features, eps, momentum, affine, track_running_stats, device, dtype, nameof(InstanceNorm1d)) { }

            protected override long GetNumberOfBatchDimensions() => 2;

            protected override void ValidateInputDimensions(Tensor input) => Expect(input, 2, 3);
        }

        public sealed class InstanceNorm2d : InstanceNorm
        {
            internal InstanceNorm2d(long num_features, double eps, double momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype)
                : base(num_features, eps, momentum, affine, track_running_stats, device, dtype, nameof(InstanceNorm1d)) { }

            protected override long GetNumberOfBatchDimensions() => 3;

            protected override void ValidateInputDimensions(Tensor input) => Expect(input, 3, 4);
        }

        public sealed class InstanceNorm3d : InstanceNorm
        {
            internal InstanceNorm3d(long num_features, double eps, double momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype)
                : base(num_features, eps, momentum, affine, track_running_stats, device, dtype, nameof(InstanceNorm3d)) { }

            protected override long GetNumberOfBatchDimensions() => 4;

            protected override void ValidateInputDimensions(Tensor input) => Expect(input, 4, 5);
        }

        public sealed class LayerNorm : nn.Module<Tensor, Tensor>
        {
            internal LayerNorm(long[] normalized_shape, double eps, bool elementwise_affine, bool bias, Device? device, ScalarType? dtype) : base(nameof(LayerNorm))
            {
                (this.normalized_shape, this.eps, this.elementwise_affine) = (normalized_shape, eps, elementwise_affine);
                if (!elementwise_affine)
                    return;
                weight = nn.Parameter(ones(normalized_shape, dtype, device));
                if (bias)
                    this.bias = nn.Parameter(zeros(normalized_shape, dtype, device));
            }

            [field: Utils.ComponentName(Name = nameof(weight))]
            public Parameter weight { get; set => Assign(nameof(weight), ref field!, value); } = null!;

            [field: Utils.ComponentName(Name = nameof(bias))]
            public Parameter? bias { get; set => Assign(nameof(bias), ref field, value); }

            public long[] normalized_shape { get; set; }
            public double eps { get; set; }
            public bool elementwise_affine { get; set; }

            public override Tensor forward(Tensor tensor) => nn.functional.layer_norm(tensor, normalized_shape, weight, bias, eps);
        }

        public sealed class GroupNorm : nn.Module<Tensor, Tensor>
        {
            // The real one leaves its parameters as the memory was: there they must be set or loaded before use.
            internal GroupNorm(long num_groups, long num_channels, double eps, bool affine, Device? device, ScalarType? dtype) : base(nameof(GroupNorm))
            {
                (this.num_groups, this.eps, this.affine) = (num_groups, eps, affine);
                if (!affine)
                    return;
                weight = nn.Parameter(empty([num_channels], dtype, device));
                bias = nn.Parameter(empty([num_channels], dtype, device));
            }

            [field: Utils.ComponentName(Name = nameof(weight))]
            public Parameter weight { get; set => Assign(nameof(weight), ref field!, value); } = null!;

            [field: Utils.ComponentName(Name = nameof(bias))]
            public Parameter? bias { get; set => Assign(nameof(bias), ref field, value); }

            public long num_groups { get; set; }
            public double eps { get; set; }
            public bool affine { get; set; }

            public override Tensor forward(Tensor tensor) => tensor.Dimensions >= 3
                ? nn.functional.group_norm(tensor, num_groups, weight, bias, eps)
                : throw new ArgumentException($"Invalid number of dimensions for GroupNorm argument: {tensor.Dimensions}");
        }

        public sealed class LocalResponseNorm : ParameterLessModule<Tensor, Tensor>
        {
            internal LocalResponseNorm(long size, double alpha = 0.0001, double beta = 0.75, double k = 1.0) : base(nameof(LocalResponseNorm)) =>
                (this.size, this.alpha, this.beta, this.k) = (size, alpha, beta, k);

            public long size { get; set; }
            public double alpha { get; set; }
            public double beta { get; set; }
            public double k { get; set; }

            public override Tensor forward(Tensor input) => nn.functional.local_response_norm(input, size, alpha, beta, k);
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static BatchNorm1d BatchNorm1d(long num_features, double eps = 1e-05, double momentum = 0.1, bool affine = true, bool track_running_stats = true, Device? device = null, ScalarType? dtype = null) =>
                new(num_features, eps, momentum, affine, track_running_stats, device, dtype);
            public static BatchNorm2d BatchNorm2d(long num_features, double eps = 1e-05, double momentum = 0.1, bool affine = true, bool track_running_stats = true, Device? device = null, ScalarType? dtype = null) =>
                new(num_features, eps, momentum, affine, track_running_stats, device, dtype);
            public static BatchNorm3d BatchNorm3d(long num_features, double eps = 1e-05, double momentum = 0.1, bool affine = true, bool track_running_stats = true, Device? device = null, ScalarType? dtype = null) =>
                new(num_features, eps, momentum, affine, track_running_stats, device, dtype);
            public static InstanceNorm1d InstanceNorm1d(long num_features, double eps = 1e-05, double momentum = 0.1, bool affine = false, bool track_running_stats = false, Device? device = null, ScalarType? dtype = null) =>
                new(num_features, eps, momentum, affine, track_running_stats, device, dtype);
            public static InstanceNorm2d InstanceNorm2d(long num_features, double eps = 1e-05, double momentum = 0.1, bool affine = false, bool track_running_stats = false, Device? device = null, ScalarType? dtype = null) =>
                new(num_features, eps, momentum, affine, track_running_stats, device, dtype);
            public static InstanceNorm3d InstanceNorm3d(long num_features, double eps = 1e-05, double momentum = 0.1, bool affine = false, bool track_running_stats = false, Device? device = null, ScalarType? dtype = null) =>
                new(num_features, eps, momentum, affine, track_running_stats, device, dtype);
            public static LayerNorm LayerNorm(long[] normalized_shape, double eps = 1e-05, bool elementwise_affine = true, bool bias = true, Device? device = null, ScalarType? dtype = null) => new(normalized_shape, eps, elementwise_affine, bias, device, dtype);
            public static LayerNorm LayerNorm(long normalized_shape, double eps = 1e-05, bool elementwise_affine = true, bool bias = true, Device? device = null, ScalarType? dtype = null) => new([normalized_shape], eps, elementwise_affine, bias, device, dtype);
            public static GroupNorm GroupNorm(long num_groups, long num_channels, double eps = 1e-05, bool affine = true, Device? device = null, ScalarType? dtype = null) => new(num_groups, num_channels, eps, affine, device, dtype);
            public static LocalResponseNorm LocalResponseNorm(long size, double alpha = 0.0001, double beta = 0.75, double k = 1.0) => new(size, alpha, beta, k);

            public static partial class functional
            {
                public static Tensor normalize(Tensor input, double p = 2.0, long dim = 1L, double eps = 1e-12)
                {
                    using var scope = NewDisposeScope();
                    return (input / Operator.Call("norm", "ScalarOpt_dim", input, p, (long[])[dim], true).clamp_min(eps)).MoveToOuterDisposeScope();
                }
                public static Tensor batch_norm(Tensor input, Tensor? running_mean, Tensor? running_var, Tensor? weight = null, Tensor? bias = null, bool training = false, double momentum = 0.1, double eps = 1e-5) =>
                    Operator.Call("batch_norm", input, weight, bias, running_mean, running_var, training, momentum, eps, true);
                public static Tensor instance_norm(Tensor input, Tensor? running_mean = null, Tensor? running_var = null, Tensor? weight = null, Tensor? bias = null, bool use_input_stats = true, double momentum = 0.1, double eps = 1e-5) =>
                    Operator.Call("instance_norm", input, weight, bias, running_mean, running_var, use_input_stats, momentum, eps, true);
                public static Tensor layer_norm(Tensor input, long[] normalized_shape, Tensor? weight = null, Tensor? bias = null, double eps = 1e-5) =>
                    Operator.Call("layer_norm", input, normalized_shape, weight, bias, eps);
                public static Tensor group_norm(Tensor input, long num_groups, Tensor? weight = null, Tensor? bias = null, double eps = 1e-5) =>
                    Operator.Call("group_norm", input, num_groups, weight, bias, eps);

                // Krizhevsky and others, "ImageNet Classification with Deep Convolutional Neural Networks", 3.3, with the mean for the sum.
                public static Tensor local_response_norm(Tensor input, long size, double alpha = 0.0001, double beta = 0.75, double k = 1.0)
                {
                    if (input.Dimensions < 3)
                        throw new ArgumentException($"Invalid number of dimensions for LocalResponseNorm argument: {input.Dimensions}");
                    using var scope = NewDisposeScope();
                    var shape = input.shape;
                    var squares = pad(input.square().reshape(shape[0], 1, shape[1], -1), [0, 0, size / 2, (size - 1) / 2]);
                    var mean = avg_pool2d(squares, [size, 1], [1, 1]).reshape(shape);
                    return (input / (mean * alpha + k).pow(beta)).MoveToOuterDisposeScope();
                }
            }
        }
    }
}
