using GanOnnx.Cli;
using GanOnnx.CommandLine;
using GanOnnx.Data;
using GanOnnx.Evaluation;

// What the other program's verbs say is read only where it may be shown: every start would take longer.
var isKnown = args.Length > 0 && Verbs.All.Any(verb => verb.Name == args[0]);
return await GanProgram.Run(isKnown ? Verbs.All : [.. Verbs.All, .. TrainingVerbs.Create()], args,
    isBadInput: e => e is DataException or EvaluationException).ConfigureAwait(false);
