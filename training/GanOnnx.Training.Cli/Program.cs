using GanOnnx.CommandLine;
using GanOnnx.Data;
using GanOnnx.Evaluation;
using GanOnnx.Export;
using GanOnnx.Quantization;
using GanOnnx.Training;
using GanOnnx.Training.Cli;
using GanOnnx.Training.Distributed;

var code = await GanProgram.Run(Verbs.All, args,
    isBadInput: e => e is TrainingException or ExportException or QuantizationException or DataException or EvaluationException)
    .ConfigureAwait(false);
Workers.Current.Leave(code);
return code;
