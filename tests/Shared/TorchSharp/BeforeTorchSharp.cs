using System.Runtime.CompilerServices;
using GanOnnx.Export;

namespace GanOnnx.Tests.Shared;

/// <summary>The tests use TorchSharp before anything of ours.</summary>
internal static class BeforeTorchSharp
{
    [ModuleInitializer]
    internal static void Prepare() => LibTorch.Prepare();
}
