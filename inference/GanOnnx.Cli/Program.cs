using GanOnnx.Audio;
using GanOnnx.Cli;
using GanOnnx.CommandLine;
using GanOnnx.Data;
using GanOnnx.Evaluation;
using GanOnnx.Quantization;
using GanOnnx.Video;

// What other programs' verbs say is read only where it may be shown: every start would take longer.
var isKnown = args.Length > 0 && Verbs.All.Any(verb => verb.Name == args[0]);
return await GanProgram.Run(isKnown ? Verbs.All : [.. Verbs.All, .. OtherProgram.Verbs()], args,
    isBadInput: e => e is DataException or SoundException or VideoException or EvaluationException or QuantizationException)
    .ConfigureAwait(false);
