using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML
{
    public sealed class MLContext : IHostEnvironmentInternal
    {
        private readonly LocalEnvironment _environment;

        public MLContext(int? seed = null)
        {
            _environment = new(seed);
            Transforms = new(_environment);
            Data = new(_environment);
            Model = new(_environment);
        }

        public TransformsCatalog Transforms { get; }

        public DataOperationsCatalog Data { get; }

        public ModelOperationsCatalog Model { get; }

        public bool FallbackToCpu
        {
            get => _environment.FallbackToCpu;
            set => _environment.FallbackToCpu = value;
        }

        public int? GpuDeviceId
        {
            get => _environment.GpuDeviceId;
            set => _environment.GpuDeviceId = value;
        }

        int? IHostEnvironmentInternal.Seed => _environment.Seed;
    }

    public sealed class TransformsCatalog : IInternalCatalog
    {
        private readonly IHostEnvironment _environment;

        internal TransformsCatalog(IHostEnvironment environment) => _environment = environment;

        IHostEnvironment IInternalCatalog.Environment => _environment;
    }

    internal sealed class LocalEnvironment(int? seed) : IHostEnvironmentInternal
    {
        public int? Seed => seed;

        public bool FallbackToCpu { get; set; }

        public int? GpuDeviceId { get; set; }
    }
}

namespace Microsoft.ML.Data
{
    internal interface IInternalCatalog
    {
        IHostEnvironment Environment { get; }
    }
}
