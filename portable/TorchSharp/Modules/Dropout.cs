using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        public sealed class Dropout : ParameterLessModule<Tensor, Tensor>
        {
            internal Dropout(double p, bool inplace) : base(nameof(Dropout)) =>
                (this.p, this.inplace) = (p, inplace);
            public double p { get; set; }
            public bool inplace { get; set; }
            public override Tensor forward(Tensor input) => nn.functional.dropout(input, p, training, inplace);
        }

        public sealed class Dropout2d : ParameterLessModule<Tensor, Tensor>
        {
            internal Dropout2d(double p, bool inplace) : base(nameof(Dropout2d)) =>
                (this.p, this.inplace) = (p, inplace);
            public double p { get; set; }
            public bool inplace { get; set; }
            public override Tensor forward(Tensor input) => nn.functional.dropout2d(input, p, training, inplace);
        }

        public sealed class Dropout3d : ParameterLessModule<Tensor, Tensor>
        {
            internal Dropout3d(double p, bool inplace) : base(nameof(Dropout3d)) =>
                (this.p, this.inplace) = (p, inplace);
            public double p { get; set; }
            public bool inplace { get; set; }
            public override Tensor forward(Tensor input) => nn.functional.dropout3d(input, p, training, inplace);
        }

        public sealed class AlphaDropout : ParameterLessModule<Tensor, Tensor>
        {
            internal AlphaDropout(double p, bool inplace) : base(nameof(Dropout1d)) =>
                (this.p, this.inplace) = (p, inplace);
            public double p { get; set; }
            public bool inplace { get; set; }
            public override Tensor forward(Tensor input) => nn.functional.alpha_dropout(input, p, training, inplace);
        }

        public sealed class FeatureAlphaDropout : ParameterLessModule<Tensor, Tensor>
        {
            internal FeatureAlphaDropout(double p, bool inplace) : base(nameof(FeatureAlphaDropout)) =>
                (this.p, this.inplace) = (p, inplace);
            public double p { get; set; }
            public bool inplace { get; set; }
            public override Tensor forward(Tensor input) => nn.functional.feature_alpha_dropout(input, p, training, inplace);
        }

        public sealed class Dropout1d : ParameterLessModule<Tensor, Tensor>
        {
            internal Dropout1d(double p, bool inplace) : base(nameof(Dropout1d)) =>
                (this.p, this.inplace) = (p, inplace);
            public double p { get; set; }
            public bool inplace { get; set; }
            public override Tensor forward(Tensor tensor) => tensor.ndim == 3
                ? nn.functional.dropout1d(tensor, p, training, inplace)
                : throw new ArgumentException("tensor passed to Dropout1d must be of the shape (N,C,L");
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Dropout Dropout(double p = 0.5, bool inplace = false) => new(p, inplace);
            public static Dropout2d Dropout2d(double p = 0.5, bool inplace = false) => new(p, inplace);
            public static Dropout3d Dropout3d(double p = 0.5, bool inplace = false) => new(p, inplace);
            public static AlphaDropout AlphaDropout(double p = 0.5, bool inplace = false) => new(p, inplace);
            public static FeatureAlphaDropout FeatureAlphaDropout(double p, bool inplace) => new(p, inplace);
            public static FeatureAlphaDropout FeatureAlphaDropout(double p = 0.5) => new(p, false);
            public static Dropout1d Dropout1d(double p = 0.5, bool inplace = false) => new(p, inplace);

            public static partial class functional
            {
                public static Tensor dropout(Tensor input, double p = 0.5, bool training = true, bool inplace = false) => Drop("dropout", input, p, training, inplace);
                public static Tensor dropout2d(Tensor input, double p = 0.5, bool training = true, bool inplace = false) => Drop("feature_dropout", input, p, training, inplace);
                public static Tensor dropout3d(Tensor input, double p = 0.5, bool training = true, bool inplace = false) => Drop("feature_dropout", input, p, training, inplace);
                public static Tensor alpha_dropout(Tensor input, double p = 0.5, bool training = false, bool inplace = false) => Drop("alpha_dropout", input, p, training, inplace);
                public static Tensor feature_alpha_dropout(Tensor input, double p = 0.5, bool training = false, bool inplace = false) => Drop("feature_alpha_dropout", input, p, training, inplace);
                public static Tensor dropout1d(Tensor input, double p = 0.5, bool training = true, bool inplace = false) => dropout2d(input.unsqueeze(-1), p, training, inplace).squeeze(-1);

                private static Tensor Drop(string op, Tensor input, double p, bool training, bool inplace) =>
                    inplace ? Operator.InPlace(input, op + "_", "", input, p, training).alias() : Operator.Call(op, input, p, training);
            }
        }
    }
}
