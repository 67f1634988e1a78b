using GanOnnx.Inference.Inputs;

namespace GanOnnx.Inference;

/// <summary>Every message of the library: what was found, what is expected, what to do.</summary>
internal static class Errors
{
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

    public static ModelException NewerOpset(string path, string domain, string found, string most, Exception e) =>
        new($"'{path}' uses opset {found} of {domain}; this ONNX Runtime knows up to {most}. Export the model with an older opset.", e);

    public static ModelException NewerFormat(string path, string found, string most, Exception e) =>
        new($"'{path}' has version {found} of the ONNX format (IR); this ONNX Runtime reads up to {most}. Export the model for "
            + "an older one.", e);

    public static ModelException CantLoad(string path, string reason, Exception e) =>
        new($"ONNX Runtime can't load '{path}': {reason}. Export the model again.", e);

    public static ModelException CantRun(string path, string reason, Exception e) =>
        new($"ONNX Runtime failed to run '{path}': {reason}.", e);

    public static ModelException Refused(string path, IReadOnlyList<string> findings) =>
        // Those about weights beside the file say all of it.
        new(findings[0].StartsWith($"'{path}'", StringComparison.Ordinal) ? findings[0]
            : $"'{path}' isn't loaded, for it could harm this process: {findings[0]}"
                + (findings.Count > 1 ? $" {findings.Count - 1} more were found." : "") + " Export it again, or don't use it.");

    public static ModelException TooLarge(string path, Exception e) =>
        new($"'{path}' takes or makes tensors that no memory holds. Export it again, or don't use it.", e);

    public static ModelException ChangedMeanwhile(string path) =>
        new($"The weights beside '{path}' were written while they were loaded. Load it again when they are whole.");

    public static ModelException LoadingTakesTooLong(string path, TimeSpan? longest, Func<string, string> called, Exception e) =>
        new($"'{path}' wasn't loaded within {longest}, the most that {called(nameof(ModelOptions.Timeout))} allows. "
            + "Allow more, or don't use it.", e);

    public static ModelException RunTakesTooLong(string path, TimeSpan? longest, Func<string, string> called, Exception e) =>
        new($"A run of '{path}' was ended after {longest}, the most that {called(nameof(ModelOptions.Timeout))} allows. "
            + "Allow more, or don't use it.", e);

    // The metadata

    public static ModelException UnknownSchema(string schema) =>
        new($"The model's metadata has gan.schema '{schema}'; this version reads schema {ModelMetadata.Schema}. "
            + "Use a newer version, or export the model with this one.");

    public static ModelException UnknownTask(string? task) =>
        new($"The model's metadata has {(task is null ? "no gan.task" : $"gan.task '{task}'")}; "
            + "generate, text-to-image, translate, upscale or score is expected. Export the model again.");

    public static ModelException UnknownDistribution(string distribution) =>
        new($"The model's metadata draws latents from '{distribution}'; normal or uniform is expected. Export the model again.");

    public static ModelException MalformedMetadata(string key, string json, Exception? e) =>
        new($"The model's metadata has a malformed value under {key}: {Shorten(json)} Export the model again.", e);

    public static ModelException WrongRange(int values) =>
        new($"The model's metadata has a pixel range of {values} values; 2 are expected. Export the model again.");

    public static ModelException InFile(string path, ModelException e) => new($"'{path}': {e.Message}", e);

    public static ModelException WrongTask(string path, ModelTask task, string verb) =>
        new($"'{path}' is a model to {Words(task)}; one to {verb} is expected. Choose another model.");

    public static ModelException UnknownChannels(string path, string channels) =>
        new($"'{path}': The model's metadata says the channels are '{channels}'; rgb, bgr or grey is expected. Export the model again.");

    public static ModelException Contradiction(string path, string says, string shows) =>
        new($"'{path}' contradicts itself: its metadata says {says}, its graph {shows}. Export the model again.");

