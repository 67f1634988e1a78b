global using GanOnnx.Inference;
global using GanOnnx.Tests.Shared.Models;
global using GanOnnx.ML.Tests.Fixtures;
global using Microsoft.ML;
