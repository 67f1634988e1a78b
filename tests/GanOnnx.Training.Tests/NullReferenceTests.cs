using GanOnnx.Export.Running;
using static TorchSharp.torch;

namespace GanOnnx.Training.Tests;

/// <summary>On processors with AMX, a process whose oneDNN had used it died here.</summary>
public sealed class NullReferenceTests
{
    [Test]
    public void A_null_reference_is_an_exception_after_convolutions_in_bfloat16()
    {
        using (NewDisposeScope())
        using (ComputePrecision.Use(ScalarType.BFloat16))
            ComputePrecision.conv2d(randn(8, 64, 32, 32), randn(64, 64, 3, 3), null, [1, 1], [1, 1], [1, 1], 1);
        string? nothing = Environment.GetEnvironmentVariable("GANONNX_THAT_NOBODY_SETS");

        Assert.That(() => nothing!.Length, Throws.TypeOf<NullReferenceException>());
    }
}
