namespace GanOnnx.Inference.Runtime;

/// <summary>Images to make: how their inputs get into a worker, and how they get out. Structs, so that a call makes no garbage.</summary>
internal interface IWork
{
    /// <summary>Fills the input rows from <paramref name="row"/> on with those of the images from <paramref name="first"/> on.</summary>
    void Fill(Worker worker, int row, int first, int count);

    /// <summary>Takes the images out of the same rows.</summary>
    void Take(Worker worker, int row, int first, int count);
}
