namespace GanOnnx.Inference.Runtime;

/// <summary>Rows that come and go as the bytes of the model's own tensors.</summary>
/// <param name="Inputs">The rows of each input that has some, and the one value of one that all rows share, in the shape's places.</param>
/// <param name="Made">What is made, row after row.</param>
internal readonly record struct TensorWork(ReadOnlyMemory<byte>[] Inputs, Memory<byte> Made) : IWork
{
    public void Fill(Worker worker, int row, int first, int count)
    {
        for (var i = 0; i < Inputs.Length; i++)
        {
            var buffer = worker.Inputs[i];
            var from = Inputs[i].Span;
            var bytes = buffer.Spec.RowBytes;
            if (buffer.Spec.IsShared)
                from.CopyTo(buffer.Bytes(0, 1));
            else
                from.Slice(first * bytes, count * bytes).CopyTo(buffer.Bytes(row, count));
        }
    }

    public void Take(Worker worker, int row, int first, int count)
    {
        var bytes = worker.Output.Spec.RowBytes;
        worker.Output.Bytes(row, count).CopyTo(Made.Span.Slice(first * bytes, count * bytes));
    }
}
