namespace GanOnnx.Inference.Latents;

/// <summary>Takes the words of one index of a stream in order.</summary>
internal struct WordReader(RandomStream stream, ulong index)
{
    private (uint X0, uint X1, uint X2, uint X3) _block;
    private ulong _next;

    public uint Next()
    {
        var lane = (int)(_next % 4);
        if (lane == 0)
            _block = stream.Block(index, checked((uint)(_next / 4)));

        _next++;
        return lane switch { 0 => _block.X0, 1 => _block.X1, 2 => _block.X2, _ => _block.X3 };
    }

    public int Below(int bound)
    {
        var n = (uint)bound;
        var product = (ulong)Next() * n;
        if ((uint)product < n)
        {
            var threshold = (0u - n) % n;
            while ((uint)product < threshold)
                product = (ulong)Next() * n;
        }

        return (int)(product >> 32);
    }
}
