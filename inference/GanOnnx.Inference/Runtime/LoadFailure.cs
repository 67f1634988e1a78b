using System.Text.RegularExpressions;
using Microsoft.ML.OnnxRuntime;

namespace GanOnnx.Inference.Runtime;

/// <summary>Turns what ONNX Runtime says about a model it refuses into our words.</summary>
internal static partial class LoadFailure
{
    public static ModelException Explain(string path, OnnxRuntimeException e)
    {
        foreach (var pattern in (Regex[])[UnregisteredOperator(), UnknownStandardOperator(), UnimplementedOperator()])
            if (pattern.Match(e.Message) is { Success: true } match)
                return Errors.UnknownOperator(path, match.Groups["name"].Value, Domain(match.Groups["domain"].Value), e);

        return Explain(NewerOpset(), m => Errors.NewerOpset(path, Text(m, "domain"), Text(m, "found"), Text(m, "most"), e))
            ?? Explain(NewerFormat(), m => Errors.NewerFormat(path, Text(m, "found"), Text(m, "most"), e))
            ?? Errors.CantLoad(path, Reason(e), e);

        ModelException? Explain(Regex pattern, Func<Match, ModelException> explain) =>
            pattern.Match(e.Message) is { Success: true } match ? explain(match) : null;

        static string Text(Match match, string group) => match.Groups[group].Value;
    }

    /// <summary>The first line of a message, without ONNX Runtime's error code, preambles and full stop.</summary>
    public static string Reason(Exception e)
    {
        var line = Preamble().Replace(e.Message.Split('\n', 2)[0], "");
        return FailedNode().Replace(Place().Replace(line, ""), "the operator ${op} says ").Trim().TrimEnd('.');
    }

    private static string Domain(string domain) => domain.Length == 0 ? "ai.onnx" : domain;

    // "Fatal error: my.domain:MyOperator(-1) is not a registered function/op"
    [GeneratedRegex(@"Fatal error: (?<domain>[^\s:]*):(?<name>\w+)\(-?\d+\) is not a registered function/op")]
    private static partial Regex UnregisteredOperator();

    // "No Op registered for MyOperator with domain_version of 17"
    [GeneratedRegex(@"No Op registered for (?<name>\w+) with domain_version of (?<domain>)")]
    private static partial Regex UnknownStandardOperator();

    // "Could not find an implementation for MyOperator(1) node with name ''"
    [GeneratedRegex(@"Could not find an implementation for (?<domain>)(?<name>\w+)\(\d+\) node")]
    private static partial Regex UnimplementedOperator();

    // "Opset 99 is under development … Current official support for domain ai.onnx is till opset 26."
    [GeneratedRegex(@"Opset (?<found>\d+) is under development.* domain (?<domain>\S+) is till opset (?<most>\d+)")]
    private static partial Regex NewerOpset();

    [GeneratedRegex(@"Unsupported model IR version: (?<found>\d+), max supported IR version: (?<most>\d+)")]
    private static partial Regex NewerFormat();

    // Where in ONNX Runtime's source it went wrong: "/…/model.cc:181 onnxruntime::Model::Model(…) ", "tensorprotoutils.cc:453 Name "
    [GeneratedRegex(@"^\S+\.(cc|h|cpp|cu):\d+ ([^()']*[\w>]\((?:[^()]|\([^()]*\))*\)\s|\w+\s)?")]
    private static partial Regex Place();

    [GeneratedRegex(@"^\[ErrorCode:\w+\]\s*(Load model from .* failed:)?\s*")]
    private static partial Regex Preamble();

    [GeneratedRegex(@"^Non-zero status code returned while running (?<op>\w+) node\. Name:'[^']*' "
        + @"Status Message:\s*(\S+\.(cc|h|cpp|cu):\d+ .*\)\s)?")]
    private static partial Regex FailedNode();
}
