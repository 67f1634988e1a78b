using System.Runtime.CompilerServices;
using GanOnnx.Export;

namespace GanOnnx.Training;

/// <summary>Prepares libtorch before anything here touches it.</summary>
internal static class Initialization
{
    // A library of ours that touches TorchSharp can't know which of its members a program calls first.
#pragma warning disable CA2255 // Use module initializers in applications only
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Initialize() => LibTorch.Prepare();
}
