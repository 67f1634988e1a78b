using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        public interface IParameterLessModule
        {
        }

        public abstract class ParameterLessModule<T1, TResult> : nn.Module<T1, TResult>, IParameterLessModule
        {
            protected ParameterLessModule(string name) : base(name) { }
        }

        public abstract class ParameterLessModule<T1, T2, TResult> : nn.Module<T1, T2, TResult>, IParameterLessModule
        {
            protected ParameterLessModule(string name) : base(name) { }
        }

        public sealed class Flatten : ParameterLessModule<Tensor, Tensor>
        {
            internal Flatten(long start_dim, long end_dim) : base(nameof(Flatten)) =>
                (this.start_dim, this.end_dim) = (start_dim, end_dim);
            public long start_dim { get; set; }
            public long end_dim { get; set; }
            public override Tensor forward(Tensor input) => input.flatten(start_dim, end_dim);
        }

        public sealed class Unflatten : ParameterLessModule<Tensor, Tensor>
        {
            internal Unflatten(long dim, long[] unflattened_size) : base(nameof(Unflatten)) =>
                (this.dim, this.unflattened_size) = (dim, unflattened_size);
            public long dim { get; set; }
            public long[] unflattened_size { get; set; }
            public override Tensor forward(Tensor tensor) => tensor.unflatten(dim, unflattened_size);
        }

        public sealed class Identity : ParameterLessModule<Tensor, Tensor>
        {
            internal Identity() : base(nameof(Identity)) { }
            public override Tensor forward(Tensor tensor) => tensor.alias();
        }

        public sealed class CosineSimilarity : ParameterLessModule<Tensor, Tensor, Tensor>
        {
            internal CosineSimilarity(long dim, double eps) : base(nameof(CosineSimilarity)) =>
                (this.dim, this.eps) = (dim, eps);
            public long dim { get; set; }
            public double eps { get; set; }
            public override Tensor forward(Tensor input1, Tensor input2) => nn.functional.cosine_similarity(input1, input2, dim, eps);
        }

        public sealed class PairwiseDistance : ParameterLessModule<Tensor, Tensor, Tensor>
        {
            internal PairwiseDistance(double p, double eps, bool keepdim) : base(nameof(PairwiseDistance)) =>
                (norm, this.eps, this.keepdim) = (p, eps, keepdim);
            public double norm { get; set; }
            public double eps { get; set; }
            public bool keepdim { get; set; }
            public override Tensor forward(Tensor input1, Tensor input2) => nn.functional.pairwise_distance(input1, input2, norm, eps, keepdim);
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Flatten Flatten(long start_dim = 1, long end_dim = -1) => new(start_dim, end_dim);
            public static Unflatten Unflatten(long dim, long[] unflattened_size) => new(dim, unflattened_size);
            public static Identity Identity() => new();
            public static CosineSimilarity CosineSimilarity(long dim = 1, double eps = 1e-8) => new(dim, eps);
            public static PairwiseDistance PairwiseDistance(double p = 2.0, double eps = 1e-6, bool keepdim = false) => new(p, eps, keepdim);

            public static partial class functional
            {
                public static Tensor cosine_similarity(Tensor x1, Tensor x2, long dim = 1, double eps = 1e-8) => Operator.Call("cosine_similarity", x1, x2, dim, eps);
                public static Tensor pairwise_distance(Tensor input1, Tensor input2, double p = 2.0, double eps = 1e-6, bool keepdim = false) => Operator.Call("pairwise_distance", input1, input2, p, eps, keepdim);
            }
        }
    }
}
