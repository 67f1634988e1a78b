using GanOnnx.Export.Tests.CheckedByOthers;
using GanOnnx.Onnx;
using Google.Protobuf;

namespace GanOnnx.Export.Tests;

/// <summary>
/// Every file that a test exports is checked when the test ends, and the test fails with it: by ONNX's own checker, and
/// by ONNX Runtime at every optimization level.
/// </summary>
[SetUpFixture]
public sealed class EveryExportedFile
{
    private static readonly HashSet<string> _seen = [];
    private static readonly Lock _lock = new();

    internal static ReferenceChecker Checker { get; private set; } = null!;

    internal static int Checked => _seen.Count;

    [OneTimeSetUp]
    public void Start()
    {
        Checker = ReferenceChecker.Start();
        TemporaryFolder.Closing = CheckAll;
    }

    [OneTimeTearDown]
    public void Stop() => Checker.Dispose();

    internal static void CheckAll(string folder)
    {
        lock (_lock)
            foreach (var path in Directory.GetFiles(folder, "*.onnx", SearchOption.AllDirectories))
                if (Exported(path) is { } model)
                {
                    Checker.Check(path, model);
                    OptimizationLevels.Check(path, model);
                }
    }

    // Some tests put other files in an exported one's place. What was checked once isn't checked again.
    private static ModelProto? Exported(string path)
    {
        var content = File.ReadAllBytes(path);
        try
        {
            var model = ModelProto.Parser.ParseFrom(content);
            return model.ProducerName == "GanOnnx" && _seen.Add(Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(content)))
                ? model : null;
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }
}
