using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        public sealed class MultiheadAttention : nn.Module<Tensor, Tensor, Tensor, Tensor?, bool, Tensor?, Tuple<Tensor, Tensor>>
        {
            internal MultiheadAttention(NativeModule native) : base(native) { }

            // Without need_weights the second tensor is empty (IsInvalid).
            public override Tuple<Tensor, Tensor> forward(Tensor query, Tensor key, Tensor value, Tensor? key_padding_mask, bool need_weights, Tensor? attn_mask) =>
                Native.CallMany(query, key, value, key_padding_mask, need_weights, attn_mask) is [var output, var weights] ? Tuple.Create(output, weights) : null!;

            public new Tuple<Tensor, Tensor> call(Tensor query, Tensor key, Tensor value, Tensor? key_padding_mask = null, bool need_weights = true, Tensor? attn_mask = null) =>
                base.call(query, key, value, key_padding_mask, need_weights, attn_mask);
        }

        public sealed class TransformerEncoderLayer : nn.Module<Tensor, Tensor>, nn.IModule<Tensor, Tensor?, Tensor>, nn.IModule<Tensor, Tensor?, Tensor?, Tensor>
        {
            internal TransformerEncoderLayer(NativeModule native) : base(native) { }

            public override Tensor forward(Tensor src) => Native.Call(src);

            public Tensor call(Tensor src, Tensor? src_mask) => Native.Call(src, src_mask);

            public Tensor call(Tensor src, Tensor? src_mask, Tensor? src_key_padding_mask) => Native.Call(src, src_mask, src_key_padding_mask);
        }

        public sealed class TransformerEncoder : nn.Module<Tensor, Tensor?, Tensor?, Tensor>, nn.IModule<Tensor, Tensor?, Tensor>, nn.IModule<Tensor, Tensor>
        {
            internal TransformerEncoder(NativeModule native) : base(native) { }

            public override Tensor forward(Tensor src, Tensor? src_mask, Tensor? src_key_padding_mask) => Native.Call(src, src_mask, src_key_padding_mask);

            public Tensor call(Tensor src, Tensor? src_mask) => base.call(src, src_mask, null);

            public Tensor call(Tensor src) => base.call(src, null, null);
        }

        public sealed class TransformerDecoderLayer : nn.Module<Tensor, Tensor, Tensor?, Tensor?, Tensor?, Tensor?, Tensor>, nn.IModule<Tensor, Tensor, Tensor>
        {
            internal TransformerDecoderLayer(NativeModule native) : base(native) { }

            public override Tensor forward(Tensor tgt, Tensor memory, Tensor? tgt_mask, Tensor? memory_mask, Tensor? tgt_key_padding_mask, Tensor? memory_key_padding_mask) =>
                Native.Call(tgt, memory, tgt_mask, memory_mask, tgt_key_padding_mask, memory_key_padding_mask);

            public new Tensor call(Tensor tgt, Tensor memory, Tensor? tgt_mask, Tensor? memory_mask = null, Tensor? tgt_key_padding_mask = null, Tensor? memory_key_padding_mask = null) =>
                base.call(tgt, memory, tgt_mask, memory_mask, tgt_key_padding_mask, memory_key_padding_mask);

            public Tensor call(Tensor tgt, Tensor memory) => call(tgt, memory, null);
        }

        public sealed class TransformerDecoder : nn.Module<Tensor, Tensor, Tensor?, Tensor?, Tensor?, Tensor?, Tensor>
        {
            internal TransformerDecoder(NativeModule native) : base(native) { }

            public override Tensor forward(Tensor tgt, Tensor memory, Tensor? tgt_mask, Tensor? memory_mask, Tensor? tgt_key_padding_mask, Tensor? memory_key_padding_mask) =>
                Native.Call(tgt, memory, tgt_mask, memory_mask, tgt_key_padding_mask, memory_key_padding_mask);

            public new Tensor call(Tensor tgt, Tensor memory, Tensor? tgt_mask, Tensor? memory_mask = null, Tensor? tgt_key_padding_mask = null, Tensor? memory_key_padding_mask = null) =>
                base.call(tgt, memory, tgt_mask, memory_mask, tgt_key_padding_mask, memory_key_padding_mask);

            public Tensor call(Tensor tgt, Tensor memory) => call(tgt, memory, null);
        }

        public sealed class Transformer : nn.Module<Tensor, Tensor, Tensor>
        {
            internal Transformer(NativeModule native) : base(native) { }

            public override Tensor forward(Tensor src, Tensor tgt) => Native.Call(src, tgt);

            public Tensor call(Tensor src, Tensor tgt, Tensor src_mask, Tensor? tgt_mask = null, Tensor? memory_mask = null, Tensor? src_key_padding_mask = null, Tensor? tgt_key_padding_mask = null, Tensor? memory_key_padding_mask = null) =>
                Native.Call(src, tgt, src_mask, tgt_mask, memory_mask, src_key_padding_mask, tgt_key_padding_mask, memory_key_padding_mask);
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public enum Activations
            {
                ReLU = 0,
                GELU = 1,
            }

            public static MultiheadAttention MultiheadAttention(long embedded_dim, long num_heads, double dropout = 0.0, bool bias = true, bool add_bias_kv = false, bool add_zero_attn = false, long? kdim = null, long? vdim = null) =>
                new(new NativeModule("MultiheadAttention", embedded_dim, num_heads, dropout, bias, add_bias_kv, add_zero_attn, kdim ?? embedded_dim, vdim ?? embedded_dim));
            public static TransformerEncoderLayer TransformerEncoderLayer(long d_model = 512, long nhead = 8, long dim_feedforward = 2048, double dropout = 0.1, Activations activation = Activations.ReLU) =>
                new(new NativeModule("TransformerEncoderLayer", d_model, nhead, dim_feedforward, dropout, (long)activation));
            public static TransformerDecoderLayer TransformerDecoderLayer(long d_model = 512, long nhead = 8, long dim_feedforward = 2048, double dropout = 0.1, Activations activation = Activations.ReLU) =>
                new(new NativeModule("TransformerDecoderLayer", d_model, nhead, dim_feedforward, dropout, (long)activation));
            public static TransformerEncoder TransformerEncoder(TransformerEncoderLayer encoder_layer, long num_layers) => new(new NativeModule("TransformerEncoder", encoder_layer.Native, num_layers));
            public static TransformerDecoder TransformerDecoder(TransformerDecoderLayer decoder_layer, long num_layers) => new(new NativeModule("TransformerDecoder", decoder_layer.Native, num_layers));
            public static Transformer Transformer(long d_model = 512, long nhead = 8, long num_encoder_layers = 6, long num_decoder_layers = 6, long dim_feedforward = 2048, double dropout = 0.1, Activations activation = Activations.ReLU) =>
                new(new NativeModule("Transformer", d_model, nhead, dim_feedforward, dropout, (long)activation, num_encoder_layers, num_decoder_layers));

            public static partial class functional
            {
                public static Tensor scaled_dot_product_attention(Tensor query, Tensor key, Tensor value, Tensor? attn_mask = null, double p = 0.0, bool is_casual = false)
                {
                    if (p < 0)
                        throw new ArgumentException("Dropout probability must be greater than or equal to zero.");
                    if (is_casual && attn_mask is not null)
                        throw new ArgumentException("Casual attention masking cannot pass a mask.");
                    using var scope = NewDisposeScope();
                    var scores = query.matmul(key.transpose(-2, -1)) / Math.Sqrt(query.shape[^1]);
                    var mask = is_casual ? ones([query.shape[^2], key.shape[^2]], ScalarType.Bool).tril() : attn_mask;
                    if (mask is not null)
                        scores = mask.dtype == ScalarType.Bool ? scores.masked_fill(mask.logical_not(), double.NegativeInfinity) : scores + mask;
                    return dropout(scores.softmax(-1), p).matmul(value).MoveToOuterDisposeScope();
                }
            }
        }
    }
}