    public static ModelException LastClassFails(string path, int classes, string reason, Exception e) =>
        new($"'{path}' is said to have {classes} classes but fails for label {classes - 1}: {reason}. "
            + "Correct the classes, or export the model again.", e);

    // The graph

    public static ModelException NoLatentInput(string path, IReadOnlyList<TensorDescription> inputs) =>
        new($"'{path}' has no latent input, only {List(inputs)}. {ModelInputs.Supported}; export the generator alone.");

    public static ModelException UnexpectedInput(string path, TensorDescription input) =>
        new($"'{path}' has an input that can't be filled: {input}. {ModelInputs.Supported}; export the generator alone.");

    public static ModelException AmbiguousInputs(string path, IReadOnlyList<TensorDescription> inputs) =>
        new($"'{path}' has several inputs that could be the latent: {List(inputs)}. Give it just one.");

    public static ModelException NoImageOutput(string path, IReadOnlyList<TensorDescription> outputs) =>
        new($"'{path}' has no image output, only {List(outputs)}. "
            + "An output image float32 [N, C, H, W] with 1, 3 or 4 channels is expected; export it so.");

    public static ModelException NoSoundOutput(string path, IReadOnlyList<TensorDescription> outputs) =>
        new($"'{path}' has no sound output, only {List(outputs)}. "
            + "An output audio float32 [N, C, S] with 1 or 2 channels and a fixed length is expected; export it so.");

    public static ModelException NoSoundMetadata(string path) =>
        new($"'{path}' doesn't say that it makes sounds: it has no metadata of GanOnnx. Choose a model whose task is sound.");

    public static ModelException NoRate(string path) =>
        new($"'{path}' doesn't say how many values its sounds have a second, {AudioDescription.LowestRate:N0} to {AudioDescription.HighestRate:N0}. "
            + "Export it again, with gan.audio as {\"rate\":8000}.");

    public static ModelException NoVideoOutput(string path, IReadOnlyList<TensorDescription> outputs) =>
        new($"'{path}' has no output of clips, only {List(outputs)}. "
            + "An output video float32 [N, T, C, H, W] with 1, 3 or 4 channels and fixed lengths is expected; export it so.");

    public static ModelException NoVideoMetadata(string path) =>
        new($"'{path}' doesn't say that it makes clips: it has no metadata of GanOnnx. Choose a model whose task is video.");

    public static ModelException NoFrameRate(string path) =>
        new(FormattableString.Invariant($"'{path}' doesn't say how many frames its clips have a second, {VideoDescription.LowestRate} to ")
            + FormattableString.Invariant($"{VideoDescription.HighestRate}. Export it again, with gan.video as {{\"framesPerSecond\":8}}."));

    public static ModelException SeveralBatches(string path, IReadOnlyList<TensorDescription> tensors) =>
        new($"'{path}' has first axes of different lengths: {List(tensors)}. The first axis is the batch; export them with the same.");

    public static ModelException NoRows(string path, IReadOnlyList<TensorDescription> tensors) =>
        new($"'{path}' takes batches of no images: {List(tensors)}. The first axis is the batch; export them with it open.");

    public static ModelException TooManyRows(string path, IReadOnlyList<TensorDescription> tensors, int most) =>
        new($"'{path}' takes batches of exactly {tensors.Max(t => t.Axes[0].Length)} images: {List(tensors)}. At most {most} are possible; "
            + "export it with the first axis open.");

    public static ModelException OtherBatch(string path, int size, int asked, ModelOptions options) =>
        new($"'{path}' takes batches of exactly {size}; {options.Called(nameof(options.BatchSize))} is {asked}. Leave it out.");

    public static ModelException BatchTooLarge(string path, int size, bool isFixed, long bytes, ModelOptions options) =>
        new($"A batch of {size} of '{path}' takes {size * bytes / 1e9:0.0} GB; at most {int.MaxValue / 1e9:0.0} GB is possible. "
            + (isFixed ? "Export it with the first axis open."
                : $"Set {options.Called(nameof(options.BatchSize))} to {int.MaxValue / bytes} or less."));

