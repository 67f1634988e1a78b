namespace GanOnnx.Inference.Internals;

/// <summary>Every message of the library: what was found, what is expected, what to do.</summary>
internal static class Errors
{
    private const string ExpectedInputs =
        "Inputs z float32 [N, Z] or [N, Z, 1, 1], label int64 [N] and truncation float32 [N] are supported";

    // The file

    public static ModelException NoFile(string path) =>
        new($"There is no file '{path}'. Give an .onnx file or a folder with model.onnx.");

    public static ModelException NoModelInFolder(string path) =>
        new($"The folder '{path}' has no model.onnx. Put one there or give the .onnx file itself.");

    public static ModelException EmptyFile(string path) => new($"'{path}' is empty. Copy or export the model again.");

    public static ModelException Unreadable(string path, Exception e) =>
        new($"'{path}' can't be read: {e.Message.TrimEnd('.')}. Check its permissions.", e);

    public static ModelException Truncated(string path, long size, Exception e) =>
        new($"'{path}' begins like an ONNX model but is cut short or damaged after {size} bytes. Copy or export it again.", e);

    public static ModelException NotOnnx(string path, Exception e) =>
        new($"'{path}' is not an ONNX model. Give a file that was exported to ONNX.", e);

    public static ModelException LfsPointer(string path) =>
        new($"'{path}' is a Git LFS pointer, not the model itself. Fetch it with: git lfs pull");

    public static ModelException UnknownOperator(string path, string name, string domain, Exception e) =>
        new($"'{path}' uses the operator {name} of the domain {domain}, which ONNX Runtime doesn't have. "
            + "Export the model with standard ONNX operators only.", e);

    public static ModelException CantLoad(string path, string reason, Exception e) =>
        new($"ONNX Runtime can't load '{path}': {reason}. Export the model again.", e);

    public static ModelException CantRun(string path, string reason, Exception e) =>
        new($"ONNX Runtime failed to run '{path}': {reason}.", e);

    // The metadata

    public static ModelException UnknownSchema(string schema) =>
        new($"The model's metadata has gan.schema '{schema}'; this version reads schema {ModelMetadata.Schema}. "
            + "Use a newer version, or export the model with this one.");

    public static ModelException UnknownTask(string? task) =>
        new($"The model's metadata has {(task is null ? "no gan.task" : $"gan.task '{task}'")}; "
            + "generate, translate, upscale or score is expected. Export the model again.");

    public static ModelException UnknownDistribution(string distribution) =>
        new($"The model's metadata draws latents from '{distribution}'; normal or uniform is expected. Export the model again.");

    public static ModelException MalformedMetadata(string key, string json, Exception? e) =>
        new($"The model's metadata has a malformed value under {key}: {Shorten(json)} Export the model again.", e);

    public static ModelException WrongRange(int values) =>
        new($"The model's metadata has a pixel range of {values} values; 2 are expected. Export the model again.");

    public static ModelException InFile(string path, ModelException e) => new($"'{path}': {e.Message}", e);

    public static ModelException WrongTask(string path, ModelTask task) =>
        new($"'{path}' is a model to {task.ToString().ToLowerInvariant()}; one to generate is expected. Choose another model.");

    public static ModelException WrongRange(string path, PixelDescription pixels, (float Lowest, float Highest) expected) =>
        new($"'{path}' makes values from {pixels.Lowest} to {pixels.Highest}; {expected.Lowest} to {expected.Highest} is expected. Export it with that range.");

    public static ModelException Contradiction(string path, string says, string shows) =>
        new($"'{path}' contradicts itself: its metadata says {says}, its graph {shows}. Export the model again.");

    public static ModelException LastClassFails(string path, int classes, string reason, Exception e) =>
        new($"'{path}' is said to have {classes} classes but fails for label {classes - 1}: {reason}. "
            + "Correct the classes, or export the model again.", e);

    // The graph

    public static ModelException NoLatentInput(string path, IReadOnlyList<TensorDescription> inputs) =>
        new($"'{path}' has no latent input, only {List(inputs)}. {ExpectedInputs}; export the generator alone.");

    public static ModelException UnexpectedInput(string path, TensorDescription input) =>
        new($"'{path}' has an input that can't be filled: {input}. {ExpectedInputs}; export the generator alone.");

    public static ModelException AmbiguousInputs(string path, IReadOnlyList<TensorDescription> inputs) =>
        new($"'{path}' has several inputs that could be the latent: {List(inputs)}. Give it just one.");

