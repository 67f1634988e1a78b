using GanOnnx.AspNetCore.Requests;
using GanOnnx.AspNetCore.Tensors;
using GanOnnx.Inference;
using Microsoft.AspNetCore.Http;

namespace GanOnnx.AspNetCore;

/// <summary>Every message of the library: what was found, what is expected, what to do.</summary>
internal static class Errors
{
    private const int MostShown = 100;

    // The models

    public static ModelException NameTwice(string name) =>
        new($"Two models would be called '{name}'. Give one of them another name.");

    public static ModelException NoModelOfAlias(string alias, string name, IReadOnlyList<string> names) =>
        new($"'{alias}' is another name for '{name}', and there is no such model. {There(names)}");

    public static RequestException NoModel(string name, IReadOnlyList<string> names) =>
        new(StatusCodes.Status404NotFound, $"There is no model '{Shown(name)}'. {There(names)}", "model");

    public static RequestException WhichModel(IReadOnlyList<string> names) =>
        new(StatusCodes.Status400BadRequest, $"Which model? {There(names)}", "model");

    public static RequestException NotAGenerator(string name) => Bad(
        $"'{name}' makes pictures of pictures: send it one to /v1/images/edits.", "model");

    public static RequestException MakesSounds(string name) => Bad($"'{name}' makes sounds: ask /api/sounds, or /v1/audio/speech.", "model");

    public static RequestException NoSounds(string name) => Bad($"'{name}' makes no sounds. Choose another model.", "model");

    public static RequestException MakesClips(string name) => Bad($"'{name}' makes clips: ask /api/videos.", "model");

    public static RequestException NoClips(string name) => Bad($"'{name}' makes no clips. Choose another model.", "model");

    public static RequestException NoVideoFormat(string format) => Bad($"There is no format '{Shown(format)}' of clips; there are: gif, mp4.", "format");

    public static RequestException NoFfmpeg() => Bad("MP4 files are written by the program ffmpeg, which isn't installed on this server. Ask for gif.", "format");

    public static RequestException NotATranslator(string name) => Bad(
        $"'{name}' makes images of noise and takes no picture: ask /v1/images/generations.", "model");

    // The body

    public static RequestException WrongContentType(string? found, string expected) =>
        new(StatusCodes.Status415UnsupportedMediaType,
            $"The body's type is {(string.IsNullOrEmpty(found) ? "not said" : $"'{Shown(found)}'")}; {expected} is expected.");

    public static RequestException TooLarge(long most) =>
        new(StatusCodes.Status413PayloadTooLarge, $"The body is larger than {most} bytes, the most that is taken.");

    public static RequestException Malformed(string what) => Bad($"The body is no JSON that can be read: {what}");

    public static RequestException NoObject() => Bad("The body's JSON is no object; one like {\"prompt\":\"any\"} is expected.");

    public static RequestException MalformedForm(string what) => Bad($"The form can't be read: {what}");

    public static RequestException Twice(string name) => Bad($"{Shown(name)} is there twice. Give it once.", name);

    public static RequestException Unknown(string name, IEnumerable<string> known) =>
        Bad($"'{Shown(name)}' isn't known here. There are {string.Join(", ", known)}.", name);

    // Single values

    public static RequestException Wrong(string name, string found, string expected) =>
        Bad($"{name} is {found}; {expected} is expected.", name);

    public static RequestException OnlyDefault(string name, string found, IReadOnlyList<string> defaults) => Bad(
        $"{name} '{Shown(found)}' isn't possible here. Leave it out, or send {string.Join(" or ", defaults)}.", name);

    public static RequestException Missing(string name, string expected) => Bad($"{name} is missing; {expected} is expected.", name);

    public static RequestException NoPrompt(string model, string prompt) => Bad(
        $"'{model}' understands no prompt, and '{Shown(prompt)}' was given. Leave it empty, or send any.", "prompt");

    public static RequestException TwoLabels(string prompt, string label) => Bad(
        $"The prompt '{Shown(prompt)}' and the label '{Shown(label)}' both name a class. Give one of them.", "label");