    public static ModelException NoImageInput(string path, IReadOnlyList<TensorDescription> inputs) =>
        new($"'{path}' takes {List(inputs)}; one image, float32 or uint8 [N, C, H, W] or [N, H, W, C] with 1, 3 or 4 channels, is expected. "
            + "Choose another model.");

    public static ModelException UnknownShape(
        string path, TensorDescription tensor, ImageShape? given, Func<string, string> option)
    {
        var shape = option(nameof(PixelFormat.Shape));
        return given is not null ? new($"'{path}' has flat images, {tensor}, which are not {given}. Correct {shape}.")
            : tensor.Axes.Count == 2
                ? new($"'{path}' has flat images, {tensor}. Give the shape of one with {shape}, as 3 × 64 × 64.")
                : new($"'{path}' has {tensor}, which may be a sequence. If it is an image, give its shape with {shape}, "
                    + "as 1 × 64 × 64.");
    }

    public static ModelException OtherShape(
        string path, IReadOnlyList<TensorDescription> tensors, ImageShape given, Func<string, string> option) =>
        new($"'{path}' has no image output of {given}, only {List(tensors)}. "
            + $"Correct {option(nameof(PixelFormat.Shape))} or leave it out.");

    public static ModelException UnknownRange(string path, TensorDescription tensor, Func<string, string> option) =>
        new($"'{path}' doesn't say which values of {tensor} are black and white. "
            + $"Give them with {option(nameof(PixelFormat.Range))}: -1 to 1, 0 to 1 or 0 to 255.");

    public static ModelException WrongChannels(
        string path, TensorDescription tensor, ChannelOrder channels, Func<string, string> option) =>
        new($"'{path}' has {tensor}, which can't be {channels.ToString().ToLowerInvariant()}. "
            + $"Correct {option(nameof(PixelFormat.Channels))} or leave it out.");

    public static ModelException UnknownLatentSize(string path, TensorDescription input) =>
        new($"'{path}' doesn't say how long its latent {input} is. Export it with a fixed second axis.");

    public static ModelException OtherStyleSize(string path, TensorDescription style, int size) =>
        new($"'{path}' has {style} beside latents of {size} values. Export it with latents of one size.");

    public static ModelException WrongImageShape(string path, IEnumerable<long> shape, int rows) =>
        new($"'{path}' makes images of shape [{string.Join(", ", shape)}] for a batch of {rows}; [{rows}, C, H, W] with 1, 3 or 4 channels "
            + "is expected. Export it so.");

    // The device

    public static FormatException UnknownDevice(string text) =>
        new($"'{text}' is no device. Give auto, cpu, cuda, or one of several GPUs as cuda:1, counted from 0.");

    public static ModelException NoCuda(Device device, string reason, Exception? e) =>
        new($"The device {device} can't be used: {reason}. Mend that, or use the device cpu or auto.", e);

    public static string CudaNotice(string reason) => $"Running on the CPU; CUDA can't be used: {reason}.";

    public static string NoCudaProvider(IEnumerable<string> providers) =>
        $"this build of ONNX Runtime has no CUDA provider (it has {string.Join(", ", providers)}); the package "
        + "Microsoft.ML.OnnxRuntime.Gpu has it for Windows and Linux x64";

    public static string CudaFailed(string reason) =>
        $"the CUDA provider doesn't start ({reason}); it needs an NVIDIA GPU, its driver, CUDA and cuDNN";

    public static string NothingOnCuda() => "no operator next to the model's inputs and outputs runs on it";

    // What was asked for

    public static ModelException WrongCount(int count) => new($"{count} images can't be generated. Ask for at least 1.");

    public static ModelException TooMany(int count, long length) =>
        new($"{count} images of {length} values don't fit one array. "
            + $"Ask for at most {Array.MaxLength / length}, or stream them.");

    public static ModelException NoNativeLibrary(Exception cause) =>
        new("ONNX Runtime's native library isn't beside the app. Add the package Microsoft.ML.OnnxRuntime.Gpu (Windows and Linux x64) "
            + $"or Microsoft.ML.OnnxRuntime to it. ({cause.GetBaseException().Message.Split('\n')[0]})", cause);

