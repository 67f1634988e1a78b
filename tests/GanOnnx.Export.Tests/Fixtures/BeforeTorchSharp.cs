using System.Runtime.CompilerServices;

namespace GanOnnx.Export.Tests.Fixtures;

/// <summary>The tests use TorchSharp before anything of ours.</summary>
internal static class BeforeTorchSharp
{
    [ModuleInitializer]
    internal static void Prepare() => LibTorch.Prepare();
}
