using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    public enum PaddingModes
    {
        Zeros = 0,
    }

    public enum Padding
    {
        Valid = 0,
        Same = 1,
    }

    namespace Modules
    {
        public abstract class Convolution : nn.Module<Tensor, Tensor>
        {
            private protected Convolution(string name, long in_channels, long out_channels, long kernel_size, long stride, long padding, long dilation, bool transposed, long output_padding, long groups, bool bias, PaddingModes padding_mode)
                : base(name)
            {
                (this.in_channels, this.out_channels, this.groups, this.transposed, this.padding_mode) = (in_channels, out_channels, groups, transposed, padding_mode);
                this.kernel_size = [kernel_size, kernel_size];
                this.stride = [stride, stride];
                this.padding = [padding, padding];
                this.dilation = [dilation, dilation];
                this.output_padding = [output_padding, output_padding];

                long[] channels = transposed ? [in_channels, out_channels / groups] : [out_channels, in_channels / groups];
                weight = (Parameter)nn.Parameter(empty([.. channels, kernel_size, kernel_size])).DetachFromDisposeScope();
                register_parameter(nameof(weight), weight);
                nn.init.kaiming_uniform_(weight, Math.Sqrt(5));
                if (!bias)
                    return;
                var bound = 1 / Math.Sqrt(nn.init.CalculateFanInAndFanOut(weight).fanIn);
                this.bias = (Parameter)nn.Parameter(empty([out_channels])).DetachFromDisposeScope();
                register_parameter(nameof(bias), this.bias);
                nn.init.uniform_(this.bias, -bound, bound);
            }

            public Parameter weight { get; }
            public Parameter? bias { get; }
            public long in_channels { get; }
            public long out_channels { get; }
            public bool transposed { get; }
            public Padding? padding_type => null;
            public long[]? padding { get; }
            public PaddingModes padding_mode { get; set; }
            public long groups { get; set; }
            public long[] kernel_size { get; set; }
            public long[] stride { get; set; }
            public long[] dilation { get; set; }
            public long[] output_padding { get; set; }

            private protected void CheckInput(Tensor input, string type)
            {
                if (input.ndim != 4 || input.shape[1] != in_channels)
                    throw new ArgumentException($"{type} takes [N, {in_channels}, H, W], not [{string.Join(", ", input.shape)}].");
            }
        }

        public abstract class ConvolutionTranspose : Convolution
        {
            private protected ConvolutionTranspose(string name, long in_channels, long out_channels, long kernel_size, long stride, long padding, long output_padding, long dilation, PaddingModes padding_mode, long groups, bool bias)
                : base(name, in_channels, out_channels, kernel_size, stride, padding, dilation, true, output_padding, groups, bias, padding_mode) { }
        }

        public sealed class Conv2d : Convolution
        {
            internal Conv2d(long in_channels, long out_channels, long kernel_size, long stride, long padding, long dilation, PaddingModes padding_mode, long groups, bool bias)
                : base(nameof(Conv2d), in_channels, out_channels, kernel_size, stride, padding, dilation, false, 0, groups, bias, padding_mode) { }

            public override Tensor forward(Tensor input)
            {
                CheckInput(input, nameof(Conv2d));
                return Operator.Call("conv2d", input, weight, bias, stride, padding, dilation, groups);
            }
        }

        public sealed class ConvTranspose2d : ConvolutionTranspose
        {
            internal ConvTranspose2d(long in_channels, long out_channels, long kernel_size, long stride, long padding, long output_padding, long dilation, PaddingModes padding_mode, long groups, bool bias)
                : base(nameof(ConvTranspose2d), in_channels, out_channels, kernel_size, stride, padding, output_padding, dilation, padding_mode, groups, bias) { }

            public override Tensor forward(Tensor input)
            {
                CheckInput(input, nameof(ConvTranspose2d));
                return Operator.Call("conv_transpose2d", "input", input, weight, bias, stride, padding, output_padding, groups, dilation);
            }
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Conv2d Conv2d(long in_channels, long out_channels, long kernel_size, long stride = 1, long padding = 0, long dilation = 1, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(in_channels, out_channels, kernel_size, stride, padding, dilation, padding_mode, groups, bias);

            public static ConvTranspose2d ConvTranspose2d(long in_channels, long out_channels, long kernel_size, long stride = 1, long padding = 0, long output_padding = 0, long dilation = 1, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(in_channels, out_channels, kernel_size, stride, padding, output_padding, dilation, padding_mode, groups, bias);
        }
    }
}
