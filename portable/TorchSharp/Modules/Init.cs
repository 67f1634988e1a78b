namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static class init
        {
            public static Tensor normal_(Tensor tensor, double mean = 0, double std = 1, Generator? generator = null) => WithoutGrad(tensor, "normal_", mean, std);

            public static Tensor uniform_(Tensor tensor, double low = 0, double high = 1, Generator? generator = null) => WithoutGrad(tensor, "uniform_", low, high);

            public static Tensor constant_(Tensor tensor, Scalar val)
            {
                using var _ = no_grad();
                return Operator.InPlace(tensor, "fill_", "Scalar", tensor, val);
            }

            public static Tensor kaiming_uniform_(Tensor tensor, double a = 0)
            {
                var bound = Math.Sqrt(6 / ((1 + a * a) * CalculateFanInAndFanOut(tensor).fanIn));
                return uniform_(tensor, -bound, bound);
            }

            public static (long fanIn, long fanOut) CalculateFanInAndFanOut(Tensor tensor)
            {
                var shape = tensor.shape;
                var receptive = shape.Skip(2).Aggregate(1L, (product, size) => product * size);
                return (shape[1] * receptive, shape[0] * receptive);
            }

            private static Tensor WithoutGrad(Tensor tensor, string op, double first, double second)
            {
                using var _ = no_grad();
                return Operator.InPlace(tensor, op, "", tensor, first, second);
            }
        }
    }
}
