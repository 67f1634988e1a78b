namespace GanOnnx.Inference.Runtime;

/// <summary>
/// Rows to make: how their inputs get into a worker, and how what is made of them gets out. Structs, so that a call makes no garbage.
/// </summary>
internal interface IWork
{
    /// <summary>Fills the input rows from <paramref name="row"/> on with those of the items from <paramref name="first"/> on.</summary>
    void Fill(Worker worker, int row, int first, int count);

    /// <summary>Takes what was made out of the same rows.</summary>
    void Take(Worker worker, int row, int first, int count);
}
