using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        public sealed class Linear : nn.Module<Tensor, Tensor>
        {
            internal Linear(Parameter weight, Parameter? bias = null) : base(nameof(Linear)) =>
                (in_features, out_features, this.weight, this.bias) = (weight.shape[1], weight.shape[0], weight, bias);

            internal Linear(long inputSize, long outputSize, bool hasBias = true, Device? device = null, ScalarType? dtype = null) : base(nameof(Linear))
            {
                (in_features, out_features) = (inputSize, outputSize);
                weight = nn.Parameter(empty([outputSize, inputSize], dtype, device));
                nn.init.kaiming_uniform_(weight, Math.Sqrt(5));
                if (!hasBias)
                    return;
                var bound = inputSize > 0 ? 1 / Math.Sqrt(inputSize) : 0;
                bias = nn.Parameter(empty([outputSize], dtype, device));
                nn.init.uniform_(bias, -bound, bound);
            }

            [field: Utils.ComponentName(Name = nameof(weight))]
            public Parameter weight { get; set => Assign(nameof(weight), ref field!, value); }

            [field: Utils.ComponentName(Name = nameof(bias))]
            public Parameter? bias { get; set => Assign(nameof(bias), ref field, value); }

            public long in_features { get; set; }
            public long out_features { get; set; }

            public override Tensor forward(Tensor tensor) => nn.functional.linear(tensor, weight, bias);
        }

        public sealed class Bilinear : nn.Module<Tensor, Tensor, Tensor>
        {
            internal Bilinear(long in1_features, long in2_features, long out_features, bool hasBias = true, Device? device = null, ScalarType? dtype = null) : base(nameof(Bilinear))
            {
                (this.in1_features, this.in2_features, this.out_features) = (in1_features, in2_features, out_features);
                weight = nn.Parameter(empty([out_features, in1_features, in2_features], dtype, device));
                var bound = 1 / Math.Sqrt(in1_features);
                nn.init.uniform_(weight, -bound, bound);
                if (!hasBias)
                    return;
                bias = nn.Parameter(empty([out_features], dtype, device));
                nn.init.uniform_(bias, -bound, bound);
            }

            [field: Utils.ComponentName(Name = nameof(weight))]
            public Parameter weight { get; set => Assign(nameof(weight), ref field!, value); }

            [field: Utils.ComponentName(Name = nameof(bias))]
            public Parameter? bias { get; set => Assign(nameof(bias), ref field, value); }

            public long in1_features { get; set; }
            public long in2_features { get; set; }
            public long out_features { get; set; }

            public override Tensor forward(Tensor input1, Tensor input2) => nn.functional.bilinear(input1, input2, weight, bias);
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Linear Linear(long inputSize, long outputSize, bool hasBias = true, Device? device = null, ScalarType? dtype = null) => new(inputSize, outputSize, hasBias, device, dtype);
            public static Linear Linear(Parameter weight, Parameter? bias = null) => new(weight, bias);
            public static Bilinear Bilinear(long in1_features, long in2_features, long out_features, bool hasBias = true, Device? device = null, ScalarType? dtype = null) => new(in1_features, in2_features, out_features, hasBias, device, dtype);

            public static partial class functional
            {
                public static Tensor linear(Tensor input, Tensor weights, Tensor? bias = null) => Operator.Call("linear", input, weights, bias);
                public static Tensor bilinear(Tensor input1, Tensor input2, Tensor weight, Tensor? bias = null) => Operator.Call("bilinear", input1, input2, weight, bias);
            }
        }
    }
}