    public static ModelException OptionTooLow(string option, long value, long least) =>
        new($"{Sentence(option)} is {value}; at least {least} is expected.");

    public static ModelException OptionTooHigh(string option, string value, string most) =>
        new($"{Sentence(option)} is {value}; at most {most} is expected.");

    public static ModelException WrongTime(string option, TimeSpan time, TimeSpan least, TimeSpan most) =>
        new($"{Sentence(option)} is {time}; {(least == TimeSpan.Zero ? "0" : least)} to {most} is expected.");

    public static ModelException WrongRange(string option, float lowest, float highest) =>
        new($"{Sentence(option)} is {lowest} to {highest}; two numbers, the lower one first, are expected.");

    public static ModelException WrongRange(string path, PixelDescription pixels) =>
        new($"'{path}': The model's metadata has pixels of {pixels.Lowest} to {pixels.Highest}; two numbers, the lower one first, are "
            + "expected. Export the model again.");

    public static ModelException WrongShape(string option, ImageShape shape) =>
        new($"{Sentence(option)} is {shape}; 1, 3 or 4 channels, and a height and a width of at least 1 are expected.");

    public static ObjectDisposedException Closed(string path) => new(null, $"'{path}' is closed. Load the model again.");

    public static QueueFullException QueueFull(int count, int waiting, int limit) =>
        new($"{count} more images can't wait: {waiting} do, and the option QueueLimit is {limit}. "
            + (count > limit ? "Ask for fewer at once." : "Ask again later."));

    public static ModelException NoImages(string path) => new($"No images were given to '{path}'. Give at least 1.");

    public static ModelException OtherChannels(string path, int given, int expected) =>
        new($"Images of {given} {(given == 1 ? "channel" : "channels")} were given to '{path}'; {expected} "
            + $"{(expected == 1 ? "is" : "are")} expected.");

    public static ModelException OtherSize(string path, ImageShape given, int? height, int? width) =>
        new($"Images of {given.Height} × {given.Width} (height × width) were given to '{path}'; "
            + $"{height?.ToString() ?? "any"} × {width?.ToString() ?? "any"} is expected. Resize them.");

    public static ModelException TooLarge(string path, int height, int width) =>
        new($"'{path}' makes more than 400 million pixels of {height} × {width} (height × width). Choose smaller tiles, or cut the picture up.");

    public static ModelException NotInTiles(string path, int height, int width, ImageShape made) =>
        new($"'{path}' makes {made.Height} × {made.Width} (height × width) of {height} × {width}, which can't be put together from tiles. "
            + "Translate the picture whole, or a smaller one.");

    public static ModelException Unconditional(string path) =>
        new($"'{path}' is unconditional: it takes no label. Leave the label out.");

    public static ModelException UnknownClass(ModelDescription model, string name) =>
        new($"'{model.Path}' has no class '{name}'. {Classes(model)}");

    public static ModelException LabelOutOfRange(ModelDescription model, long label) =>
        new($"'{model.Path}' has no class {label}. {Classes(model)}");

    public static ModelException UnknownClasses(string path) =>
        new($"'{path}' is conditional but doesn't say which classes it has. Give a label, or say the classes when it is loaded.");

    public static ModelException NoPrompt(string path) =>
        new($"'{path}' takes no prompt. Leave the prompt out.");

    public static ModelException EmptyPrompt() => new("The prompt is empty. Say in words what the image is to show.");

    public static ModelException LongPrompt(int length, int most) =>
        new(FormattableString.Invariant($"The prompt has {length:#,0} characters; {most:#,0} at most are possible. Say it shorter."));

    public static ModelException PromptOfControls(int character) =>
        new($"The prompt has the character U+{character:X4}, which is no text. Leave it out.");

    public static ModelException NoTextDescription(string path) =>
        new($"'{path}' takes prompts, but doesn't say by which encoder: its metadata lacks gan.text. Export it again.");

