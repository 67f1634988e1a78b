global using GanOnnx.Inference;
global using GanOnnx.Inference.Tests.Fixtures;
