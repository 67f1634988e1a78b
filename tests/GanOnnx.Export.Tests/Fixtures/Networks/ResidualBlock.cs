using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanOnnx.Export.Tests.Fixtures.Networks;

/// <summary>Two convolutions whose result is added to the input, which goes through a 1×1 convolution where the channels differ.</summary>
internal sealed class ResidualBlock : TracedModule
{
    private readonly Conv2d _first, _second;
    private readonly BatchNorm2d _firstNorm, _secondNorm;
    private readonly Conv2d? _skip;

    public ResidualBlock(long channels, long outputs) : base("ResidualBlock")
    {
        _first = Conv2d(channels, outputs, 3, padding: 1, bias: false);
        _firstNorm = BatchNorm2d(outputs);
        _second = Conv2d(outputs, outputs, 3, padding: 1, bias: false);
        _secondNorm = BatchNorm2d(outputs);
        _skip = channels == outputs ? null : Conv2d(channels, outputs, 1);
        RegisterComponents();
    }

    public override TracedTensor forward(TracedTensor input)
    {
        var inner = _firstNorm.call(_first.call(input)).relu();
        var skip = _skip is null ? input : _skip.call(input);
        return (_secondNorm.call(_second.call(inner)) + skip).relu();
    }

    /// <summary>The same in plain TorchSharp.</summary>
    public Tensor Plain(Tensor input)
    {
        var inner = functional.relu(_firstNorm.call(_first.call(input)));
        var skip = _skip is null ? input : _skip.call(input);
        return functional.relu(_secondNorm.call(_second.call(inner)) + skip);
    }
}
