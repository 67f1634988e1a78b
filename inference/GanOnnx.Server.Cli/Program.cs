using GanOnnx.CommandLine;
using GanOnnx.Server;

return await GanProgram.Run(Verbs.All, args).ConfigureAwait(false);
