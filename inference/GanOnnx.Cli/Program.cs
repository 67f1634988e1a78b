using GanOnnx.Cli;
using GanOnnx.CommandLine;

return await GanProgram.Run([.. Verbs.All, .. TrainingVerbs.Create()], args).ConfigureAwait(false);
