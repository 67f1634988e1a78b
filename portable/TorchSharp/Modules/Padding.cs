using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        public abstract class PadBase : ParameterLessModule<Tensor, Tensor>
        {
            private readonly PaddingModes _mode;

            protected PadBase(string name, PaddingModes mode, double value, params long[] padding) : base(name) =>
                (_mode, this.value, this.padding) = (mode, value, padding);

            public long[] padding { get; set; }
            public double value { get; set; }

            public override Tensor forward(Tensor input) => nn.functional.pad(input, padding, _mode, value);
        }

        public sealed class ConstantPad1d : PadBase
        {
            internal ConstantPad1d(double value, params long[] padding) : base(nameof(ConstantPad1d), PaddingModes.Constant, value, padding) { }
        }

        public sealed class ConstantPad2d : PadBase
        {
            internal ConstantPad2d(double value, params long[] padding) : base(nameof(ConstantPad2d), PaddingModes.Constant, value, padding) { }
        }

        public sealed class ConstantPad3d : PadBase
        {
            internal ConstantPad3d(double value, params long[] padding) : base(nameof(ConstantPad3d), PaddingModes.Constant, value, padding) { }
        }

        public sealed class ReflectionPad1d : PadBase
        {
            internal ReflectionPad1d(params long[] padding) : base(nameof(ReflectionPad1d), PaddingModes.Reflect, 0, padding) { }
        }

        public sealed class ReflectionPad2d : PadBase
        {
            internal ReflectionPad2d(params long[] padding) : base(nameof(ReflectionPad2d), PaddingModes.Reflect, 0, padding) { }
        }

        public sealed class ReflectionPad3d : PadBase
        {
            internal ReflectionPad3d(params long[] padding) : base(nameof(ReflectionPad3d), PaddingModes.Reflect, 0, padding) { }
        }

        public sealed class ReplicationPad1d : PadBase
        {
            internal ReplicationPad1d(params long[] padding) : base(nameof(ReplicationPad1d), PaddingModes.Replicate, 0, padding) { }
        }

        public sealed class ReplicationPad2d : PadBase
        {
            internal ReplicationPad2d(params long[] padding) : base(nameof(ReplicationPad2d), PaddingModes.Replicate, 0, padding) { }
        }

        public sealed class ReplicationPad3d : PadBase
        {
            internal ReplicationPad3d(params long[] padding) : base(nameof(ReplicationPad3d), PaddingModes.Replicate, 0, padding) { }
        }

        public sealed class ZeroPad2d : PadBase
        {
            internal ZeroPad2d(params long[] padding) : base(nameof(ZeroPad2d), PaddingModes.Zeros, 0, padding) { }
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static ConstantPad1d ConstantPad1d(long padding, double value) => new(value, padding, padding);
            public static ConstantPad1d ConstantPad1d((long, long) padding, double value) => new(value, padding.Item1, padding.Item2);
            public static ConstantPad2d ConstantPad2d(long padding, double value) => new(value, padding, padding, padding, padding);
            public static ConstantPad2d ConstantPad2d((long, long, long, long) padding, double value) => new(value, padding.Item1, padding.Item2, padding.Item3, padding.Item4);
            public static ConstantPad3d ConstantPad3d(long padding, double value) => new(value, padding, padding, padding, padding, padding, padding);
            public static ConstantPad3d ConstantPad3d((long, long, long, long, long, long) padding, double value) => new(value, padding.Item1, padding.Item2, padding.Item3, padding.Item4, padding.Item5, padding.Item6);
            public static ReflectionPad1d ReflectionPad1d(long padding) => new(padding, padding);
            public static ReflectionPad1d ReflectionPad1d((long, long) padding) => new(padding.Item1, padding.Item2);
            public static ReflectionPad2d ReflectionPad2d(long padding) => new(padding, padding, padding, padding);
            public static ReflectionPad2d ReflectionPad2d((long, long, long, long) padding) => new(padding.Item1, padding.Item2, padding.Item3, padding.Item4);
            public static ReflectionPad3d ReflectionPad3d(long padding) => new(padding, padding, padding, padding, padding, padding);
            public static ReflectionPad3d ReflectionPad3d((long, long, long, long, long, long) padding) => new(padding.Item1, padding.Item2, padding.Item3, padding.Item4, padding.Item5, padding.Item6);
            public static ReplicationPad1d ReplicationPad1d(long padding) => new(padding, padding);
            public static ReplicationPad1d ReplicationPad1d((long, long) padding) => new(padding.Item1, padding.Item2);
            public static ReplicationPad2d ReplicationPad2d(long padding) => new(padding, padding, padding, padding);
            public static ReplicationPad2d ReplicationPad2d((long, long, long, long) padding) => new(padding.Item1, padding.Item2, padding.Item3, padding.Item4);
            public static ReplicationPad3d ReplicationPad3d(long padding) => new(padding, padding, padding, padding, padding, padding);
            public static ReplicationPad3d ReplicationPad3d((long, long, long, long, long, long) padding) => new(padding.Item1, padding.Item2, padding.Item3, padding.Item4, padding.Item5, padding.Item6);
            public static ZeroPad2d ZeroPad2d(long padding) => new(padding, padding, padding, padding);
            public static ZeroPad2d ZeroPad2d((long, long, long, long) padding) => new(padding.Item1, padding.Item2, padding.Item3, padding.Item4);

            public static partial class functional
            {
                public static Tensor pad(Tensor input, long[] pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                    Operator.Call("_pad_enum", input, pad, mode switch { PaddingModes.Reflect => 0, PaddingModes.Replicate => 1, PaddingModes.Circular => 2, _ => 3 }, mode is PaddingModes.Constant or PaddingModes.Zeros ? value : Argument.None);
                public static Tensor pad(Tensor input, ReadOnlySpan<long> pad, PaddingModes mode = PaddingModes.Constant, double value = 0) => functional.pad(input, pad.ToArray(), mode, value);
                public static Tensor pad(Tensor input, (long, long) pad, PaddingModes mode = PaddingModes.Constant, double value = 0) => functional.pad(input, (long[])[pad.Item1, pad.Item2], mode, value);
                public static Tensor pad(Tensor input, (long, long, long, long) pad, PaddingModes mode = PaddingModes.Constant, double value = 0) => functional.pad(input, (long[])[pad.Item1, pad.Item2, pad.Item3, pad.Item4], mode, value);
                // All axes, batch and channels too: as in the real one.
                public static Tensor pad(Tensor input, long pad, PaddingModes mode = PaddingModes.Constant, double value = 0) => functional.pad(input, (long[])[.. Enumerable.Repeat(pad, 2 * (int)input.ndim)], mode, value);
            }
        }
    }
}
