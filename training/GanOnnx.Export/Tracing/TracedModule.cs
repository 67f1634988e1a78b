using TorchSharp;
using static TorchSharp.torch;

namespace GanOnnx.Export;

/// <summary>
/// A module of yours that exports as it runs: write its <c>forward</c> once, on <see cref="TracedTensor"/>, call
/// children with <c>child.call(x)</c>, and nothing else is to be written.
/// </summary>
/// <example>
/// <code>
/// sealed class ResidualBlock : TracedModule
/// {
///     private readonly Conv2d _conv = Conv2d(8, 8, 3, padding: 1);
///
///     public ResidualBlock() : base("ResidualBlock") => RegisterComponents();
///
///     public override TracedTensor forward(TracedTensor x) => x + _conv.call(x.relu());
/// }
/// </code>
/// </example>
public abstract class TracedModule(string name) : nn.Module<Tensor, Tensor>(name), ITraced
{
    /// <summary>What the module does.</summary>
    public abstract TracedTensor forward(TracedTensor input);

    /// <inheritdoc/>
    public sealed override Tensor forward(Tensor input) => forward(new TracedTensor(input)).Value;

    IReadOnlyList<TracedTensor> ITraced.Trace(IReadOnlyList<TracedTensor> inputs) => [forward(inputs[0])];
}

/// <summary>A <see cref="TracedModule"/> with two inputs, as an image and its label.</summary>
public abstract class TracedModule2(string name) : nn.Module<Tensor, Tensor, Tensor>(name), ITraced
{
    /// <summary>What the module does.</summary>
    public abstract TracedTensor forward(TracedTensor input1, TracedTensor input2);

    /// <inheritdoc/>
    public sealed override Tensor forward(Tensor input1, Tensor input2) =>
        forward(new TracedTensor(input1), new TracedTensor(input2)).Value;

    IReadOnlyList<TracedTensor> ITraced.Trace(IReadOnlyList<TracedTensor> inputs) => [forward(inputs[0], inputs[1])];
}

/// <summary>A <see cref="TracedModule"/> with any number of inputs and outputs.</summary>
public abstract class TracedModuleMany(string name) : nn.Module<Tensor[], Tensor[]>(name), ITraced
{
    /// <summary>What the module does.</summary>
    public abstract IReadOnlyList<TracedTensor> forward(IReadOnlyList<TracedTensor> inputs);

    /// <inheritdoc/>
    public sealed override Tensor[] forward(Tensor[] inputs) =>
        [.. forward([.. inputs.Select(i => new TracedTensor(i))]).Select(o => o.Value)];

    IReadOnlyList<TracedTensor> ITraced.Trace(IReadOnlyList<TracedTensor> inputs) => forward(inputs);
}

/// <summary>A module whose forward can be traced.</summary>
internal interface ITraced
{
    IReadOnlyList<TracedTensor> Trace(IReadOnlyList<TracedTensor> inputs);
}
