using System.Runtime.InteropServices;

namespace TorchSharp;

public enum DeviceType
{
    CPU = 0,
    CUDA = 1,
    META = 14,
}

public static partial class torch
{
    public enum ScalarType : sbyte
    {
        Byte = 0,
        Int8 = 1,
        Int16 = 2,
        Int32 = 3,
        Int64 = 4,
        Float16 = 5,
        Float32 = 6,
        Float64 = 7,
        Bool = 11,
    }

    public static ScalarType @bool = ScalarType.Bool;
    public static ScalarType uint8 = ScalarType.Byte;
    public static ScalarType int32 = ScalarType.Int32;
    public static ScalarType int64 = ScalarType.Int64;
    public static ScalarType float16 = ScalarType.Float16;
    public static ScalarType float32 = ScalarType.Float32;
    public static ScalarType float64 = ScalarType.Float64;

    /// <summary>A handle on a libtorch tensor: shape and memory here, operators in Tensor.Operators.cs.</summary>
    public partial class Tensor : IDisposable
    {
        private nint _handle;

        internal Tensor(nint handle, bool register = true)
        {
            _handle = handle;
            if (register)
                OwningDisposeScope = DisposeScope.Register(this);
        }

        ~Tensor() => Release();

        internal DisposeScope? OwningDisposeScope { get; set; }

        public nint Handle => _handle != 0 ? _handle : throw new InvalidOperationException("Tensor invalid -- empty handle.");

        public bool IsInvalid => _handle == 0;

        public void Dispose()
        {
            OwningDisposeScope?.MarkAsDisposed(this);
            Release();
            GC.SuppressFinalize(this);
        }

        private void Release()
        {
            var handle = Interlocked.Exchange(ref _handle, 0);
            if (handle != 0)
                Native.gx_release(handle);
        }

        /// <summary>Gives the native handle away and leaves this tensor empty.</summary>
        internal nint MoveHandle()
        {
            GC.SuppressFinalize(this);
            return Interlocked.Exchange(ref _handle, 0);
        }

        public Tensor MoveToOuterDisposeScope()
        {
            OwningDisposeScope?.MoveToOuter(this);
            return this;
        }

        public Tensor DetachFromDisposeScope()
        {
            OwningDisposeScope?.Detach(this);
            return this;
        }

        public long Dimensions => Native.gx_dim(Handle);
        public long ndim => Dimensions;
        public long dim() => Dimensions;
        public long NumberOfElements => Native.gx_numel(Handle);
        public long numel() => NumberOfElements;
        public long ElementSize => Native.gx_element_size(Handle);
        public ScalarType dtype => (ScalarType)Native.gx_dtype(Handle);
        public DeviceType device_type => (DeviceType)Native.gx_device_type(Handle);
        public Device device => new(device_type, (int)Native.gx_device_index(Handle));
        public bool is_leaf => Native.gx_is_leaf(Handle) != 0;
        public bool is_contiguous() => Native.gx_is_contiguous(Handle) != 0;
        public bool is_integral() => torch.is_integral(this);
        public bool is_floating_point() => torch.is_floating_point(this);
        public long[] size() => shape;
        public long size(int dim) => shape[dim < 0 ? dim + Dimensions : dim];

        public unsafe long[] shape
        {
            get
            {
                var sizes = new long[Dimensions];
                fixed (long* pointer = sizes)
                    Native.gx_sizes(Handle, pointer);
                return sizes;
            }
        }

        public bool requires_grad
        {
            get => Native.gx_requires_grad(Handle) != 0;
            set => Native.Check(Native.gx_set_requires_grad(Handle, value ? 1 : 0));
        }

        public Tensor requires_grad_(bool requires_grad = true)
        {
            this.requires_grad = requires_grad;
            return this;
        }

        public Tensor with_requires_grad(bool requires_grad = true) => requires_grad_(requires_grad);

        public Tensor? grad
        {
            get => Native.gx_grad(Handle) is var handle and not 0 ? new Tensor(handle) : null;
            set => Native.Check(Native.gx_set_grad(Handle, value?.Handle ?? 0));
        }

        public void backward() => Native.Check(Native.gx_backward(Handle, 0, 0));

        public void backward(IList<Tensor>? grad_tensors = null, bool retain_graph = false, bool create_graph = false, IList<Tensor>? inputs = null)
        {
            if (grad_tensors is not null || inputs is not null)
                throw new NotSupportedException("The portable TorchSharp has backward() of a scalar to every leaf only.");
            Native.Check(Native.gx_backward(Handle, retain_graph ? 1 : 0, create_graph ? 1 : 0));
        }

        /// <summary>The memory of a contiguous CPU tensor.</summary>
        public unsafe Span<byte> bytes
        {
            get
            {
                var length = NumberOfElements * ElementSize;
                if (!is_contiguous())
                    throw new InvalidOperationException("Only a contiguous tensor's bytes can be had.");
                if (length > int.MaxValue)
                    throw new ArgumentException("A span holds at most int.MaxValue bytes.");
                return new Span<byte>((void*)Native.gx_data(Handle), (int)length);
            }
            set
            {
                var destination = bytes;
                if (destination.Length != value.Length)
                    throw new ArgumentException($"{value.Length} bytes for a tensor of {destination.Length}.");
                value.CopyTo(destination);
            }
        }

        public Utils.TensorAccessor<T> data<T>() where T : unmanaged => new(this);

        public T item<T>() where T : unmanaged => NumberOfElements == 1
            ? data<T>()[0]
            : throw new ArgumentException("Number of elements in the tensor must be 1");

        public override string ToString() => $"[{string.Join("x", shape)}], type = {dtype}, device = {device}";
    }
}

public static class TensorExtensionMethods
{
    public static Modules.Parameter AsParameter(this torch.Tensor tensor) => new(tensor);

    public static float ToSingle(this torch.Tensor value) => (float)value.ToDouble();

    public static double ToDouble(this torch.Tensor value)
    {
        using var number = value.to(torch.ScalarType.Float64);
        return number.item<double>();
    }

    public static int ToInt32(this torch.Tensor value) => (int)value.ToInt64();

    public static bool ToBoolean(this torch.Tensor value) => value.ToInt64() != 0;

    public static long ToInt64(this torch.Tensor value)
    {
        using var number = value.to(torch.ScalarType.Int64);
        return number.item<long>();
    }
}
