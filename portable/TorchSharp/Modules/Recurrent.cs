using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        public sealed class RNN : nn.Module<Tensor, Tensor?, (Tensor, Tensor)>
        {
            private readonly Func<Tensor, Tensor> _zeros;

            internal RNN(NativeModule native, long hiddenSize, long numLayers, bool batchFirst, bool bidirectional) : base(native) =>
                _zeros = input => zeros((bidirectional ? 2 : 1) * numLayers, input.shape[batchFirst ? 0 : 1], hiddenSize, input.dtype);

            public override (Tensor, Tensor) forward(Tensor input, Tensor? h0) => Native.CallMany(input, h0 ?? _zeros(input)) is [var output, var hidden] ? (output, hidden) : default;

            public new (Tensor, Tensor) call(Tensor input, Tensor? h0 = null) => base.call(input, h0);

            public void flatten_parameters() { }

            public Parameter? get_weight_ih(long idx) => Weight(idx * 4);
            public Parameter? get_weight_hh(long idx) => Weight(idx * 4 + 1);
            public Parameter? get_bias_ih(long idx) => Weight(idx * 4 + 2);
            public Parameter? get_bias_hh(long idx) => Weight(idx * 4 + 3);
            private Parameter Weight(long index) => Native.Parameters()[(int)index].Parameter;
        }

        public sealed class GRU : nn.Module<Tensor, Tensor?, (Tensor, Tensor)>
        {
            private readonly Func<Tensor, Tensor> _zeros;

            internal GRU(NativeModule native, long hiddenSize, long numLayers, bool batchFirst, bool bidirectional) : base(native) =>
                _zeros = input => zeros((bidirectional ? 2 : 1) * numLayers, input.shape[batchFirst ? 0 : 1], hiddenSize, input.dtype);

            public override (Tensor, Tensor) forward(Tensor input, Tensor? h0 = null) => Native.CallMany(input, h0 ?? _zeros(input)) is [var output, var hidden] ? (output, hidden) : default;

            public new (Tensor, Tensor) call(Tensor input, Tensor? h0 = null) => base.call(input, h0);

            public void flatten_parameters() { }
        }

        public sealed class LSTM : nn.Module<Tensor, (Tensor, Tensor)?, (Tensor, Tensor, Tensor)>
        {
            private readonly Func<Tensor, Tensor> _zeros;

            internal LSTM(NativeModule native, long hiddenSize, long numLayers, bool batchFirst, bool bidirectional) : base(native) =>
                _zeros = input => zeros((bidirectional ? 2 : 1) * numLayers, input.shape[batchFirst ? 0 : 1], hiddenSize, input.dtype);

            public override (Tensor, Tensor, Tensor) forward(Tensor input, (Tensor, Tensor)? h0_c0 = null) =>
                Native.CallMany(input, h0_c0?.Item1 ?? _zeros(input), h0_c0?.Item2 ?? _zeros(input)) is [var output, var hidden, var cell] ? (output, hidden, cell) : default;

            public new (Tensor, Tensor, Tensor) call(Tensor input, (Tensor, Tensor)? h0_c0 = null) => base.call(input, h0_c0);

            public void flatten_parameters() { }
        }

        public sealed class RNNCell : nn.Module<Tensor, Tensor, Tensor>
        {
            internal RNNCell(NativeModule native) : base(native) { }

            public Parameter? weight_ih => Named(nameof(weight_ih));
            public Parameter? weight_hh => Named(nameof(weight_hh));
            public Parameter? bias_ih => Named(nameof(bias_ih));
            public Parameter? bias_hh => Named(nameof(bias_hh));
            private Parameter? Named(string name) => Native.Parameters().FirstOrDefault(p => p.Name == name).Parameter;

            public override Tensor forward(Tensor input, Tensor? h0 = null) => Native.Call(input, h0);
        }

        public sealed class GRUCell : nn.Module<Tensor, Tensor, Tensor>
        {
            internal GRUCell(NativeModule native) : base(native) { }

            public Parameter? weight_ih => Named(nameof(weight_ih));
            public Parameter? weight_hh => Named(nameof(weight_hh));
            public Parameter? bias_ih => Named(nameof(bias_ih));
            public Parameter? bias_hh => Named(nameof(bias_hh));
            private Parameter? Named(string name) => Native.Parameters().FirstOrDefault(p => p.Name == name).Parameter;

            public override Tensor forward(Tensor input, Tensor? h0 = null) => Native.Call(input, h0);
        }

        public sealed class LSTMCell : nn.Module<Tensor, (Tensor, Tensor)?, (Tensor, Tensor)>
        {
            internal LSTMCell(NativeModule native) : base(native) { }

            public Parameter? weight_ih => Named(nameof(weight_ih));
            public Parameter? weight_hh => Named(nameof(weight_hh));
            public Parameter? bias_ih => Named(nameof(bias_ih));
            public Parameter? bias_hh => Named(nameof(bias_hh));
            private Parameter? Named(string name) => Native.Parameters().FirstOrDefault(p => p.Name == name).Parameter;

            public override (Tensor, Tensor) forward(Tensor input, (Tensor, Tensor)? h0_c0) =>
                Native.CallMany(input, h0_c0?.Item1, h0_c0?.Item2) is [var hidden, var cell] ? (hidden, cell) : default;

            public new (Tensor, Tensor) call(Tensor input, (Tensor, Tensor)? h0_c0 = null) => base.call(input, h0_c0);
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public enum NonLinearities
            {
                ReLU = 0,
                Tanh = 1,
            }

            public static RNN RNN(long inputSize, long hiddenSize, long numLayers = 1, NonLinearities nonLinearity = NonLinearities.Tanh, bool bias = true, bool batchFirst = false, double dropout = 0.0, bool bidirectional = false, Device? device = null, ScalarType? dtype = null) =>
                Typed(new RNN(new NativeModule("RNN", inputSize, hiddenSize, numLayers, bias, batchFirst, dropout, bidirectional, (long)nonLinearity), hiddenSize, numLayers, batchFirst, bidirectional), dtype);
            public static GRU GRU(long inputSize, long hiddenSize, long numLayers = 1, bool bias = true, bool batchFirst = false, double dropout = 0.0, bool bidirectional = false, Device? device = null, ScalarType? dtype = null) =>
                Typed(new GRU(new NativeModule("GRU", inputSize, hiddenSize, numLayers, bias, batchFirst, dropout, bidirectional), hiddenSize, numLayers, batchFirst, bidirectional), dtype);
            public static LSTM LSTM(long inputSize, long hiddenSize, long numLayers = 1, bool bias = true, bool batchFirst = false, double dropout = 0.0, bool bidirectional = false, Device? device = null, ScalarType? dtype = null) =>
                Typed(new LSTM(new NativeModule("LSTM", inputSize, hiddenSize, numLayers, bias, batchFirst, dropout, bidirectional), hiddenSize, numLayers, batchFirst, bidirectional), dtype);
            public static RNNCell RNNCell(long inputSize, long hiddenSize, NonLinearities nonLinearity = NonLinearities.Tanh, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                Typed(new RNNCell(new NativeModule("RNNCell", inputSize, hiddenSize, bias, (long)nonLinearity)), dtype);
            public static GRUCell GRUCell(long inputSize, long hiddenSize, bool bias = true, Device? device = null, ScalarType? dtype = null) => Typed(new GRUCell(new NativeModule("GRUCell", inputSize, hiddenSize, bias)), dtype);
            public static LSTMCell LSTMCell(long inputSize, long hiddenSize, bool bias = true, Device? device = null, ScalarType? dtype = null) => Typed(new LSTMCell(new NativeModule("LSTMCell", inputSize, hiddenSize, bias)), dtype);
        }
    }
}
