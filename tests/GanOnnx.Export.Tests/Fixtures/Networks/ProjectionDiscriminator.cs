using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanOnnx.Export.Tests.Fixtures.Networks;

/// <summary>
/// The score of an image <c>[N, 1, 8, 8]</c> and its label <c>[N]</c> of 5 classes: how real the image is, and how well
/// it fits the label (Miyato and Koyama 2018).
/// </summary>
internal sealed class ProjectionDiscriminator : TracedModule2
{
    private readonly Conv2d _down1 = Conv2d(1, 4, 4, 2, 1), _down2 = Conv2d(4, 6, 4, 2, 1);
    private readonly Linear _score = Linear(6, 1);
    private readonly Parameter _classes = Parameter(zeros(5, 6));

    public ProjectionDiscriminator() : base("ProjectionDiscriminator") => RegisterComponents();

    public override TracedTensor forward(TracedTensor image, TracedTensor label)
    {
        var features = _down2.call(_down1.call(image).leaky_relu(0.2)).relu().sum([2L, 3L]);        // [N, 6]
        var fit = (TracedTensor.embedding(label, _classes) * features).sum([1L], true);            // [N, 1]
        return (_score.call(features) + fit).flatten(0);                                            // [N]
    }

    /// <summary>The same in plain TorchSharp.</summary>
    public Tensor Plain(Tensor image, Tensor label)
    {
        var features = functional.relu(_down2.call(functional.leaky_relu(_down1.call(image), 0.2))).sum([2L, 3L]);
        var fit = (_classes.index_select(0, label) * features).sum([1L], true);
        return (_score.call(features) + fit).flatten();
    }
}
