using GanOnnx.Export;
using GanOnnx.Training.Networks;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanOnnx.Training.Tasks.SuperResolution;

/// <summary>Small images <c>[N, C, H, W]</c> from −1 to 1 to large ones <c>[N, C, s·H, s·W]</c>. Values may go a little beyond.</summary>
internal abstract class UpscalerNetwork(string name) : TracedModule(name)
{
    /// <summary>How many times a scale doubles: 1 for 2, 2 for 4.</summary>
    protected static int Doublings(int scale) => int.Log2(scale);

    /// <summary>What a weight is drawn from at first: N(0, 1 / (3 · inputs)), which has the deviation of PyTorch's first weights, so that
    /// blocks add little at first and depth doesn't matter; biases 0, slopes 0.25.</summary>
    public static (float Mean, float Deviation) FirstWeight(nn.Module owner, string name, Tensor weight)
    {
        const float SlopeOfPRelu = 0.25f;
        if (owner is PReLU)
            return (SlopeOfPRelu, 0);
        return owner is Conv2d && name == "weight" ? (0, (float)Math.Sqrt(weight.shape[0] / (3.0 * weight.numel())))
            : InitialWeights.He(owner, name, weight);
    }
}
