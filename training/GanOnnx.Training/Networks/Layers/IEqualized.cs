namespace GanOnnx.Training.Networks.Layers;

/// <summary>A layer with an equalized learning rate: what its first weights are drawn from.</summary>
internal interface IEqualized
{
    /// <summary>The bias.</summary>
    double FirstBias { get; }

    /// <summary>The deviation of the weights, whose mean is 0.</summary>
    double FirstDeviation { get; }
}