    public static ModelException NoImageOutput(string path, IReadOnlyList<TensorDescription> outputs) =>
        new($"'{path}' has no image output, only {List(outputs)}. "
            + "An output image float32 [N, C, H, W] with 1 or 3 channels is expected; export it so.");

    public static ModelException FixedBatch(string path, string role, TensorDescription tensor) =>
        new($"'{path}' has the {role} {tensor}, whose first axis is fixed. Export it with a dynamic first axis, the batch.");

    public static ModelException UnknownLatentSize(string path, TensorDescription input) =>
        new($"'{path}' doesn't say how long its latent {input} is. Export it with a fixed second axis.");

    public static ModelException WrongImageShape(string path, IEnumerable<long> shape) =>
        new($"'{path}' makes images of shape [{string.Join(", ", shape)}] for a batch of 1; [1, C, H, W] with 1 or 3 channels "
            + "is expected. Export it so.");

    // The device

    public static ModelException NoCuda(string reason, Exception? e) =>
        new($"The device cuda can't be used: {reason}. Mend that, or use the device cpu or auto.", e);

    public static string CudaNotice(string reason) => $"Running on the CPU; CUDA can't be used: {reason}.";

    public static string NoCudaProvider(IEnumerable<string> providers, string library, string folder) =>
        $"this build of ONNX Runtime has no CUDA provider (it has {string.Join(", ", providers)}), and the provider library "
        + $"{library} isn't in {folder}";

    public static string CudaFailed(string reason) =>
        $"the CUDA provider doesn't start ({reason}); it needs an NVIDIA GPU, its driver, CUDA and cuDNN";

    public static string NoCudaDevice(int index, int count) =>
        $"the CUDA provider finds {count switch { 0 => "no GPU", 1 => "1 GPU", _ => $"{count} GPUs" }} here, "
        + $"not one with the index {index}";

    public static string NothingOnCuda() => "no operator next to the model's inputs and outputs runs on it";

    // What was asked for

    public static ModelException WrongCount(int count) => new($"{count} images can't be generated. Ask for at least 1.");

    public static ModelException TooMany(int count, long length) =>
        new($"{count} images of {length} values don't fit one array. "
            + $"Ask for at most {Array.MaxLength / length}, or stream them.");

    public static ModelException NoNativeLibrary(Exception cause) =>
        new("ONNX Runtime's native library isn't beside the app. Add the package Microsoft.ML.OnnxRuntime.Gpu (Windows and Linux x64) "
            + $"or Microsoft.ML.OnnxRuntime to it. ({cause.GetBaseException().Message.Split('\n')[0]})", cause);

    public static ModelException WrongBatchSize(int value, int most) =>
        new($"The option BatchSize is {value}; at most {most} is expected.");

    public static ModelException WrongOption(string name, int value, int least) =>
        new($"The option {name} is {value}; at least {least} is expected.");

    public static ModelException Unconditional(string path) =>
        new($"'{path}' is unconditional: it takes no label. Leave the label out.");

    public static ModelException UnknownClass(ModelDescription model, string name) =>
        new($"'{model.Path}' has no class '{name}'. {Classes(model)}");

    public static ModelException LabelOutOfRange(ModelDescription model, long label) =>
        new($"'{model.Path}' has no class {label}. {Classes(model)}");

    public static ModelException UnknownClasses(string path) =>
        new($"'{path}' is conditional but doesn't say which classes it has. Give a label, or the classes in the options.");

    public static ModelException NoTruncation(string path) =>
        new($"'{path}' takes no truncation. Leave the truncation out.");

    public static ModelException WrongTruncation(float value) => new($"The truncation is {value}; a finite number is expected.");

    public static ModelException WrongLatents(string path, int length, int size) =>
        new($"{length} latent values were given to '{path}'; a multiple of {size}, one latent or more, is expected.");

    public static ModelException WrongLabels(string path, int labels, int latents) =>
        new($"{labels} labels were given to '{path}' with {latents} latents. Give one for each.");

    private static string Classes(ModelDescription model)
    {
        const int Most = 20;
        if (model.Classes.Count == 0)
            return "Its classes have no names; give a number from 0.";

        var names = model.Classes.Take(Most).Select((name, i) => $"{i} {name}");
        var more = model.Classes.Count > Most ? $", and {model.Classes.Count - Most} more" : "";
        return $"Its classes are {string.Join(", ", names)}{more}; give a name or a number.";
    }

    private static string List(IReadOnlyList<TensorDescription> tensors) =>
        tensors.Count == 0 ? "nothing" : string.Join(", ", tensors);

    private static string Shorten(string text) => text.Length > 60 ? $"'{text[..60]}…'." : $"'{text}'.";
}
