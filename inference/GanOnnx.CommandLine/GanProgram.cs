using System.CommandLine;
using System.CommandLine.Parsing;
using GanOnnx.Imaging;
using GanOnnx.Inference;
using GanOnnx.Shared;

namespace GanOnnx.CommandLine;

/// <summary>A program of gan: runs the verb that was typed, and turns what goes wrong into a sentence on standard error and an exit
/// code.</summary>
public static class GanProgram
{
    /// <summary>Runs the one of <paramref name="verbs"/> that <paramref name="args"/> name; without any, all verbs are told.</summary>
    /// <param name="isBadInput">Tells which exceptions, besides the inference libraries' own, are the user's to mend.</param>
    public static async Task<int> Run(IReadOnlyList<Verb> verbs, string[] args, Func<Exception, bool>? isBadInput = null)
    {
        OnnxRuntimeTelemetry.TurnOff();
        using var interruption = new Interruption();
        Console.SetError(new TerminalWriter(Console.Error, mayBeGone: () => true));
        Console.SetOut(new TerminalWriter(Console.Out, mayBeGone: () => interruption.IsAsked));
        Terminal.Guard();
        verbs = [.. verbs, Completion.Create()];
        // Not a RootCommand, which would call itself by its file's name; people call it gan.
        var root = new Command("gan") { HelpText.CreateOption(verbs) };
        foreach (var verb in verbs)
            root.Add(verb);
        if (Completion.Suggests(root, args))
            return ExitCode.Done;
        var parsed = root.Parse(args.Length > 0 ? args : ["--help"]);
        if (Fault(parsed, verbs) is { } fault)
        {
            await Console.Error.WriteLineAsync($"gan: {PlainText.Of(fault)}").ConfigureAwait(false);
            return ExitCode.BadInput;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null, // what the parser would do about signals
            }, interruption.Stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("gan: interrupted.").ConfigureAwait(false);
            return ExitCode.Interrupted;
        }
        catch (Exception e) when (IsBadInput(e) || isBadInput?.Invoke(e) == true)
        {
            await Console.Error.WriteLineAsync($"gan: {PlainText.Of(e.Message)}").ConfigureAwait(false);
            return ExitCode.BadInput;
        }
        catch (Exception e) when (Environment.GetEnvironmentVariable("GANONNX_DEBUG") is null)
        {
            await Console.Error.WriteLineAsync($"gan: failed: {e.GetBaseException().Message.Split('\n')[0]} (GANONNX_DEBUG=1 shows where)")
                .ConfigureAwait(false);
            return ExitCode.Failed;
        }
    }

    // What is wrong with the call, or null.
    private static string? Fault(ParseResult parsed, IReadOnlyList<Verb> verbs)
    {
        if (parsed.Action?.ClearsParseErrors == true)
            return null; // help and lists are given whatever else is typed
        if (parsed.CommandResult.Command is not Verb verb)
            return $"There is no verb '{parsed.Tokens[0].Value}'.{Spelling.Meant(parsed.Tokens[0].Value, verbs.Select(v => v.Name))} See: "
                + $"{Hint.Of("--help")}";
        var help = $"See: {Hint.Of(verb.Name, "--help")}";
        if (verb.TreatUnmatchedTokensAsErrors && UnknownOption(parsed) is { } unknown)
            return verb.Options.Any(option => option.Name == unknown) ? $"An option before {unknown} has no value. {help}"
                : $"{verb.Name} has no option {unknown}.{Spelling.Meant(unknown, verb.Options.Select(o => o.Name))} {help}";
        return parsed.Errors.Count > 0 ? $"{Plain(parsed.Errors[0].Message)} {help}" : null;
    }

    // The parser would take it for the first argument, or for a value.
    private static string? UnknownOption(ParseResult parsed) => parsed.Tokens.TakeWhile(token => token.Type != TokenType.DoubleDash)
        .FirstOrDefault(token => token.Type == TokenType.Argument
            && token.Value.StartsWith("--", StringComparison.Ordinal))?.Value.Split('=')[0];

    // The parser names types as .NET does.
    private static string Plain(string message) => message
        .Replace("as expected type 'System.Nullable`1[System.UInt64]'", "as a whole number from 0", StringComparison.Ordinal)
        .Replace("as expected type 'System.Nullable`1[System.Int32]'", "as a whole number", StringComparison.Ordinal)
        .Replace("as expected type 'System.Nullable`1[System.Int64]'", "as a whole number", StringComparison.Ordinal)
        .Replace("as expected type 'System.Nullable`1[System.Double]'", "as a number", StringComparison.Ordinal)
        .Replace("as expected type 'System.Nullable`1[System.Single]'", "as a number", StringComparison.Ordinal);

    // A full disk and a folder that can't be written are the user's to mend too; the system's own sentence names the path.
    private static bool IsBadInput(Exception e) =>
        e is ModelException or ImageException or UsageException or IOException or UnauthorizedAccessException;
}
