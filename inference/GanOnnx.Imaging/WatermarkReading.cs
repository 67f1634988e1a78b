namespace GanOnnx.Imaging;

/// <summary>A watermark that was found in a picture.</summary>
/// <param name="Payload">Its 32 bits.</param>
/// <param name="Agreement">How well the picture agrees with them, from 0.8, less of which is none, to 1.</param>
/// <param name="Scale">How many times as large the picture is as when it was marked, as near as it was looked for.</param>
public sealed record WatermarkReading(uint Payload, double Agreement, double Scale);
