using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    public enum EmbeddingBagMode
    {
        Sum = 0,
        Mean = 1,
        Max = 2,
    }

    namespace Modules
    {
        public sealed class Embedding : nn.Module<Tensor, Tensor>
        {
            internal Embedding(NativeModule native) : base(native) { }

            public Parameter? weight => new(Native.Weight);

            public override Tensor forward(Tensor input) => Native.Call(input);
        }

        public sealed class EmbeddingBag : nn.Module<Tensor, Tensor?, Tensor?, Tensor>, nn.IModule<Tensor, Tensor, Tensor>
        {
            internal EmbeddingBag(NativeModule native) : base(native) { }

            public Parameter? weight => new(Native.Weight);

            public override Tensor forward(Tensor input, Tensor? offsets, Tensor? perSampleWeights) => Native.Call(input, offsets, perSampleWeights);

            public new Tensor call(Tensor input, Tensor? offsets, Tensor? perSampleWeights)
            {
                if (!input.is_integral())
                    throw new ArgumentException("Embedding input must be an integral tensor.");
                if (offsets is not null && input.dtype != offsets.dtype)
                    throw new ArgumentException("input and offsets must have the same element type.");
                if (input.Dimensions == 1 && offsets is null)
                    throw new ArgumentException("'offsets' must be non-null for a 1-D input.");
                if (input.Dimensions == 2 && offsets is not null)
                    throw new ArgumentException("'offsets' must be null for a 2-D input.");
                if (input.Dimensions == 2 && input.dtype == ScalarType.Int32)
                    throw new NotImplementedException("EmbeddingBag for 32-bit integers -- there's some issue in the native runtime that prevents this from working.");
                return base.call(input, offsets, perSampleWeights);
            }

            public Tensor call(Tensor input, Tensor offsets) => call(input, offsets, null);

            public Tensor call(Tensor input) => call(input, null, null);
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Embedding Embedding(long num_embeddings, long embedding_dims, long? padding_idx = null, double? max_norm = null, double norm_type = 2.0, bool scale_grad_by_freq = false, bool sparse = false, Device? device = null, ScalarType? dtype = null) =>
                Typed(new Embedding(new NativeModule("Embedding", num_embeddings, embedding_dims, padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse, Argument.None)), dtype);

            // The parameter that is listed is another, random one: as in the real one. The property `weight` is what was given.
            public static Embedding Embedding_from_pretrained(Tensor embeddings, bool freeze = true, long? padding_idx = null, double? max_norm = null, double norm_type = 2.0, bool scale_grad_by_freq = false, bool sparse = false, Device? device = null, ScalarType? dtype = null) =>
                Typed(new Embedding(new NativeModule("Embedding", embeddings.shape[0], embeddings.shape[1], padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse, embeddings.requires_grad_(!freeze))), dtype);

            public static EmbeddingBag EmbeddingBag(long num_embeddings, long embedding_dims, double? max_norm = null, double norm_type = 2.0, bool scale_grad_by_freq = false, EmbeddingBagMode mode = EmbeddingBagMode.Mean, bool sparse = false, bool include_last_offset = false, long padding_index = -1, Device? device = null, ScalarType? dtype = null) =>
                Typed(new EmbeddingBag(new NativeModule("EmbeddingBag", num_embeddings, embedding_dims, padding_index >= 0 ? padding_index : Argument.None, max_norm, norm_type, scale_grad_by_freq, sparse, Argument.None, (long)mode, include_last_offset)), dtype);

            public static EmbeddingBag EmbeddingBag_from_pretrained(Tensor embeddings, bool freeze = true, double? max_norm = null, double norm_type = 2.0, bool scale_grad_by_freq = false, EmbeddingBagMode mode = EmbeddingBagMode.Mean, bool sparse = false, bool include_last_offset = false, long padding_index = -1, Device? device = null, ScalarType? dtype = null) =>
                Typed(new EmbeddingBag(new NativeModule("EmbeddingBag", embeddings.shape[0], embeddings.shape[1], padding_index >= 0 ? padding_index : Argument.None, max_norm, norm_type, scale_grad_by_freq, sparse, embeddings.requires_grad_(!freeze), (long)mode, include_last_offset)), dtype);

            private static T Typed<T>(T module, ScalarType? dtype) where T : Module => dtype is { } type ? module.to(type) : module;

            public static partial class functional
            {
                public static Tensor one_hot(Tensor x, long num_classes = -1) => x.dtype == ScalarType.Int64
                    ? Operator.Call("one_hot", x, num_classes)
                    : throw new ArgumentException("OneHot input tensor must have elements of type Int64");
            }
        }
    }
}
