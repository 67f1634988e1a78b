using GanOnnx.Inference;
using GanOnnx.Inference.Runtime;

namespace GanOnnx.ML.Models;

/// <summary>What an <c>MLContext</c> says about devices: <c>GpuDeviceId</c> and <c>FallbackToCpu</c>.</summary>
internal sealed record ContextDevice(int? GpuDeviceId, bool FallbackToCpu)
{
    // A catalog doesn't tell its context but to ML.NET itself, and ApplyOnnxModel looks there; so this does, too. Tests check
    // that it works with the ML.NET at hand.
    public static ContextDevice Of(object catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return Property(catalog, "IInternalCatalog", "Environment") is { } environment
            ? new((int?)Property(environment, "IHostEnvironmentInternal", nameof(GpuDeviceId)),
                (bool?)Property(environment, "IHostEnvironmentInternal", nameof(FallbackToCpu)) ?? false)
            : new(null, false);
    }

    public Device Choose(BatchOptions options) =>
        (options.GpuDeviceId, GpuDeviceId) switch
        {
            ({ } index, _) => options.FallbackToCpu ? Device.AutoAt(index) : Device.CudaAt(index),
            (_, { } index) => FallbackToCpu ? Device.AutoAt(index) : Device.CudaAt(index),
            _ => Device.Cpu,
        };

    // On a GPU runs take turns; a second one under way is copied while the first runs.
    public int Parallelism(BatchOptions options, string provider) =>
        options.Parallelism ?? (provider == Session.Cpu ? Environment.ProcessorCount : 2);

    public int BatchSize(BatchOptions options, string provider) => options.BatchSize ?? (provider == Session.Cpu ? 16 : 64);

    private static object? Property(object owner, string type, string name) =>
        Array.Find(owner.GetType().GetInterfaces(), i => i.Name == type)?.GetProperty(name)?.GetValue(owner);
}
