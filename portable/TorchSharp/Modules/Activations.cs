using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        public sealed class CELU : ParameterLessModule<Tensor, Tensor>
        {
            internal CELU(double alpha, bool inplace) : base(nameof(CELU)) =>
                (this.alpha, this.inplace) = (alpha, inplace);
            public double alpha { get; set; }
            public bool inplace { get; set; }
            public override Tensor forward(Tensor tensor) => nn.functional.celu(tensor, alpha, inplace);
        }

        public sealed class ELU : ParameterLessModule<Tensor, Tensor>
        {
            internal ELU(double alpha, bool inplace) : base(nameof(ELU)) =>
                (this.alpha, this.inplace) = (alpha, inplace);
            public double alpha { get; set; }
            public bool inplace { get; set; }
            public override Tensor forward(Tensor tensor) => nn.functional.elu(tensor, alpha, inplace);
        }

        public sealed class GELU : ParameterLessModule<Tensor, Tensor>
        {
            internal GELU(bool inplace) : base(nameof(GELU)) =>
                this.inplace = inplace;
            public bool inplace { get; set; }
            public override Tensor forward(Tensor tensor) => nn.functional.gelu(tensor, inplace);
        }

        public sealed class GLU : ParameterLessModule<Tensor, Tensor>
        {
            internal GLU(long dim) : base(nameof(GLU)) =>
                this.dim = dim;
            public long dim { get; set; }
            public override Tensor forward(Tensor tensor) => nn.functional.glu(tensor, dim);
        }

        public sealed class Hardshrink : ParameterLessModule<Tensor, Tensor>
        {
            internal Hardshrink(double lambda) : base(nameof(Hardshrink)) =>
                this.lambda = lambda;
            public double lambda { get; set; }
            public override Tensor forward(Tensor tensor) => nn.functional.hardshrink(tensor, lambda);
        }

        public sealed class Hardsigmoid : ParameterLessModule<Tensor, Tensor>
        {
            internal Hardsigmoid(bool inplace) : base(nameof(Hardsigmoid)) =>
                this.inplace = inplace;
            public bool inplace { get; set; }
            public override Tensor forward(Tensor tensor) => nn.functional.hardsigmoid(tensor, inplace);
        }

        public sealed class Hardswish : ParameterLessModule<Tensor, Tensor>
        {
            internal Hardswish(bool inplace) : base(nameof(Hardswish)) =>
                this.inplace = inplace;
            public bool inplace { get; set; }
            public override Tensor forward(Tensor tensor) => nn.functional.hardswish(tensor, inplace);
        }

        public sealed class Hardtanh : ParameterLessModule<Tensor, Tensor>
        {
            internal Hardtanh(double min_val, double max_val, bool inplace) : base(nameof(Hardtanh)) =>
                (this.min_val, this.max_val, this.inplace) = (min_val, max_val, inplace);
            public double min_val { get; set; }
            public double max_val { get; set; }
            public bool inplace { get; set; }
            public override Tensor forward(Tensor tensor) => nn.functional.hardtanh(tensor, min_val, max_val, inplace);
        }

        public sealed class LeakyReLU : ParameterLessModule<Tensor, Tensor>
        {
            internal LeakyReLU(double negative_slope, bool inplace) : base(nameof(LeakyReLU)) =>
                (this.negative_slope, this.inplace) = (negative_slope, inplace);
            public double negative_slope { get; set; }
            public bool inplace { get; set; }
            public override Tensor forward(Tensor tensor) => nn.functional.leaky_relu(tensor, negative_slope, inplace);
        }

        public sealed class LogSigmoid : ParameterLessModule<Tensor, Tensor>
        {
            internal LogSigmoid() : base(nameof(LogSigmoid)) { }
            public override Tensor forward(Tensor tensor) => nn.functional.logsigmoid(tensor);
        }

        public sealed class LogSoftmax : ParameterLessModule<Tensor, Tensor>
        {
            internal LogSoftmax(long dim) : base(nameof(LogSoftmax)) =>
                this.dim = dim;
            public long dim { get; set; }
            public override Tensor forward(Tensor tensor) => nn.functional.log_softmax(tensor, dim);
        }

        public sealed class Mish : ParameterLessModule<Tensor, Tensor>
        {
            internal Mish(bool inplace) : base(nameof(Mish)) =>
                this.inplace = inplace;
            public bool inplace { get; set; }
            public override Tensor forward(Tensor tensor) => nn.functional.mish(tensor, inplace);
        }

        public sealed class ReLU : ParameterLessModule<Tensor, Tensor>
        {
            internal ReLU(bool inplace) : base(nameof(ReLU)) =>
                this.inplace = inplace;
            public bool inplace { get; set; }
            public override Tensor forward(Tensor tensor) => nn.functional.relu(tensor, inplace);
        }

        public sealed class ReLU6 : ParameterLessModule<Tensor, Tensor>
        {
            internal ReLU6(bool inplace) : base(nameof(ReLU6)) =>
                this.inplace = inplace;
            public bool inplace { get; set; }
            public override Tensor forward(Tensor tensor) => nn.functional.relu6(tensor, inplace);
        }

        public sealed class RReLU : ParameterLessModule<Tensor, Tensor>
        {
            internal RReLU(double lower, double upper, bool inplace) : base(nameof(RReLU)) =>
                (this.lower, this.upper, this.inplace) = (lower, upper, inplace);
            public double lower { get; set; }
            public double upper { get; set; }
            public bool inplace { get; set; }
            public override Tensor forward(Tensor tensor) => nn.functional.rrelu(tensor, lower, upper, inplace);
        }

        public sealed class SELU : ParameterLessModule<Tensor, Tensor>
        {
            internal SELU(bool inplace) : base(nameof(SELU)) =>
                this.inplace = inplace;
            public bool inplace { get; set; }
            public override Tensor forward(Tensor tensor) => nn.functional.selu(tensor, inplace);
        }

        public sealed class Sigmoid : ParameterLessModule<Tensor, Tensor>
        {
            internal Sigmoid(bool inplace) : base(nameof(Sigmoid)) =>
                this.inplace = inplace;
            public bool inplace { get; set; }
            public override Tensor forward(Tensor tensor) => nn.functional.sigmoid(tensor, inplace);
        }

        public sealed class SiLU : ParameterLessModule<Tensor, Tensor>
        {
            internal SiLU(bool inplace) : base(nameof(SiLU)) =>
                this.inplace = inplace;
            public bool inplace { get; set; }
            public override Tensor forward(Tensor tensor) => nn.functional.silu(tensor, inplace);
        }

        public sealed class Softmax : ParameterLessModule<Tensor, Tensor>
        {
            internal Softmax(long dim) : base(nameof(Softmax)) =>
                this.dim = dim;
            public long dim { get; set; }
            public override Tensor forward(Tensor tensor) => nn.functional.softmax(tensor, dim);
        }

        public sealed class Softmax2d : ParameterLessModule<Tensor, Tensor>
        {
            internal Softmax2d() : base(nameof(Softmax2d)) { }
            public override Tensor forward(Tensor tensor) => nn.functional.softmax2d(tensor);
        }

        public sealed class Softmin : ParameterLessModule<Tensor, Tensor>
        {
            internal Softmin(long dim) : base(nameof(Softmin)) =>
                this.dim = dim;
            public long dim { get; set; }
            public override Tensor forward(Tensor tensor) => nn.functional.softmin(tensor, dim);
        }

        public sealed class Softplus : ParameterLessModule<Tensor, Tensor>
        {
            internal Softplus(double beta, double threshold) : base(nameof(Softplus)) =>
                (this.beta, this.threshold) = (beta, threshold);
            public double beta { get; set; }
            public double threshold { get; set; }
            public override Tensor forward(Tensor tensor) => nn.functional.softplus(tensor, beta, threshold);
        }

        public sealed class Softshrink : ParameterLessModule<Tensor, Tensor>
        {
            internal Softshrink(double lambda) : base(nameof(Softshrink)) =>
                this.lambda = lambda;
            public double lambda { get; set; }
            public override Tensor forward(Tensor tensor) => nn.functional.softshrink(tensor, lambda);
        }

        public sealed class Softsign : ParameterLessModule<Tensor, Tensor>
        {
            internal Softsign(bool inplace) : base(nameof(Softsign)) =>
                this.inplace = inplace;
            public bool inplace { get; set; }
            public override Tensor forward(Tensor tensor) => nn.functional.softsign(tensor, inplace);
        }

        public sealed class Tanh : ParameterLessModule<Tensor, Tensor>
        {
            internal Tanh(bool inplace) : base(nameof(Tanh)) =>
                this.inplace = inplace;
            public bool inplace { get; set; }
            public override Tensor forward(Tensor tensor) => nn.functional.tanh(tensor, inplace);
        }

        public sealed class Tanhshrink : ParameterLessModule<Tensor, Tensor>
        {
            internal Tanhshrink(bool inplace) : base(nameof(Tanhshrink)) =>
                this.inplace = inplace;
            public bool inplace { get; set; }
            public override Tensor forward(Tensor tensor) => nn.functional.tanhshrink(tensor, inplace);
        }

        public sealed class Threshold : ParameterLessModule<Tensor, Tensor>
        {
            internal Threshold(double threshold, double value, bool inplace) : base(nameof(Threshold)) =>
                (this.threshold, this.value, this.inplace) = (threshold, value, inplace);
            public double threshold { get; set; }
            public double value { get; set; }
            public bool inplace { get; set; }
            public override Tensor forward(Tensor tensor) => nn.functional.threshold(tensor, threshold, value, inplace);
        }

        public sealed class PReLU : nn.Module<Tensor, Tensor>
        {
            internal PReLU(long num_parameters, double init, Device? device = null, ScalarType? dtype = null) : base(nameof(PReLU))
            {
                (this.num_parameters, this.init) = (num_parameters, init);
                weight = nn.Parameter(full([num_parameters], init, dtype ?? ScalarType.Float32, device));
            }

            [field: Utils.ComponentName(Name = nameof(weight))]
            public Parameter weight { get; set => Assign(nameof(weight), ref field!, value); }

            public long num_parameters { get; }
            public double init { get; }

            public override Tensor forward(Tensor tensor) => nn.functional.prelu(tensor, weight);
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static CELU CELU(double alpha = 1.0, bool inplace = false) => new(alpha, inplace);
            public static ELU ELU(double alpha = 1.0, bool inplace = false) => new(alpha, inplace);
            public static GELU GELU() => new(false);
            public static GELU GELU(bool inplace) => new(inplace);
            public static GLU GLU(long dim = -1) => new(dim);
            public static Hardshrink Hardshrink(double lambda = 0.5) => new(lambda);
            public static Hardsigmoid Hardsigmoid(bool inplace = false) => new(inplace);
            public static Hardswish Hardswish(bool inplace = false) => new(inplace);
            public static Hardtanh Hardtanh(double min_val = -1.0, double max_val = 1.0, bool inplace = false) => new(min_val, max_val, inplace);
            public static LeakyReLU LeakyReLU(double negative_slope = 0.01, bool inplace = false) => new(negative_slope, inplace);
            public static LogSigmoid LogSigmoid() => new();
            public static LogSoftmax LogSoftmax(long dim) => new(dim);
            public static Mish Mish() => new(false);
            public static Mish Mish(bool inplace) => new(inplace);
            public static ReLU ReLU(bool inplace = false) => new(inplace);
            public static ReLU6 ReLU6(bool inplace = false) => new(inplace);
            public static RReLU RReLU(double lower = one_eighth, double upper = one_third, bool inplace = false) => new(lower, upper, inplace);
            public static SELU SELU(bool inplace = false) => new(inplace);
            public static Sigmoid Sigmoid() => new(false);
            public static Sigmoid Sigmoid(bool inplace) => new(inplace);
            public static SiLU SiLU() => new(false);
            public static SiLU SiLU(bool inplace) => new(inplace);
            public static Softmax Softmax(long dim) => new(dim);
            public static Softmax2d Softmax2d() => new();
            public static Softmin Softmin(long dim) => new(dim);
            public static Softplus Softplus(double beta = 1, double threshold = 20) => new(beta, threshold);
            public static Softshrink Softshrink(double lambda = 0.5) => new(lambda);
            public static Softsign Softsign() => new(false);
            public static Softsign Softsign(bool inplace) => new(inplace);
            public static Tanh Tanh() => new(false);
            public static Tanh Tanh(bool inplace = false) => new(inplace);
            public static Tanhshrink Tanhshrink() => new(false);
            public static Tanhshrink Tanhshrink(bool inplace = false) => new(inplace);
            public static Threshold Threshold(double threshold, double value, bool inplace = false) => new(threshold, value, inplace);
            public static PReLU PReLU(long num_parameters, double init = 0.25, Device? device = null, ScalarType? dtype = null) => new(num_parameters, init, device, dtype);

            private const double one_eighth = 1.0 / 8.0;
            private const double one_third = 1.0 / 3.0;

            public static partial class functional
            {
                public static Tensor celu(Tensor x, double alpha, bool inplace = false) => inplace ? x.celu_(alpha).alias() : x.celu(alpha);
                public static Tensor elu(Tensor x, double alpha, bool inplace = false) => inplace ? x.elu_(alpha).alias() : x.elu(alpha);
                public static Tensor gelu(Tensor x, bool inplace) => inplace ? x.gelu_().alias() : x.gelu();
                public static Tensor gelu(Tensor x) => x.gelu();
                public static Tensor glu(Tensor input, long dim = -1) => input.glu(dim);
                public static Tensor hardshrink(Tensor x, double lambda = 0.5) => Operator.Call("hardshrink", x, lambda);
                public static Tensor hardsigmoid(Tensor input, bool inplace = false) => inplace ? input.hardsigmoid_().alias() : input.hardsigmoid();
                public static Tensor hardswish(Tensor input, bool inplace = false) => inplace ? input.hardswish_().alias() : input.hardswish();
                public static Tensor hardtanh(Tensor x, double min_val = -1.0, double max_val = 1.0, bool inplace = false) => inplace ? x.hardtanh_(min_val, max_val).alias() : x.hardtanh(min_val, max_val);
                public static Tensor leaky_relu(Tensor input, double negative_slope = 0.01, bool inplace = false) => inplace ? input.leaky_relu_(negative_slope).alias() : input.leaky_relu(negative_slope);
                public static Tensor logsigmoid(Tensor x) => x.log_sigmoid();
                public static Tensor log_softmax(Tensor x, long dim) => x.log_softmax(dim);
                public static Tensor mish(Tensor x, bool inplace = false)
                {
                    using var softplus = x.softplus();
                    using var gate = softplus.tanh();
                    return inplace ? x.mul_(gate).alias() : x.mul(gate);
                }
                public static Tensor prelu(Tensor input, Tensor weight) => input.prelu(weight);
                public static Tensor relu(Tensor x, bool inplace = false) => inplace ? x.relu_().alias() : x.relu();
                public static Tensor relu6(Tensor x, bool inplace = false) => inplace ? x.relu6_().alias() : x.relu6();
                // The middle slope always, in training too: as in the real one.
                public static Tensor rrelu(Tensor x, double lower = one_eighth, double upper = one_third, bool inplace = false) => inplace ? x.rrelu_(lower, upper).alias() : x.rrelu(lower, upper);
                public static Tensor selu(Tensor x, bool inplace = false) => inplace ? x.selu_().alias() : x.selu();
                public static Tensor silu(Tensor x, bool inplace = false) => inplace ? x.silu_().alias() : x.silu();
                public static Tensor sigmoid(Tensor x, bool inplace) => inplace ? x.sigmoid_().alias() : x.sigmoid();
                public static Tensor sigmoid(Tensor x) => x.sigmoid();
                public static Tensor softmax(Tensor input, long dim, ScalarType? dtype = null) => input.softmax(dim, dtype);
                public static Tensor softmax2d(Tensor x) => x.softmax(-3);
                public static Tensor softmin(Tensor x, long dim)
                {
                    using var negative = -x;
                    return negative.softmax(dim);
                }
                public static Tensor softplus(Tensor x, double beta = 1, double threshold = 20) => x.softplus(beta, threshold);
                public static Tensor softshrink(Tensor x, double lambda = 0.5) => Operator.Call("softshrink", x, lambda);
                public static Tensor softsign(Tensor x, bool inplace = false)
                {
                    using var size = x.abs();
                    using var divisor = 1 + size;
                    return inplace ? x.div_(divisor).alias() : x.div(divisor);
                }
                public static Tensor tanh(Tensor x, bool inplace = false) => inplace ? x.tanh_().alias() : x.tanh();
                public static Tensor tanhshrink(Tensor x, bool inplace = false)
                {
                    using var tanh = x.tanh();
                    return inplace ? x.sub_(tanh).alias() : x.sub(tanh);
                }
                public static Tensor threshold(Tensor x, double threshold, double value, bool inplace = false) => inplace ? x.threshold_(threshold, value).alias() : x.threshold(threshold, value);
            }
        }
    }
}
