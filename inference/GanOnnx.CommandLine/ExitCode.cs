namespace GanOnnx.CommandLine;

/// <summary>What the programs return.</summary>
public static class ExitCode
{
    /// <summary>It is done.</summary>
    public const int Done = 0;

    /// <summary>It failed through no fault of the call.</summary>
    public const int Failed = 1;

    /// <summary>The call or its input is wrong.</summary>
    public const int BadInput = 2;

    /// <summary>It was ended by Ctrl-C or a signal.</summary>
    public const int Interrupted = 130;

    /// <summary>The codes in a sentence for people.</summary>
    public const string Meaning = "0 done, 1 failed, 2 wrong usage or bad input, 130 interrupted.";
}
