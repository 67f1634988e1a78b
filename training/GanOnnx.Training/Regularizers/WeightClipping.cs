using TorchSharp;
using static TorchSharp.torch;

namespace GanOnnx.Training.Regularizers;

/// <summary>What a player's weights are held to, after each of its steps.</summary>
public interface IWeightConstraint
{
    /// <summary>Changes the weights in place.</summary>
    void Apply(IEnumerable<Tensor> parameters);
}

/// <summary>Clips every weight of the critic to −c … c, which bounds its slope (crudely: many weights end at ±c).</summary>
/// <param name="limit">c, above 0.</param>
/// <remarks>
/// M. Arjovsky, S. Chintala, L. Bottou: "Wasserstein GAN", 2017, https://arxiv.org/abs/1701.07875, algorithm 1.
/// </remarks>
internal sealed class WeightClipping(double limit) : IWeightConstraint
{
    private readonly Scalar _lowest = -limit, _highest = limit;

    /// <inheritdoc/>
    public void Apply(IEnumerable<Tensor> parameters)
    {
        using var noGrad = no_grad();
        foreach (var parameter in parameters)
            parameter.clamp_(_lowest, _highest);
    }
}
