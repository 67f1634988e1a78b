using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    public enum UpsampleMode
    {
        Nearest = 0,
        Linear = 1,
        Bilinear = 2,
        Bicubic = 3,
        Trilinear = 4,
    }

    public enum InterpolationMode
    {
        Nearest = 0,
        Linear = 1,
        Bilinear = 2,
        Bicubic = 3,
        Trilinear = 4,
        Area = 5,
        NearestExact = 6,
    }

    namespace Modules
    {
        public sealed class Upsample : ParameterLessModule<Tensor, Tensor>
        {
            private readonly long[]? _size;
            private readonly double[]? _scale_factor;

            internal Upsample(long[]? size, double[]? scale_factor, UpsampleMode mode, bool? align_corners, bool? recompute_scale_factor) : base(nameof(Upsample)) =>
                (_size, _scale_factor, this.mode, this.align_corners, this.recompute_scale_factor) = (size, scale_factor, mode, align_corners, recompute_scale_factor);

            public ReadOnlySpan<long> size => _size;
            public ReadOnlySpan<double> scale_factor => _scale_factor;
            public UpsampleMode mode { get; }
            public bool? align_corners { get; }
            public bool? recompute_scale_factor { get; set; }

            public override Tensor forward(Tensor input) =>
                nn.functional.interpolate(input, _size, _scale_factor, (InterpolationMode)mode, align_corners, recompute_scale_factor ?? false);
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Upsample Upsample(long[]? size = null, double[]? scale_factor = null, UpsampleMode mode = UpsampleMode.Nearest, bool? align_corners = null, bool? recompute_scale_factor = null) =>
                new(size, scale_factor, mode, align_corners, recompute_scale_factor);

            public static partial class functional
            {
                public static unsafe Tensor interpolate(Tensor x, long[]? size = null, double[]? scale_factor = null, InterpolationMode mode = InterpolationMode.Nearest, bool? align_corners = null, bool recompute_scale_factor = false, bool antialias = false)
                {
                    fixed (long* sizes = size)
                    fixed (double* scales = scale_factor)
                        return new Tensor(Native.Check(Native.gx_interpolate(x.Handle, sizes, size?.Length ?? 0, scales, scale_factor?.Length ?? 0, (long)mode,
                            align_corners is not { } align ? 0 : align ? 1 : 2, recompute_scale_factor ? 1 : 0, antialias ? 1 : 0)));
                }
            }
        }
    }
}
