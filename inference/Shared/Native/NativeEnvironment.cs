using System.Runtime.InteropServices;

namespace GanOnnx.Shared;

/// <summary>Environment variables as native libraries see them; .NET's own are a copy that they don't.</summary>
internal static partial class NativeEnvironment
{
    /// <summary>Sets a variable unless it is set.</summary>
    public static void SetDefault(string name, string value)
    {
        if (Environment.GetEnvironmentVariable(name) is not null)
            return;
        Environment.SetEnvironmentVariable(name, value); // for processes that this one starts
        if (OperatingSystem.IsWindows())
            _ = PutEnvironment(name, value);
        else
            _ = SetEnvironment(name, value, overwrite: 0);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);

    [LibraryImport("ucrtbase", EntryPoint = "_putenv_s", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int PutEnvironment(string name, string value);
}
