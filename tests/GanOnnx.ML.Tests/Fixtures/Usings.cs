global using GanOnnx.Inference;
global using GanOnnx.Inference.Tests.Fixtures;
global using GanOnnx.ML.Tests.Fixtures;
global using Microsoft.ML;
