using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace GanOnnx.Training.Distributed;

/// <summary>Workers that MPI started and connects: Open MPI 4 (libmpi.so.40), as Debian and most clusters have it.</summary>
/// <remarks>MPI Forum: "MPI: A Message-Passing Interface Standard", version 3.1, 2015, https://www.mpi-forum.org/docs/.</remarks>
internal sealed unsafe partial class Mpi : ICommunicator
{
    private const string Library = "libmpi.so.40";
    private const int AllThreads = 3, Tag = 7, LongestName = 256, LargestPart = 1 << 30;

    // Open MPI's handles are addresses of what its library exports.
    private readonly nint _world, _byte;

    private Mpi(nint library)
    {
        (_world, _byte) = (NativeLibrary.GetExport(library, "ompi_mpi_comm_world"), NativeLibrary.GetExport(library, "ompi_mpi_byte"));
        int granted, rank, count, length;
        Check(MPI_Init_thread(null, null, AllThreads, &granted));
        Check(MPI_Comm_rank(_world, &rank));
        Check(MPI_Comm_size(_world, &count));
        var name = stackalloc byte[LongestName];
        Check(MPI_Get_processor_name(name, &length));
        (Rank, Count, Host) = (rank, count, Encoding.UTF8.GetString(name, length));
    }

    public int Rank { get; }

    public int Count { get; }

    public string Host { get; }

    /// <summary>How many processes were started together with this one: by mpirun, or by Slurm's srun with PMI. 1 where it was started
    /// alone.</summary>
    public static int Started =>
        Number("OMPI_COMM_WORLD_SIZE") ?? Number("PMI_SIZE")
        // A batch script has the number of tasks as well; its tasks alone have a rank.
        ?? ((Number("PMIX_RANK") ?? Number("PMI_RANK")) is not null ? Number("SLURM_NTASKS") : null) ?? 1;

    /// <summary>Connects this process with those that were started together with it.</summary>
    /// <exception cref="TrainingException">There is no Open MPI 4, or it doesn't find the others.</exception>
    public static Mpi Join()
    {
        if (!NativeLibrary.TryLoad(Library, out var library))
            throw new TrainingException($"{Started} processes were started together, but {Library}, which connects them, can't be loaded. "
                + "Install Open MPI 4 (Debian's package libopenmpi3), or start one process.");
        var joined = new Mpi(library);
        return joined.Count == Started ? joined
            : throw new TrainingException($"{Started} processes were started together, but Open MPI finds {joined.Count}. Start them with "
                + "its own mpirun, or with srun --mpi=pmix.");
    }

    public void Exchange(int partner, ReadOnlySpan<byte> sent, Span<byte> received)
    {
        if (sent.Length != received.Length)
            throw new ArgumentException($"{sent.Length} bytes are sent, but {received.Length} expected.", nameof(received));
        for (var start = 0; start < sent.Length; start += LargestPart)
        {
            var length = Math.Min(LargestPart, sent.Length - start);
            fixed (byte* from = sent[start..], to = received[start..])
                Check(MPI_Sendrecv(from, length, _byte, partner, Tag, to, length, _byte, partner, Tag, _world, null));
        }
    }

    public void Leave() => Check(MPI_Finalize());

    public void Abort(int code) => _ = MPI_Abort(_world, code);

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;

    // MPI itself ends all processes where anything goes wrong, so this is for other versions.
    private static void Check(int error)
    {
        if (error != 0)
            throw new TrainingException($"MPI failed with its error {error}.");
    }

    [LibraryImport(Library)]
    private static partial int MPI_Init_thread(int* argumentCount, byte*** arguments, int required, int* granted);

    [LibraryImport(Library)]
    private static partial int MPI_Comm_rank(nint communicator, int* rank);

    [LibraryImport(Library)]
    private static partial int MPI_Comm_size(nint communicator, int* size);

    [LibraryImport(Library)]
    private static partial int MPI_Get_processor_name(byte* name, int* length);

    [LibraryImport(Library)]
    private static partial int MPI_Sendrecv(void* sent, int sentCount, nint sentType, int to, int sentTag,
        void* received, int receivedCount, nint receivedType, int from, int receivedTag, nint communicator, void* status);

    [LibraryImport(Library)]
    private static partial int MPI_Finalize();

    [LibraryImport(Library)]
    private static partial int MPI_Abort(nint communicator, int code);
}
