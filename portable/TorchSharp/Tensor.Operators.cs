using static TorchSharp.Operator;

namespace TorchSharp;

public enum RoundingMode
{
    None = 0,
    trunc = 1,
    floor = 2,
}

public static partial class torch
{
    // One ATen operator a line.
    public partial class Tensor
    {
        public Tensor alias() => Call("alias", this);
        public Tensor clone() => Call("clone", this);
        public Tensor contiguous() => Call("contiguous", this);
        public Tensor detach() => Call("detach", this);
        public Tensor copy_(Tensor source, bool nonBlocking = false) => InPlace(this, "copy_", "", this, source, nonBlocking);

        public Tensor cpu() => alias();
        public Tensor to(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            DisposeIf(disposeAfter, Call("to", "dtype", this, (long)type, non_blocking, copy));
        public Tensor to(Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            DisposeIf(disposeAfter, Call("to", "device", this, device, (long)dtype, non_blocking, copy));

        private Tensor DisposeIf(bool dispose, Tensor result)
        {
            if (dispose)
                Dispose();
            return result;
        }

        public Tensor view(params long[] shape) => Call("view", this, shape);
        public Tensor reshape(params long[] shape) => Call("reshape", this, shape);
        public Tensor flatten(long start_dim = 0, long end_dim = -1) => Call("flatten", "using_ints", this, start_dim, end_dim);
        public Tensor unflatten(long dim, params long[] sizes)
        {
            var shape = this.shape;
            if (dim < 0 || dim >= shape.Length || sizes.Length == 0)
                throw new ArgumentException($"An axis from 0 to {shape.Length - 1} can be split into at least one size, not {dim} into [{string.Join(", ", sizes)}].");
            return reshape([.. shape[..(int)dim], .. sizes, .. shape[((int)dim + 1)..]]);
        }
        public Tensor index_select(long dim, Tensor index) => Call("index_select", this, dim, index);
        public Tensor permute(params long[] permutation) => Call("permute", this, permutation);

        public Tensor add(Tensor target) => Call("add", "Tensor", this, target);
        public Tensor add(Tensor target, Scalar alpha) => Call("add", "Tensor", this, target, alpha);
        public Tensor add(Scalar scalar) => Call("add", "Scalar", this, scalar);
        public Tensor add_(Tensor target) => InPlace(this, "add_", "Tensor", this, target);
        public Tensor add_(Tensor target, Scalar alpha) => InPlace(this, "add_", "Tensor", this, target, alpha);
        public Tensor add_(Scalar scalar) => InPlace(this, "add_", "Scalar", this, scalar);
        public Tensor sub(Tensor target) => Call("sub", "Tensor", this, target);
        public Tensor sub(Scalar target) => Call("sub", "Scalar", this, target);
        public Tensor sub_(Scalar target) => InPlace(this, "sub_", "Scalar", this, target);
        public Tensor mul(Tensor target) => Call("mul", "Tensor", this, target);
        public Tensor mul(Scalar target) => Call("mul", "Scalar", this, target);
        public Tensor mul_(Tensor target) => InPlace(this, "mul_", "Tensor", this, target);
        public Tensor mul_(Scalar target) => InPlace(this, "mul_", "Scalar", this, target);
        public Tensor div(Tensor target, RoundingMode rounding_mode = RoundingMode.None) => rounding_mode == RoundingMode.None
            ? Call("div", "Tensor", this, target)
            : throw new NotSupportedException("The portable TorchSharp divides without rounding only.");
        public Tensor div(Scalar target, RoundingMode rounding_mode = RoundingMode.None) => rounding_mode == RoundingMode.None
            ? Call("div", "Scalar", this, target)
            : throw new NotSupportedException("The portable TorchSharp divides without rounding only.");
        public Tensor neg() => Call("neg", this);
        public Tensor abs() => Call("abs", this);
        public Tensor sqrt() => Call("sqrt", this);
        public Tensor square() => pow(2);
        public Tensor pow(Scalar exponent) => Call("pow", "Tensor_Scalar", this, exponent);
        public Tensor lerp_(Tensor end, Tensor weight) => InPlace(this, "lerp_", "Tensor", this, end, weight);
        public Tensor addcmul_(Tensor tensor1, Tensor tensor2, Scalar value) => InPlace(this, "addcmul_", "", this, tensor1, tensor2, value);
        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2, Scalar value) => InPlace(this, "addcdiv_", "", this, tensor1, tensor2, value);

        public Tensor relu() => Call("relu", this);
        public Tensor relu_() => InPlace(this, "relu_", "", this);
        public Tensor leaky_relu(Scalar negative_slope) => Call("leaky_relu", this, negative_slope);
        public Tensor leaky_relu_(Scalar negative_slope) => InPlace(this, "leaky_relu_", "", this, negative_slope);
        public Tensor tanh() => Call("tanh", this);
        public Tensor tanh_() => InPlace(this, "tanh_", "", this);
        public Tensor sigmoid() => Call("sigmoid", this);

        public Tensor sum(ScalarType? type = null) => Call("sum", this, type);
        public Tensor mean() => Call("mean", this);
        public Tensor max() => Call("max", this);
        public Tensor all() => Call("all", this);
        public Tensor isfinite() => Call("isfinite", this);

        public static Tensor operator -(Tensor tensor) => tensor.neg();
        public static Tensor operator +(Tensor left, Tensor right) => left.add(right);
        public static Tensor operator +(Tensor left, double right) => left.add(right);
        public static Tensor operator -(Tensor left, Tensor right) => left.sub(right);
        public static Tensor operator -(Tensor left, double right) => left.sub(right);
        public static Tensor operator *(Tensor left, Tensor right) => left.mul(right);
        public static Tensor operator *(Tensor left, double right) => left.mul(right);
        public static Tensor operator *(double left, Tensor right) => right.mul(left);
        public static Tensor operator /(Tensor left, Tensor right) => left.div(right);
        public static Tensor operator /(Tensor left, double right) => left.div(right);
    }
}