    public static RequestException TooManyPixels(string name, long width, long height, long most) => Bad(
        $"{name} would be {width} × {height} pixels; at most {most} are made.", name);

    public static RequestException NoMask() => Bad("A mask isn't possible: these models make whole pictures. Leave it out.", "mask");

    public static RequestException OneOfEach() => Bad(
        "n is more than 1, but the same picture becomes the same picture each time. Leave n out.", "n");

    public static RequestException NoAddress() => Bad(
        "response_format 'url' isn't possible for edits: pictures aren't kept here. Send b64_json.", "response_format");

    public static RequestException TooLongAWalk(int frames, long pixels, long most) => Bad(
        $"{frames} frames of {pixels} pixels are more than the {most} pixels that are made at once. Ask for fewer frames.", "frames");

    public static RequestException NeedsClass(string model, string name) => Bad(
        $"'{model}' is conditional, and a walk keeps to one class: give it with label.", name);

    // Tensors

    public static RequestException NoVersion(string model, string version) => new(StatusCodes.Status404NotFound,
        $"'{Shown(model)}' has no version '{Shown(version)}'. There is 1.", "version");

    public static RequestException InputMissing(string model, string name, IEnumerable<string> all) => Bad(
        $"The input {name} of '{model}' is missing. It takes {string.Join(", ", all)}.", name);

    public static RequestException NoInput(string model, string name, IEnumerable<string> all) => Bad(
        $"'{model}' has no input '{Shown(name)}'. There are {string.Join(", ", all)}.", name);

    public static RequestException NoOutput(string model, string name, string made) => Bad(
        $"The output '{Shown(name)}' of '{model}' isn't computed here. There is {made}.", name);

    public static RequestException WrongDatatype(Tensor tensor, string expected) => Bad(
        $"{Shown(tensor.Name)} is {tensor.Datatype}; {expected} is expected.", tensor.Name);

    public static RequestException WrongShape(Tensor tensor, string expected) => Bad(
        $"{Shown(tensor.Name)} has the shape [{string.Join(", ", tensor.Shape)}]; {expected} is expected, with the same N for all inputs.",
        tensor.Name);

    public static RequestException WrongLength(Tensor tensor, long expected) => Bad(
        $"{Shown(tensor.Name)} has {tensor.Bytes.Length} bytes of values; its shape needs {expected}.", tensor.Name);

    public static RequestException NotFinite(string name) => Bad($"{Shown(name)} has values that are infinite or no number.", name);

    public static RequestException NotFiniteMade() => new(StatusCodes.Status422UnprocessableEntity,
        "The model made values that are infinite or no number, which JSON can't hold. Ask for binary data.");

    public static RequestException LeftOver(int bytes) => Bad(
        $"{bytes} bytes behind the JSON belong to no tensor. Give each its binary_data_size.");

    public static RequestException TooManyTensorPixels(int count, ImageShape image, long most) => Bad(
        $"{count} images of {image.Width} × {image.Height} pixels are more than the {most} pixels that are made at once. Ask for fewer.");

    // What was going on

    public static string Busy() => "Too many images wait. Ask again later.";

    public static string TooLate(TimeSpan deadline) => $"It wasn't done within {deadline.TotalSeconds:0.###} s, the deadline.";

    public static string Closing() => "The server is closing. Ask again later.";

    public static string Failed() => "Something went wrong here; the log says what.";

    private static string There(IReadOnlyList<string> names) =>
        names.Count == 0 ? "There is none now." : $"There {(names.Count == 1 ? "is" : "are")} {string.Join(", ", names)}.";

    private static RequestException Bad(string sentence, string? parameter = null) =>
        new(StatusCodes.Status400BadRequest, sentence, parameter);

    /// <summary>Text of a stranger in a sentence: not all of a long one.</summary>
    internal static string Shown(string text) => text.Length <= MostShown ? text : $"{text[..MostShown]}…";
}