    public static ModelException NoEncoder(string path, TextDescription text) =>
        new($"'{path}' takes prompts by the encoder {text.Encoder}, which isn't there. Give one when the model is loaded, as the package "
            + "GanOnnx.Prompts has it.");

    public static ModelException WrongVector(ITextEncoder encoder, int length) =>
        new($"The text encoder {encoder.Name} made {length} values of a prompt, or some that aren't finite; {encoder.Size} finite ones are expected.");

    public static ModelException OtherEncoder(string path, TextDescription text, ITextEncoder encoder) =>
        new($"'{path}' was trained with the text encoder {text.Encoder} ({text.Sha256[..Math.Min(12, text.Sha256.Length)]}…, {text.Size} values), "
            + $"not with {encoder.Name} ({encoder.Sha256[..Math.Min(12, encoder.Sha256.Length)]}…, {encoder.Size} values). Give that one.");

    public static ModelException NoTruncation(string path) =>
        new($"'{path}' takes no truncation. Leave the truncation out.");

    public static ModelException WrongTruncation(string value, float most) =>
        new($"The truncation is {value}; {-most} to {most} is expected: 0 is the average image, 1 no truncation.");

    public static ModelException NoTruncationCutoff(string path) =>
        new($"'{path}' takes no truncation cutoff. Leave the truncation cutoff out.");

    public static ModelException WrongTruncationCutoff(string value) =>
        new($"The truncation cutoff is {value}; a layer, 0 or more, is expected.");

    public static ModelException NoStyleMixing(string path) =>
        new($"'{path}' can't mix styles. Leave the style mixing out.");

    public static ModelException WrongStyleMix(string text) =>
        new($"The style mixing is '{text}'; a seed and the layer from which on its style counts are expected, as 7:3.");

    public static ModelException UnknownAsk(string path, string name, IEnumerable<string> known) =>
        new($"'{path}' can't be asked for '{name}'; a sample has {string.Join(", ", known)}.");

    public static ModelException WrongLayer(string path, int layer, int layers) =>
        new($"Styles are to be mixed from layer {layer} on; '{path}' has {layers} layers with styles. Give 0 (all of them) to "
            + $"{layers - 1} (the last one).");

    public static ModelException WrongLatents(string path, int length, int size) =>
        new($"{length} latent values were given to '{path}'; a multiple of {size}, one latent or more, is expected.");

    public static ModelException WrongLabels(string path, int labels, int latents) =>
        new($"{labels} labels were given to '{path}' with {latents} latents. Give one for each.");

    public static ModelException NotFinite(string path, string what) =>
        new($"The {what} given to '{path}' hold values that are no numbers (NaN) or infinite. Give finite ones.");

    public static ModelException ImagesNotFinite(string path) =>
        new($"'{path}' made an image with values that are no numbers (NaN) or infinite. Check its weights; where it computes in float16, "
            + "export it in float32.");

    private static string Words(ModelTask task) => task switch
    {
        ModelTask.TextToImage => "generate from text",
        ModelTask.Sound => "make sounds",
        ModelTask.Video => "make clips",
        _ => task.ToString().ToLowerInvariant(),
    };

    private static string Classes(ModelDescription model)
    {
        const int Most = 20;
        if (model.Classes.Count == 0)
            return "Its classes have no names; give a number from 0.";

        var names = model.Classes.Take(Most).Select((name, i) => $"{i} {name}");
        var more = model.Classes.Count > Most ? $", and {model.Classes.Count - Most} more" : "";
        return $"Its classes are {string.Join(", ", names)}{more}; give a name or a number.";
    }

    private static string Sentence(string option) => char.ToUpperInvariant(option[0]) + option[1..];

    private static string List(IReadOnlyList<TensorDescription> tensors) =>
        tensors.Count == 0 ? "nothing" : string.Join(", ", tensors);

    private static string Shorten(string text) => text.Length > 60 ? $"'{text[..60]}…'." : $"'{text}'.";
}
