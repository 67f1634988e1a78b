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
        public Tensor abs() => Call("abs", this);
        public Tensor exp() => Call("exp", this);
        public Tensor expm1() => Call("expm1", this);
        public Tensor log() => Call("log", this);
        public Tensor log2() => Call("log2", this);
        public Tensor log10() => Call("log10", this);
        public Tensor log1p() => Call("log1p", this);
        public Tensor sin() => Call("sin", this);
        public Tensor cos() => Call("cos", this);
        public Tensor tan() => Call("tan", this);
        public Tensor sinh() => Call("sinh", this);
        public Tensor cosh() => Call("cosh", this);
        public Tensor floor() => Call("floor", this);
        public Tensor ceil() => Call("ceil", this);
        public Tensor trunc() => Call("trunc", this);
        public Tensor frac() => Call("frac", this);
        public Tensor sign() => Call("sign", this);
        public Tensor sqrt() => Call("sqrt", this);
        public Tensor rsqrt() => Call("rsqrt", this);
        public Tensor reciprocal() => Call("reciprocal", this);
        public Tensor neg() => Call("neg", this);
        public Tensor tanh() => Call("tanh", this);
        public Tensor sigmoid() => Call("sigmoid", this);
        public Tensor erf() => Call("erf", this);
        public Tensor relu() => Call("relu", this);
        public Tensor relu6() => Call("hardtanh", this, 0.0, 6.0);
        public Tensor selu() => Call("selu", this);
        public Tensor hardswish() => Call("hardswish", this);
        public Tensor hardsigmoid() => Call("hardsigmoid", this);
        public Tensor silu() => Call("silu", this);
        public Tensor gelu() => Call("gelu", this);
        public Tensor isnan() => Call("isnan", this);
        public Tensor isinf() => Call("isinf", this);
        public Tensor isfinite() => Call("isfinite", this);
        public Tensor logical_not() => Call("logical_not", this);
        public Tensor bitwise_not() => Call("bitwise_not", this);
        public Tensor asin() => Call("asin", this);
        public Tensor acos() => Call("acos", this);
        public Tensor atan() => Call("atan", this);
        public Tensor arcsinh() => Call("asinh", this);
        public Tensor asinh() => arcsinh();
        public Tensor arccosh() => Call("acosh", this);
        public Tensor acosh() => arccosh();
        public Tensor arctanh() => Call("atanh", this);
        public Tensor atanh() => arctanh();
        public Tensor log_sigmoid() => Call("log_sigmoid", this);
        public Tensor negative() => neg();
        public Tensor square() => pow(2);
        public Tensor round(long decimals = 0L) => Call("round", "decimals", this, decimals);

        public Tensor abs_() => InPlace(this, "abs_", "", this);
        public Tensor exp_() => InPlace(this, "exp_", "", this);
        public Tensor log_() => InPlace(this, "log_", "", this);
        public Tensor floor_() => InPlace(this, "floor_", "", this);
        public Tensor ceil_() => InPlace(this, "ceil_", "", this);
        public Tensor neg_() => InPlace(this, "neg_", "", this);
        public Tensor sqrt_() => InPlace(this, "sqrt_", "", this);
        public Tensor tanh_() => InPlace(this, "tanh_", "", this);
        public Tensor sigmoid_() => InPlace(this, "sigmoid_", "", this);
        public Tensor relu_() => InPlace(this, "relu_", "", this);
        public Tensor relu6_() => InPlace(this, "hardtanh_", "", this, 0.0, 6.0);
        public Tensor selu_() => InPlace(this, "selu_", "", this);
        public Tensor hardswish_() => InPlace(this, "hardswish_", "", this);
        public Tensor hardsigmoid_() => InPlace(this, "hardsigmoid_", "", this);
        public Tensor silu_() => InPlace(this, "silu_", "", this);
        public Tensor gelu_() => InPlace(this, "gelu_", "", this);

        public Tensor celu() => celu(1.0);
        public Tensor celu(Scalar alpha) => Call("celu", this, alpha);
        public Tensor celu_(Scalar alpha) => InPlace(this, "celu_", "", this, alpha);
        public Tensor elu(double alpha = 1) => elu(alpha, 1.0, 1.0);
        // Not in place, as in the real one.
        public Tensor elu_(double alpha = 1) => elu(alpha, 1.0, 1.0);
        public Tensor elu(Scalar alpha, Scalar scale, Scalar input_scale) => Call("elu", this, alpha, scale, input_scale);
        public Tensor glu(long dim = -1) => Call("glu", this, dim);
        // Gives its input back, as the real one does.
        public Tensor hardtanh(Scalar min, Scalar max) => this;
        public Tensor hardtanh_(Scalar min, Scalar max) => InPlace(this, "hardtanh_", "", this, min, max);
        public Tensor leaky_relu(Scalar negative_slope) => Call("leaky_relu", this, negative_slope);
        public Tensor leaky_relu_(Scalar negative_slope) => InPlace(this, "leaky_relu_", "", this, negative_slope);
        public Tensor prelu(Tensor target) => Call("prelu", this, target);
        public Tensor rrelu(double lower = 1.0 / 8, double upper = 1.0 / 3) => Call("rrelu", this, lower, upper);
        public Tensor rrelu_(double lower = 1.0 / 8, double upper = 1.0 / 3) => InPlace(this, "rrelu_", "", this, lower, upper);
        public Tensor softplus(double beta = 1, double threshold = 20) => Call("softplus", this, beta, threshold);
        public Tensor threshold(Scalar threshold, Scalar value) => Call("threshold", this, threshold, value);
        public Tensor threshold_(Scalar threshold, Scalar value) => InPlace(this, "threshold_", "", this, threshold, value);

        public Tensor add(Tensor target) => Call("add", "Tensor", this, target);
        public Tensor add(Tensor target, Scalar alpha) => Call("add", "Tensor", this, target, alpha);
        public Tensor add(Scalar scalar) => Call("add", "Scalar", this, scalar);
        public Tensor add_(Tensor target) => InPlace(this, "add_", "Tensor", this, target);
        public Tensor add_(Tensor target, Scalar alpha) => InPlace(this, "add_", "Tensor", this, target, alpha);
        public Tensor add_(Scalar scalar) => InPlace(this, "add_", "Scalar", this, scalar);
        public Tensor sub(Tensor target) => Call("sub", "Tensor", this, target);
        public Tensor sub(Scalar target) => Call("sub", "Scalar", this, target);
        public Tensor sub_(Tensor target) => InPlace(this, "sub_", "Tensor", this, target);
        public Tensor sub_(Scalar target) => InPlace(this, "sub_", "Scalar", this, target);
        public Tensor mul(Tensor target) => Call("mul", "Tensor", this, target);
        public Tensor mul(Scalar target) => Call("mul", "Scalar", this, target);
        public Tensor mul_(Tensor target) => InPlace(this, "mul_", "Tensor", this, target);
        public Tensor mul_(Scalar target) => InPlace(this, "mul_", "Scalar", this, target);
        public Tensor div(Tensor target, RoundingMode rounding_mode = RoundingMode.None) => Call("div", "Tensor_mode", this, target, Rounding(rounding_mode));
        public Tensor div(Scalar target, RoundingMode rounding_mode = RoundingMode.None) => Call("div", "Scalar_mode", this, target, Rounding(rounding_mode));
        public Tensor div_(Tensor target, RoundingMode rounding_mode = RoundingMode.None) => InPlace(this, "div_", "Tensor_mode", this, target, Rounding(rounding_mode));
        public Tensor div_(Scalar target, RoundingMode rounding_mode = RoundingMode.None) => InPlace(this, "div_", "Scalar_mode", this, target, Rounding(rounding_mode));
        private static Argument Rounding(RoundingMode mode) => mode == RoundingMode.None ? Argument.None : mode.ToString();
        public Tensor floor_divide(Tensor other) => Call("floor_divide", this, other);
        public Tensor floor_divide(Scalar other) => Call("floor_divide", "Scalar", this, other);
        public Tensor remainder(Tensor target) => Call("remainder", "Tensor", this, target);
        public Tensor remainder(Scalar scalar) => Call("remainder", "Scalar", this, scalar);
        public Tensor fmod(Tensor target) => Call("fmod", "Tensor", this, target);
        public Tensor fmod(Scalar scalar) => Call("fmod", "Scalar", this, scalar);
        public Tensor pow(Tensor exponent) => Call("pow", "Tensor_Tensor", this, exponent);
        public Tensor pow(Scalar exponent) => Call("pow", "Tensor_Scalar", this, exponent);
        public Tensor atan2(Tensor other) => Call("atan2", this, other);
        public Tensor maximum(Tensor other) => Call("maximum", this, other);
        public Tensor minimum(Tensor other) => Call("minimum", this, other);
        public Tensor max(Tensor other) => maximum(other);
        public Tensor min(Tensor other) => minimum(other);
        public Tensor lerp(Tensor end, Tensor weight) => Call("lerp", "Tensor", this, end, weight);
        public Tensor lerp_(Tensor end, Tensor weight) => InPlace(this, "lerp_", "Tensor", this, end, weight);
        public Tensor addcmul(Tensor tensor1, Tensor tensor2, Scalar value) => Call("addcmul", this, tensor1, tensor2, value);
        public Tensor addcmul_(Tensor tensor1, Tensor tensor2, Scalar value) => InPlace(this, "addcmul_", "", this, tensor1, tensor2, value);
        public Tensor addcdiv(Tensor tensor1, Tensor tensor2, Scalar value) => Call("addcdiv", this, tensor1, tensor2, value);
        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2, Scalar value) => InPlace(this, "addcdiv_", "", this, tensor1, tensor2, value);
        public Tensor clamp(Scalar? min = null, Scalar? max = null) => Call("clamp", this, min, max);
        public Tensor clamp(Tensor? min = null, Tensor? max = null) => Call("clamp", "Tensor", this, min, max);
        public Tensor clamp_(Scalar? min = null, Scalar? max = null) => InPlace(this, "clamp_", "", this, min, max);
        public Tensor clip(Scalar? min = null, Scalar? max = null) => clamp(min, max);
        public Tensor clamp_min(Scalar min) => Call("clamp_min", this, min);
        public Tensor clamp_max(Scalar max) => Call("clamp_max", this, max);

        public Tensor eq(Tensor target) => Call("eq", "Tensor", this, target);
        public Tensor eq(Scalar target) => Call("eq", "Scalar", this, target);
        public Tensor ne(Tensor target) => Call("ne", "Tensor", this, target);
        public Tensor ne(Scalar target) => Call("ne", "Scalar", this, target);
        public Tensor lt(Tensor target) => Call("lt", "Tensor", this, target);
        public Tensor lt(Scalar target) => Call("lt", "Scalar", this, target);
        public Tensor le(Tensor target) => Call("le", "Tensor", this, target);
        public Tensor le(Scalar target) => Call("le", "Scalar", this, target);
        public Tensor gt(Tensor target) => Call("gt", "Tensor", this, target);
        public Tensor gt(Scalar target) => Call("gt", "Scalar", this, target);
        public Tensor ge(Tensor target) => Call("ge", "Tensor", this, target);
        public Tensor ge(Scalar target) => Call("ge", "Scalar", this, target);
        public Tensor logical_and(Tensor other) => Call("logical_and", this, other);
        public Tensor logical_or(Tensor other) => Call("logical_or", this, other);
        public Tensor logical_xor(Tensor other) => Call("logical_xor", this, other);
        public Tensor bitwise_and(Tensor other) => Call("bitwise_and", "Tensor", this, other);
        public Tensor bitwise_or(Tensor other) => Call("bitwise_or", "Tensor", this, other);
        public Tensor bitwise_xor(Tensor other) => Call("bitwise_xor", "Tensor", this, other);
        public Tensor where(Tensor condition, Tensor y) => condition.dtype == ScalarType.Bool
            ? Call("where", "self", condition, this, y)
            : throw new ArgumentException("The condition to 'where' must be a boolean tensor.");
        public Tensor masked_fill(Tensor mask, Scalar value) => Call("masked_fill", "Scalar", this, mask, value);
        public Tensor masked_fill_(Tensor mask, Scalar value) => InPlace(this, "masked_fill_", "Scalar", this, mask, value);
        public Tensor fill_(Scalar value) => InPlace(this, "fill_", "Scalar", this, value);
        public Tensor zero_() => InPlace(this, "zero_", "", this);
        public Tensor normal_(double mean = 0.0, double std = 1.0, Generator? generator = null) => InPlace(this, "normal_", "", this, mean, std);
        public Tensor uniform_(double from, double to, Generator? generator = null) => InPlace(this, "uniform_", "", this, from, to);

        public Tensor matmul(Tensor target) => Call("matmul", this, target);
        public Tensor mm(Tensor target) => Call("mm", this, target);
        public Tensor bmm(Tensor batch2) => Call("bmm", this, batch2);
        public Tensor mv(Tensor target) => Call("mv", this, target);
        public Tensor dot(Tensor target) => Call("dot", this, target);
        public Tensor outer(Tensor vec2) => Call("outer", this, vec2);

        public static Tensor operator -(Tensor tensor) => tensor.neg();
        public static Tensor operator ~(Tensor left) => left.bitwise_not();
        public static Tensor operator &(Tensor left, Tensor right) => left.bitwise_and(right);
        public static Tensor operator |(Tensor left, Tensor right) => left.bitwise_or(right);
        public static Tensor operator ^(Tensor left, Tensor right) => left.bitwise_xor(right);
        public static Tensor operator +(Tensor left, Tensor right) => left.add(right);
        public static Tensor operator +(Tensor left, Scalar right) => left.add(right);
        public static Tensor operator +(Tensor left, int right) => left.add(right);
        public static Tensor operator +(Tensor left, long right) => left.add(right);
        public static Tensor operator +(Tensor left, float right) => left.add(right);
        public static Tensor operator +(Tensor left, double right) => left.add(right);
        public static Tensor operator +(Scalar left, Tensor right) => right.add(left);
        public static Tensor operator +(int left, Tensor right) => right.add(left);
        public static Tensor operator +(long left, Tensor right) => right.add(left);
        public static Tensor operator +(float left, Tensor right) => right.add(left);
        public static Tensor operator +(double left, Tensor right) => right.add(left);
        public static Tensor operator -(Tensor left, Tensor right) => left.sub(right);
        public static Tensor operator -(Tensor left, Scalar right) => left.sub(right);
        public static Tensor operator -(Tensor left, int right) => left.sub(right);
        public static Tensor operator -(Tensor left, long right) => left.sub(right);
        public static Tensor operator -(Tensor left, float right) => left.sub(right);
        public static Tensor operator -(Tensor left, double right) => left.sub(right);
        public static Tensor operator -(Scalar left, Tensor right) => right.negative().add(left);
        public static Tensor operator -(int left, Tensor right) => right.negative().add(left);
        public static Tensor operator -(long left, Tensor right) => right.negative().add(left);
        public static Tensor operator -(float left, Tensor right) => right.negative().add(left);
        public static Tensor operator -(double left, Tensor right) => right.negative().add(left);
        public static Tensor operator *(Tensor left, Tensor right) => left.mul(right);
        public static Tensor operator *(Tensor left, Scalar right) => left.mul(right);
        public static Tensor operator *(Tensor left, int right) => left.mul(right);
        public static Tensor operator *(Tensor left, long right) => left.mul(right);
        public static Tensor operator *(Tensor left, float right) => left.mul(right);
        public static Tensor operator *(Tensor left, double right) => left.mul(right);
        public static Tensor operator *(Scalar left, Tensor right) => right.mul(left);
        public static Tensor operator *(int left, Tensor right) => right.mul(left);
        public static Tensor operator *(long left, Tensor right) => right.mul(left);
        public static Tensor operator *(float left, Tensor right) => right.mul(left);
        public static Tensor operator *(double left, Tensor right) => right.mul(left);
        public static Tensor operator /(Tensor left, Tensor right) => left.div(right);
        public static Tensor operator /(Tensor left, Scalar right) => left.div(right);
        public static Tensor operator /(Tensor left, int right) => left.div(right);
        public static Tensor operator /(Tensor left, long right) => left.div(right);
        public static Tensor operator /(Tensor left, float right) => left.div(right);
        public static Tensor operator /(Tensor left, double right) => left.div(right);
        public static Tensor operator /(Scalar left, Tensor right) => right.reciprocal().mul(left);
        public static Tensor operator /(int left, Tensor right) => right.reciprocal().mul(left);
        public static Tensor operator /(long left, Tensor right) => right.reciprocal().mul(left);
        public static Tensor operator /(float left, Tensor right) => right.reciprocal().mul(left);
        public static Tensor operator /(double left, Tensor right) => right.reciprocal().mul(left);
        public static Tensor operator %(Tensor left, Tensor right) => left.remainder(right);
        public static Tensor operator %(Tensor left, Scalar right) => left.remainder(right);
        public static Tensor operator %(Tensor left, int right) => left.remainder(right);
        public static Tensor operator %(Tensor left, long right) => left.remainder(right);
        public static Tensor operator %(Tensor left, float right) => left.remainder(right);
        public static Tensor operator %(Tensor left, double right) => left.remainder(right);
        public static Tensor operator <(Tensor left, Tensor right) => left.lt(right);
        public static Tensor operator <(Tensor left, Scalar right) => left.lt(right);
        public static Tensor operator <(Scalar left, Tensor right) => right.gt(left);
        public static Tensor operator >(Tensor left, Tensor right) => left.gt(right);
        public static Tensor operator >(Tensor left, Scalar right) => left.gt(right);
        public static Tensor operator >(Scalar left, Tensor right) => right.lt(left);
        public static Tensor operator <=(Tensor left, Tensor right) => left.le(right);
        public static Tensor operator <=(Tensor left, Scalar right) => left.le(right);
        public static Tensor operator <=(Scalar left, Tensor right) => right.ge(left);
        public static Tensor operator >=(Tensor left, Tensor right) => left.ge(right);
        public static Tensor operator >=(Tensor left, Scalar right) => left.ge(right);
        public static Tensor operator >=(Scalar left, Tensor right) => right.le(left);
    }
}
