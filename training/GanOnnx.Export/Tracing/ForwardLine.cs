using System.Diagnostics;
using GanOnnx.Export.Converters;

namespace GanOnnx.Export;

/// <summary>What a <c>forward</c> did that a file can't, and in which line.</summary>
internal static class ForwardLine
{
    public static ExportException ReadsValue(string path) => new(
        $"{ModuleConverters.Named(path)} reads a value that depends on its input, at {Here()}. A file has one path for all inputs, and "
            + "what is read would be the example's. Choose between two values with where, or read it with AsConstant if it is the same for "
            + "every input.");

    public static ExportException DrawsRandomNumbers(string path) => new(
        $"{ModuleConverters.Named(path)} draws random numbers in its forward, at {Here()} or before. A file gives the same for the same "
            + "input. Take them as an input, or draw them once, in the constructor.");

    // The innermost line that isn't of this library.
    private static string Here()
    {
        foreach (var frame in new StackTrace(fNeedFileInfo: true).GetFrames())
            if (frame.GetMethod() is { DeclaringType: { } type } method && type.Assembly != typeof(ForwardLine).Assembly)
                return frame.GetFileName() is { } file ? $"{Path.GetFileName(file)}, line {frame.GetFileLineNumber()}"
                    : $"{type.Name}.{method.Name}";
        return "a line that isn't known";
    }
}
