using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        public sealed class PixelShuffle : ParameterLessModule<Tensor, Tensor>
        {
            internal PixelShuffle(long upscale_factor) : base(nameof(PixelShuffle)) =>
                this.upscale_factor = upscale_factor;
            public long upscale_factor { get; set; }
            public override Tensor forward(Tensor input) => nn.functional.pixel_shuffle(input, upscale_factor);
        }

        public sealed class PixelUnshuffle : ParameterLessModule<Tensor, Tensor>
        {
            internal PixelUnshuffle(long downscale_factor) : base(nameof(PixelUnshuffle)) =>
                this.downscale_factor = downscale_factor;
            public long downscale_factor { get; set; }
            public override Tensor forward(Tensor input) => nn.functional.pixel_unshuffle(input, downscale_factor);
        }

        public sealed class ChannelShuffle : ParameterLessModule<Tensor, Tensor>
        {
            internal ChannelShuffle(long groups) : base(nameof(ChannelShuffle)) =>
                this.groups = groups;
            public long groups { get; set; }
            public override Tensor forward(Tensor tensor) => tensor.channel_shuffle(groups);
        }

        public sealed class Fold : ParameterLessModule<Tensor, Tensor>
        {
            internal Fold((long, long) output_size, (long, long) kernel_size, (long, long) dilation, (long, long) padding, (long, long) stride) : base(nameof(Fold)) =>
                (this.output_size, this.kernel_size, this.dilation, this.padding, this.stride) = (output_size, kernel_size, dilation, padding, stride);
            public (long, long) output_size { get; set; }
            public (long, long) kernel_size { get; set; }
            public (long, long) dilation { get; set; }
            public (long, long) padding { get; set; }
            public (long, long) stride { get; set; }
            public override Tensor forward(Tensor tensor) => nn.functional.fold(tensor, output_size, kernel_size, dilation, padding, stride);
        }

        public sealed class Unfold : ParameterLessModule<Tensor, Tensor>
        {
            internal Unfold((long, long) kernel_size, (long, long) dilation, (long, long) padding, (long, long) stride) : base(nameof(Unfold)) =>
                (this.kernel_size, this.dilation, this.padding, this.stride) = (kernel_size, dilation, padding, stride);
            public (long, long) kernel_size { get; set; }
            public (long, long) dilation { get; set; }
            public (long, long) padding { get; set; }
            public (long, long) stride { get; set; }
            public override Tensor forward(Tensor tensor) => nn.functional.unfold(tensor, kernel_size, dilation, padding, stride);
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static PixelShuffle PixelShuffle(long upscale_factor) => new(upscale_factor);
            public static PixelUnshuffle PixelUnshuffle(long downscale_factor) => new(downscale_factor);
            public static ChannelShuffle ChannelShuffle(long groups) => new(groups);
            public static Fold Fold(long output_size, long kernel_size, long dilation = 1, long padding = 0, long stride = 1) => new((output_size, output_size), (kernel_size, kernel_size), (dilation, dilation), (padding, padding), (stride, stride));
            public static Fold Fold((long, long) output_size, (long, long) kernel_size, (long, long)? dilation = null, (long, long)? padding = null, (long, long)? stride = null) => new(output_size, kernel_size, dilation ?? (1, 1), padding ?? (0, 0), stride ?? (1, 1));
            public static Unfold Unfold(long kernel_size, long dilation = 1, long padding = 0, long stride = 1) => new((kernel_size, kernel_size), (dilation, dilation), (padding, padding), (stride, stride));
            public static Unfold Unfold((long, long) kernel_size, (long, long)? dilation = null, (long, long)? padding = null, (long, long)? stride = null) => new(kernel_size, dilation ?? (1, 1), padding ?? (0, 0), stride ?? (1, 1));

            public static partial class functional
            {
                public static Tensor pixel_shuffle(Tensor input, long upscale_factor) => Operator.Call("pixel_shuffle", input, upscale_factor);
                public static Tensor pixel_unshuffle(Tensor input, long downscale_factor) => Operator.Call("pixel_unshuffle", input, downscale_factor);
                public static Tensor fold(Tensor input, long output_size, long kernel_size, long dilation = 1, long padding = 0, long stride = 1) =>
                    fold(input, (output_size, output_size), (kernel_size, kernel_size), (dilation, dilation), (padding, padding), (stride, stride));
                public static Tensor fold(Tensor input, (long, long) output_size, (long, long) kernel_size, (long, long)? dilation = null, (long, long)? padding = null, (long, long)? stride = null) =>
                    Operator.Call("col2im", input, Two(output_size), Two(kernel_size), Two(dilation ?? (1, 1)), Two(padding ?? (0, 0)), Two(stride ?? (1, 1)));
                public static Tensor unfold(Tensor input, long kernel_size, long dilation = 1, long padding = 0, long stride = 1) =>
                    unfold(input, (kernel_size, kernel_size), (dilation, dilation), (padding, padding), (stride, stride));
                public static Tensor unfold(Tensor input, (long, long) kernel_size, (long, long)? dilation = null, (long, long)? padding = null, (long, long)? stride = null) =>
                    Operator.Call("im2col", input, Two(kernel_size), Two(dilation ?? (1, 1)), Two(padding ?? (0, 0)), Two(stride ?? (1, 1)));

                private static long[] Two((long, long) pair) => [pair.Item1, pair.Item2];
            }
        }
    }
}
