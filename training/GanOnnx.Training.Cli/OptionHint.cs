using GanOnnx.CommandLine;

namespace GanOnnx.Training.Cli;

/// <summary>The library says what is missing, the command line how it is given.</summary>
internal static class OptionHint
{
    /// <summary>Runs a verb; an error that an option can mend names it.</summary>
    /// <exception cref="UsageException">An error of the library that an option can mend.</exception>
    public static int With(Func<int> verb)
    {
        try
        {
            return verb();
        }
        catch (TrainingException e) when (e.Option is not null)
        {
            throw new UsageException($"{e.Message} The option is --{e.Option}.");
        }
    }
}
