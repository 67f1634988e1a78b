global using GanOnnx.Inference;
global using GanOnnx.ML.Tests.Fixtures;
global using GanOnnx.Tests.Shared.Models;
global using Microsoft.ML;
