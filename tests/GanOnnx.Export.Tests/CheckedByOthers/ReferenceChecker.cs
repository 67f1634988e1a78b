using System.Diagnostics;
using GanOnnx.Onnx;

namespace GanOnnx.Export.Tests.CheckedByOthers;

/// <summary>ONNX's own checker with full shape inference, in one Python process for all files.</summary>
internal sealed class ReferenceChecker : IDisposable
{
    // Debian's onnx 1.12 knows operator sets up to 17.
    private const int NewestOpset = 17;

    private const string Program =
        """
        import sys, onnx
        print("ready", flush=True)
        for path in sys.stdin:
            try:
                onnx.checker.check_model(path.rstrip("\n"), full_check=True)
                print("ok", flush=True)
            except Exception as error:
                print(repr(error), flush=True)
        """;

    private readonly Process? _python;

    private ReferenceChecker(Process? python) => _python = python;

    /// <summary>What to do where the checker is absent.</summary>
    public const string Remedy = "Exported files weren't checked by ONNX's own checker: Python has no package onnx. On Debian: apt-get "
        + "install python3-onnx.";

    public bool IsThere => _python is not null;

    public static ReferenceChecker Start()
    {
        var start = new ProcessStartInfo(File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3", ["-c", Program])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            var python = Process.Start(start)!;
            python.ErrorDataReceived += (_, _) => { };
            python.BeginErrorReadLine();
            return new ReferenceChecker(python.StandardOutput.ReadLine() == "ready" ? python : null);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return new ReferenceChecker(null);
        }
    }

    /// <summary>Throws what the checker says against a file.</summary>
    public void Check(string path, ModelProto model)
    {
        if (_python is null || model.OpsetImport[0].Version > NewestOpset)
            return;
        _python.StandardInput.WriteLine(path);
        _python.StandardInput.Flush();
        var answer = _python.StandardOutput.ReadLine();
        if (answer != "ok")
            throw new InvalidDataException($"ONNX's checker refuses {Path.GetFileName(path)}: {answer ?? "it has ended"}");
    }

    public void Dispose()
    {
        _python?.StandardInput.Close();
        _python?.WaitForExit();
        _python?.Dispose();
    }
}
