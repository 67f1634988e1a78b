namespace GanOnnx.Cli.Bench;

/// <summary>One way of making images with a model, to be measured beside others.</summary>
/// <param name="name">What the table calls it.</param>
internal abstract class Way(string name) : IDisposable
{
    public string Name => name;

    /// <summary>Makes that many images, a multiple of the batch size.</summary>
    public abstract void Make(int images);

    public abstract void Dispose();
}
