using GanOnnx.Training.Monitoring;
using TorchSharp;
using static TorchSharp.torch;

namespace GanOnnx.Training.Regularizers;

/// <summary>The penalties of one player, each with its weight, applied at its interval.</summary>
internal sealed class PenaltyList<T> where T : class
{
    /// <param name="specs">All that are asked for.</param>
    /// <param name="create">Makes a penalty of this player, or null for what is none.</param>
    public PenaltyList(IEnumerable<RegularizerSpec> specs, Func<Regularizer, T?> create) =>
        Items = [.. from spec in specs let penalty = create(spec.Regularizer) where penalty is not null select (spec, penalty)];

    public IReadOnlyList<(RegularizerSpec Spec, T Penalty)> Items { get; }

    /// <summary>The loss with the penalties that are due.</summary>
    /// <param name="loss">The player's loss, a scalar.</param>
    /// <param name="step">The player's step.</param>
    /// <param name="penalty">A penalty's value before its weight.</param>
    /// <param name="measurements">Gets the values.</param>
    public Tensor AddTo(Tensor loss, long step, Func<T, Tensor> penalty, Measurements measurements)
    {
        foreach (var (spec, item) in Items)
        {
            if (step % spec.Every != 0)
                continue;
            var value = penalty(item);
            // Of one that both players have, the generator's has a name of its own.
            var isSecond = typeof(T) == typeof(IGeneratorRegularizer) && spec.Regularizer.Discriminator is not null;
            measurements.Add(Figure.Extra(isSecond ? $"{spec.Name} of generated" : spec.Name), value);
            using Scalar weight = spec.Weight * spec.Every;
            loss = loss + value * weight;
        }
        return loss;
    }
}
