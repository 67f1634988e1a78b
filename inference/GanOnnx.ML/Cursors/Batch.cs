using Microsoft.ML;

namespace GanOnnx.ML.Cursors;

/// <summary>The inputs and outputs of one run of a model: rows are read into slots, run, and fetched.</summary>
internal abstract class Batch
{
    /// <summary>Reads the source's current row into a slot.</summary>
    /// <exception cref="Inference.ModelException">The row holds what the model can't take.</exception>
    public abstract void Read(int slot);

    /// <summary>Runs the model on the slots from <paramref name="first"/> on.</summary>
    /// <exception cref="Inference.ModelException">The model fails on one of them.</exception>
    public abstract void Run(int first, int count);
}

/// <summary>Where the getters of output columns look: the row that a cursor is on.</summary>
internal abstract class CurrentRow
{
    /// <summary>The current row's batch, run if it hadn't been, and its slot there.</summary>
    /// <exception cref="Inference.ModelException">The row failed.</exception>
    public abstract (Batch Batch, int Slot) Compute();
}

/// <summary>A model bound to the schema of its input: which columns it reads, which it adds, and how batches are made.</summary>
internal abstract class Binding
{
    /// <summary>The indices of the columns that the model reads.</summary>
    public abstract IReadOnlyList<int> Inputs { get; }

    /// <summary>The columns that it adds, all vectors of known size.</summary>
    public abstract IReadOnlyList<DataViewSchema.DetachedColumn> Outputs { get; }

    /// <summary>A batch that reads from a row and computes some of the outputs.</summary>
    public abstract Batch CreateBatch(DataViewRow source, bool[] active, int size);

    /// <summary>A <see cref="ValueGetter{TValue}"/> of one of the outputs.</summary>
    public abstract Delegate MakeGetter(int output, CurrentRow row);
}
