using System.CommandLine;
using System.CommandLine.Help;
using GanOnnx.Imaging;
using GanOnnx.Inference;

namespace GanOnnx.Cli.Terminal;

/// <summary>Runs a command line and turns what goes wrong into a sentence on standard error and an exit code.</summary>
internal static class CommandLine
{
    // After Ctrl-C, a step and a checkpoint may take this long before the process is ended.
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(1);

    /// <summary>Runs the one of <paramref name="verbs"/> that <paramref name="args"/> name.</summary>
    /// <param name="isBadInput">Tells which exceptions, besides the inference libraries' own, are the user's to mend.</param>
    public static async Task<int> Run(string description, IReadOnlyList<Command> verbs, string[] args, Func<Exception, bool>? isBadInput = null)
    {
        // Not a RootCommand, which would call itself by its file's name; people call it gan.
        var root = new Command("gan", description) { new HelpOption() };
        foreach (var verb in verbs)
            root.Add(verb);
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            await Console.Error.WriteLineAsync($"gan: {Plain(parsed.Errors[0].Message)} See: gan {string.Join(' ', args.Take(1))} --help").ConfigureAwait(false);
            return ExitCode.BadInput;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = _patience,
            }).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("gan: interrupted.").ConfigureAwait(false);
            return ExitCode.Interrupted;
        }
        catch (Exception e) when (IsBadInput(e) || isBadInput?.Invoke(e) == true)
        {
            await Console.Error.WriteLineAsync($"gan: {e.Message}").ConfigureAwait(false);
            return ExitCode.BadInput;
        }
        catch (Exception e) when (Environment.GetEnvironmentVariable("GANONNX_DEBUG") is null)
        {
            await Console.Error.WriteLineAsync($"gan: failed: {e.GetBaseException().Message.Split('\n')[0]} (GANONNX_DEBUG=1 shows where)").ConfigureAwait(false);
            return ExitCode.Failed;
        }
    }

    // The parser names types as .NET does.
    private static string Plain(string message) => message
        .Replace("as expected type 'System.Nullable`1[System.UInt64]'", "as a whole number from 0", StringComparison.Ordinal)
        .Replace("as expected type 'System.Nullable`1[System.Int32]'", "as a whole number", StringComparison.Ordinal)
        .Replace("as expected type 'System.Nullable`1[System.Double]'", "as a number", StringComparison.Ordinal)
        .Replace("as expected type 'System.Nullable`1[System.Single]'", "as a number", StringComparison.Ordinal);

    // A full disk and a folder that can't be written are the user's to mend too; the system's own sentence names the path.
    private static bool IsBadInput(Exception e) =>
        e is ModelException or ImageException or UsageException or IOException or UnauthorizedAccessException;
}

/// <summary>The command line asks for something that can't be done; the message says what and what to do.</summary>
internal sealed class UsageException(string message) : Exception(message);
