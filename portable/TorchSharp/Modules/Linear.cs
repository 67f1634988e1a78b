using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        public sealed class Linear : nn.Module<Tensor, Tensor>
        {
            internal Linear(long inputSize, long outputSize, bool hasBias) : base(nameof(Linear))
            {
                (in_features, out_features) = (inputSize, outputSize);
                weight = (Parameter)nn.Parameter(empty([outputSize, inputSize])).DetachFromDisposeScope();
                register_parameter(nameof(weight), weight);
                nn.init.kaiming_uniform_(weight, Math.Sqrt(5));
                if (!hasBias)
                    return;
                var bound = 1 / Math.Sqrt(inputSize);
                bias = (Parameter)nn.Parameter(empty([outputSize])).DetachFromDisposeScope();
                register_parameter(nameof(bias), bias);
                nn.init.uniform_(bias, -bound, bound);
            }

            public Parameter weight { get; }
            public Parameter? bias { get; }
            public long in_features { get; set; }
            public long out_features { get; set; }

            public override Tensor forward(Tensor tensor) => Operator.Call("linear", tensor, weight, bias);
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Linear Linear(long inputSize, long outputSize, bool hasBias = true, Device? device = null, ScalarType? dtype = null) =>
                new(inputSize, outputSize, hasBias);
        }
    }
}
