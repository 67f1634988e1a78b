namespace GanOnnx.Cli.Bench;

/// <summary>One way to make images with a model, which is measured beside others.</summary>
/// <param name="name">What the table calls it.</param>
internal abstract class Candidate(string name) : IDisposable
{
    public string Name => name;

    /// <summary>Makes that many images, a multiple of the batch size.</summary>
    public abstract void Make(int images);

    public abstract void Dispose();
}
