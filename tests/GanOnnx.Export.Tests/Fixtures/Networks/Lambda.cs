using TorchSharp;

namespace GanOnnx.Export.Tests.Fixtures.Networks;

/// <summary>A custom module of one expression and the children it calls, which are called <c>part0</c>, <c>part1</c>, …</summary>
internal sealed class Lambda : TracedModule
{
    private readonly Func<TracedTensor, TracedTensor> _forward;

    public Lambda(Func<TracedTensor, TracedTensor> forward, params IReadOnlyList<torch.nn.Module> parts) : base("Lambda")
    {
        _forward = forward;
        for (var i = 0; i < parts.Count; i++)
            register_module($"part{i}", parts[i]);
    }

    public override TracedTensor forward(TracedTensor input) => _forward(input);
}
