using GanOnnx.AspNetCore.Requests;
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

    public static RequestException NoModel(string name, IReadOnlyList<string> names) =>
        new(StatusCodes.Status404NotFound, $"There is no model '{Shown(name)}'. {There(names)}", "model");

    public static RequestException WhichModel(IReadOnlyList<string> names) =>
        new(StatusCodes.Status400BadRequest, $"Which model? {There(names)}", "model");

    public static RequestException NotAGenerator(string name) => Bad(
        $"'{name}' makes pictures of pictures: send it one to /v1/images/edits.", "model");

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

    public static RequestException NeedsClass(string model, string name) => Bad(
        $"'{model}' is conditional, and a walk keeps to one class: give it with label.", name);

    // What was going on

    public static string Busy() => "Too many images wait. Ask again later.";

    public static string TooLate(TimeSpan deadline) => $"It wasn't done within {deadline.TotalSeconds:0.###} s, the deadline.";

    public static string Closing() => "The server is closing. Ask again later.";

    private static string There(IReadOnlyList<string> names) =>
        names.Count == 0 ? "There is none now." : $"There {(names.Count == 1 ? "is" : "are")} {string.Join(", ", names)}.";

    private static RequestException Bad(string sentence, string? parameter = null) =>
        new(StatusCodes.Status400BadRequest, sentence, parameter);

    /// <summary>Text of a stranger in a sentence: not all of a long one.</summary>
    internal static string Shown(string text) => text.Length <= MostShown ? text : $"{text[..MostShown]}…";
}
