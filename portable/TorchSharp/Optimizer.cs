using TorchSharp.Modules;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class optim
        {
            public abstract class Optimizer : IDisposable
            {
                public virtual IEnumerable<ILearningRateController> ParamGroups => throw new NotSupportedException();

                public virtual Tensor step(Func<Tensor>? closure = null) => throw new NotSupportedException();

                protected virtual void Dispose(bool disposing) { }

                public void Dispose()
                {
                    Dispose(true);
                    GC.SuppressFinalize(this);
                }

                public class StateDictionary
                {
                    internal StateDictionary() { }
                    public List<OptimizerState> State { get; } = [];
                }
            }

            public interface ILearningRateController
            {
                double LearningRate { set; get; }
                double InitialLearningRate { set; get; }
            }

            public static Adam Adam(IEnumerable<Parameter> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0, bool amsgrad = false, bool maximize = false) =>
                !amsgrad && !maximize
                    ? new(parameters, lr, beta1, beta2, eps, weight_decay)
                    : throw new NotSupportedException("The portable TorchSharp has Adam without amsgrad and maximize.");
        }
    }

    namespace Modules
    {
        public abstract class OptimizerState
        {
        }

        public abstract class OptimizerHelper : torch.optim.Optimizer
        {
            public virtual StateDictionary state_dict() => throw new NotSupportedException();
        }

        public class Adam : OptimizerHelper
        {
            private readonly double _beta1, _beta2, _eps, _decay;
            private readonly Group _group;
            private readonly List<(Parameter Parameter, State State)> _states;

            internal Adam(IEnumerable<Parameter> parameters, double lr, double beta1, double beta2, double eps, double weightDecay)
            {
                (_beta1, _beta2, _eps, _decay) = (beta1, beta2, eps, weightDecay);
                _group = new Group { LearningRate = lr, InitialLearningRate = lr };
                _states = parameters.Select(p => (p, new State(p))).ToList();
            }

            public override IEnumerable<torch.optim.ILearningRateController> ParamGroups => [_group];

            /// <summary>Kingma and Ba, "Adam: A Method for Stochastic Optimization", algorithm 1.</summary>
            public override torch.Tensor step(Func<torch.Tensor>? closure = null)
            {
                using var noGrad = torch.no_grad();
                using var scope = torch.NewDisposeScope();
                foreach (var (parameter, state) in _states)
                {
                    if (parameter.grad is not { } gradient)
                        continue;
                    state.step++;
                    if (_decay != 0)
                        gradient = gradient.add(parameter, _decay);
                    state.exp_avg.mul_(_beta1).add_(gradient, 1 - _beta1);
                    state.exp_avg_sq.mul_(_beta2).addcmul_(gradient, gradient, 1 - _beta2);
                    var correction = 1 - Math.Pow(_beta2, state.step);
                    var denominator = state.exp_avg_sq.sqrt().div(Math.Sqrt(correction)).add_(_eps);
                    parameter.addcdiv_(state.exp_avg, denominator, -_group.LearningRate / (1 - Math.Pow(_beta1, state.step)));
                }
                return null!;
            }

            public override StateDictionary state_dict()
            {
                var result = new StateDictionary();
                result.State.AddRange(_states.Select(s => s.State));
                return result;
            }

            protected override void Dispose(bool disposing)
            {
                foreach (var (_, state) in _states)
                {
                    state.exp_avg.Dispose();
                    state.exp_avg_sq.Dispose();
                }
            }

            private sealed class Group : torch.optim.ILearningRateController
            {
                public double LearningRate { get; set; }
                public double InitialLearningRate { get; set; }
            }

            public sealed class State : OptimizerState
            {
                public long step;
                public torch.Tensor exp_avg;
                public torch.Tensor exp_avg_sq;

                internal State(Parameter parameter) =>
                    (exp_avg, exp_avg_sq) = (torch.zeros_like(parameter).DetachFromDisposeScope(), torch.zeros_like(parameter).DetachFromDisposeScope());
            }
        }
    }
}
