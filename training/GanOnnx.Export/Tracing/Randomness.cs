using GanOnnx.Export.Graphs;
using TorchSharp;

namespace GanOnnx.Export;

/// <summary>Notices that random numbers were drawn since tracing began: the generator's state is another one.</summary>
internal sealed class Randomness(GraphBuilder graph)
{
    private readonly byte[] _state = State();

    /// <exception cref="ExportException">They were; the message names the line that went on with them.</exception>
    public void Check(string? path = null)
    {
        if (!State().AsSpan().SequenceEqual(_state))
            throw ForwardLine.DrawsRandomNumbers(path ?? graph.CurrentScope);
    }

    private static byte[] State()
    {
        using var state = torch.random.get_rng_state();
        return state.bytes.ToArray();
    }
}
