namespace GanOnnx.Training.Distributed;

/// <summary>What connects workers, the processes of one run. All that they exchange is made of one kind of call, so that another network
/// than MPI's is one class.</summary>
internal interface ICommunicator
{
    /// <summary>This worker's number, from 0.</summary>
    int Rank { get; }

    /// <summary>How many workers there are.</summary>
    int Count { get; }

    /// <summary>The machine's name.</summary>
    string Host { get; }

    /// <summary>Sends bytes to another worker, which does the same at this moment, and gets as many of it.</summary>
    /// <param name="partner">The other's number.</param>
    /// <param name="sent">What it gets.</param>
    /// <param name="received">Gets what it sends; as long.</param>
    void Exchange(int partner, ReadOnlySpan<byte> sent, Span<byte> received);

    /// <summary>Waits for all workers and ends the connection.</summary>
    void Leave();

    /// <summary>Ends all workers, this one too, whatever they do.</summary>
    /// <param name="code">What the run's starter returns.</param>
    void Abort(int code);
}

/// <summary>A run's only process.</summary>
internal sealed class Alone : ICommunicator
{
    public int Rank => 0;

    public int Count => 1;

    public string Host => Environment.MachineName;

    public void Exchange(int partner, ReadOnlySpan<byte> sent, Span<byte> received) =>
        throw new ArgumentOutOfRangeException(nameof(partner), "There is no other worker.");

    public void Leave()
    {
    }

    public void Abort(int code)
    {
    }
}
