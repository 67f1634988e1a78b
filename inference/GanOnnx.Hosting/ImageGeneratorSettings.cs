using GanOnnx.Inference;

namespace GanOnnx.Hosting;

/// <summary>Which model an app's image generator has, and how it is run.</summary>
/// <remarks>
/// In a configuration section, <see cref="Model"/>, <see cref="LoadAtStart"/> and the properties of
/// <see cref="ImageGeneratorOptions"/> stand side by side:
/// <code>
/// "ImageGenerator": { "Model": "models/faces.onnx", "Device": "cuda:1", "BatchSize": 32, "QueueLimit": 500, "MaxQueueDelay": "00:00:00.005"
/// }
/// </code>
/// A key that none of them has is an error. What is wrong, all of it in one message, ends the start of an app with a host; in
/// one without, it is thrown when the generator is first asked for. Later changes of the configuration mean nothing.
/// </remarks>
public sealed class ImageGeneratorSettings
{
    /// <summary>
    /// An .onnx file, or a folder with <c>model.onnx</c>. A relative path begins at the host's content root, or at the current
    /// folder where there is no host. Required.
    /// </summary>
    public string Model { get; set; } = "";

    /// <summary>How the model is run. The default is that of <see cref="ImageGenerator.Load"/>.</summary>
    public ImageGeneratorOptions Generator { get; set; } = new();

    /// <summary>
    /// Whether the host, when it starts, loads the model and makes an image with it: the first request then finds it ready, and a
    /// model that doesn't work ends the start. The default is true. Otherwise that is the first to ask for the generator.
    /// </summary>
    public bool LoadAtStart { get; set; } = true;

    // What the configuration section has that can't be read; told with what is out of its range.
    internal List<string> Unreadable { get; } = [];
}
