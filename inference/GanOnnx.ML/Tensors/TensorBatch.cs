using GanOnnx.Inference.Runtime;
using GanOnnx.ML.Cursors;
using Microsoft.ML.OnnxRuntime;

namespace GanOnnx.ML.Tensors;

/// <summary>The tensors of one run; outputs that nobody asked for are null and not computed.</summary>
internal sealed class TensorBatch(TensorModel model, TensorReader[] inputs, TensorFetcher?[] outputs, int size) : Batch
{
    private readonly RunLimit _limit = model.Limit();
    private readonly string[] _names = [.. outputs.Select((o, i) => o is null ? null : model.Outputs[i].Tensor.Name).OfType<string>()];

    public TensorFetcher?[] Outputs => outputs;

    public override void Read(int slot)
    {
        foreach (var input in inputs)
            input.Read(slot);
    }

    public override void Run(int first, int count)
    {
        // CUDA looks for algorithms at every new shape; so a batch that isn't full is run with what else is in its slots.
        if (model.Session.OnGpu && first == 0 && count > 1)
            count = size;

        var from = new List<OrtValue>(inputs.Length);
        var to = new List<OrtValue>(outputs.Length);
        try
        {
            foreach (var input in inputs)
                from.Add(input.Tensor.Slice(first, count));
            foreach (var output in outputs)
                if (output is not null)
                    to.Add(output.Tensor.Slice(first, count));
            model.Run(_limit, _names, from, to);
        }
        finally
        {
            foreach (var value in from.Concat(to))
                value.Dispose();
        }
    }
}
