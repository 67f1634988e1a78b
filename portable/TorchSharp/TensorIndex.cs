using System.Runtime.CompilerServices;
using static TorchSharp.Operator;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>One place between the brackets of <c>x[.., 1]</c>.</summary>
    public struct TensorIndex
    {
        internal enum Kind { None, Single, Null, Ellipsis, Bool, Tensor, Slice }

        internal Kind kind;
        internal long? startIndexOrBoolOrSingle;
        internal long? stopIndex;
        internal long? step;
        internal Tensor? tensor;

        public static TensorIndex Slice(long? start = null, long? stop = null, long? step = null) =>
            new() { kind = Kind.Slice, startIndexOrBoolOrSingle = start, stopIndex = stop, step = step };

        public static TensorIndex Slice((int? start, int? end) range) => Slice((long?)range.start, range.end);

        public static TensorIndex Slice(Range range) => Slice(
            range.Start.IsFromEnd ? -range.Start.Value : range.Start.Value,
            !range.End.IsFromEnd ? range.End.Value : range.End.Value == 0 ? null : -range.End.Value);

        public static TensorIndex Single(long? index) => new() { kind = Kind.Single, startIndexOrBoolOrSingle = index };

        public static TensorIndex Tensor(Tensor tensor) => new() { kind = Kind.Tensor, tensor = tensor };

        public static TensorIndex Ellipsis = new() { kind = Kind.Ellipsis };
        public static TensorIndex None = new() { kind = Kind.None };
        public static TensorIndex Null = new() { kind = Kind.Null };
        public static TensorIndex Colon = Slice();

        public static implicit operator TensorIndex(long value) => Single(value);
        public static implicit operator TensorIndex((int? start, int? end) range) => Slice(range);
        public static implicit operator TensorIndex(Range range) => Slice(range);
        public static implicit operator TensorIndex(Index index) => Single(index.IsFromEnd ? -index.Value : index.Value);
    }

    public partial class Tensor
    {
        // The indexers that set are left out.
        [IndexerName("TensorItems")] public Tensor this[params TensorIndex[] indices] => index(indices);
        [IndexerName("TensorItems")] public Tensor this[params Tensor[] indices] => index(indices);
        [IndexerName("TensorItems")] public Tensor this[long i1] => select(0, i1);
        [IndexerName("TensorItems")] public Tensor this[long i1, long i2] => index(i1, i2);
        [IndexerName("TensorItems")] public Tensor this[long i1, long i2, long i3] => index(i1, i2, i3);
        [IndexerName("TensorItems")] public Tensor this[long i1, long i2, long i3, long i4] => index(i1, i2, i3, i4);

        public Tensor index(params Tensor[] indices) => Call("index", "Tensor", this, (Tensor?[])indices);

        public Tensor index(params TensorIndex[] indices)
        {
            using var scope = NewDisposeScope();
            var result = alias();
            long dim = 0;
            List<Tensor?> tensors = [];
            foreach (var index in indices)
                switch (index.kind)
                {
                    case TensorIndex.Kind.Single:
                        result = result.select(dim, index.startIndexOrBoolOrSingle!.Value);
                        break;
                    case TensorIndex.Kind.Slice:
                        result = Call("slice", "Tensor", result, dim++, index.startIndexOrBoolOrSingle, index.stopIndex, index.step ?? 1);
                        break;
                    case TensorIndex.Kind.Ellipsis:
                        dim = result.ndim - indices.SkipWhile(i => i.kind != TensorIndex.Kind.Ellipsis)
                            .Count(i => i.kind is TensorIndex.Kind.Single or TensorIndex.Kind.Slice or TensorIndex.Kind.Tensor);
                        break;
                    case TensorIndex.Kind.None or TensorIndex.Kind.Null:
                        result = result.unsqueeze(dim++);
                        break;
                    case TensorIndex.Kind.Tensor:
                        while (tensors.Count < dim)
                            tensors.Add(null);
                        tensors.Add(index.tensor!);
                        dim++;
                        break;
                    default:
                        throw new NotSupportedException("The portable TorchSharp has no index by a truth value.");
                }
            if (tensors.Count > 0)
                result = Call("index", "Tensor", result, (Tensor?[])[.. tensors]);
            return result.MoveToOuterDisposeScope();
        }
    }
}
