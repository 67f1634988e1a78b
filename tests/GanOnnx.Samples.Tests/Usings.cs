global using GanOnnx.Inference;
global using GanOnnx.Tests.Shared.Models;
