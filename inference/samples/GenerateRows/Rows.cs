namespace GenerateRows;

/// <summary>What an image is asked for with: as in <c>7</c> or <c>7:Bag</c>.</summary>
internal sealed class Request
{
    public ulong Seed { get; set; }

    public string Label { get; set; } = "";

    public static Request Parse(string text)
    {
        var (seed, label) = text.IndexOf(':') is > 0 and var colon ? (text[..colon], text[(colon + 1)..]) : (text, "");
        return ulong.TryParse(seed, out var number)
            ? new() { Seed = number, Label = label }
            : throw new FormatException($"'{text}' is no seed. Give a whole number from 0, and a class behind a colon as in 7:Bag.");
    }
}

/// <summary>What the pipeline answers.</summary>
internal sealed class Picture
{
    /// <summary><c>[H, W, C]</c>, 0 … 255.</summary>
    public byte[] Image { get; set; } = [];
}
