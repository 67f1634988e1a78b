namespace GanOnnx.Shared;

/// <summary>
/// From 1.29 on ONNX Runtime sends figures of each process, names of models among them, to Microsoft, and keeps a device's number in
/// the user's folder. Whoever uses GanOnnx didn't ask for that.
/// </summary>
internal static class OnnxRuntimeTelemetry
{
    /// <summary>Turns it off in this process, unless the variable says otherwise. ONNX Runtime reads it once: this comes before the first
    /// call of it.</summary>
    public static void TurnOff() => NativeEnvironment.SetDefault("ORT_DISABLE_TELEMETRY", "1");
}
