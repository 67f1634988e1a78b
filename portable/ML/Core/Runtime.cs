namespace Microsoft.ML.Runtime
{
    public interface IHostEnvironment
    {
    }

    internal interface IHostEnvironmentInternal : IHostEnvironment
    {
        int? Seed { get; }

        bool FallbackToCpu { get; set; }

        int? GpuDeviceId { get; set; }
    }
}

namespace Microsoft.ML
{
    public interface ICanSaveModel
    {
        void Save(ModelSaveContext ctx);
    }

    /// <summary>The stand-in has no file format, so there is never one.</summary>
    public sealed class ModelSaveContext : IDisposable
    {
        private ModelSaveContext()
        {
        }

        public void Dispose()
        {
        }
    }

    internal static class Except
    {
        public static Exception SchemaMismatch(string parameter, string role, string column) =>
            new ArgumentOutOfRangeException(parameter, $"Could not find {role} column '{column}'");

        public static Exception SchemaMismatch(string parameter, string role, string column, string expected, string actual) =>
            new ArgumentOutOfRangeException(parameter, $"Schema mismatch for {role} column '{column}': expected {expected}, got {actual}");

        public static Exception NoFileFormat() => new NotSupportedException("The stand-in for ML.NET doesn't have its file format.");
    }
}
