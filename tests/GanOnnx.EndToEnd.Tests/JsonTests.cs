using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using GanOnnx.Tests.Shared.Models;
using Google.Protobuf;

namespace GanOnnx.EndToEnd.Tests;

/// <summary>What verbs print with <c>--json</c> is structure down to numbers, names and sentences.</summary>
public sealed partial class JsonTests
{
    [Test]
    public void No_value_is_a_string_with_structure_in_it()
    {
        using var folder = new TemporaryFolder();
        var data = RealData.FirstImages("fashion-mnist", 100, folder["fashion"]);
        string[][] calls =
        [
            ["train", "--data", "synthetic:digits", "--dry-run", "--out", folder["dry"]],
            ["train", "--list"],
            ["train", "--data", "synthetic:digits", "--out", folder["run"], "--kimg", "1", "--tick", "1", "--width", "2", "--batch", "20"],
            ["runs", folder.Path],
            ["export", folder["run"], "--out", folder["m.onnx"]],
            ["inspect", folder["m.onnx"]],
            ["inspect", "fashion-stylegan2"],
            ["generate", "fashion-stylegan2", "--seeds", "1", "--style-mix", "3:2", "--out", folder["mix.png"]],
            ["interpolate", "fashion-dcgan", "--seeds", "1,5", "--frames", "3", "--out", folder["w.gif"]],
            ["upscale", Upscaler(folder), "--in", folder["mix.png"], "--out", folder["large.png"], "--range", "0,1"],
            ["augment", "fashion-cgan", "--classes", "Bag,Coat", "--per-class", "2", "--out", folder["set"]],
            ["quantize", "fashion-cgan", "--out", folder["fast.onnx"], "--count", "16"],
            ["bench", folder["m.onnx"], "--batches", "2", "--seconds", "0.05", "--device", "cpu"],
            ["classifier", "--data", data, "--epochs", "1", "--out", folder["c.onnx"]],
            [
                "evaluate", "fashion-stylegan2", "--data", data, "--count", "12", "--sweep", "0.5", "--classifier", folder["c.onnx"], "--anyway",
            ],
            ["info"],
        ];
        foreach (var call in calls)
        {
            var found = Strings(JsonNode.Parse(Gan.Succeed([.. call, "--json"]).Output)!).Where(HasStructure);
            Assert.That(found, Is.Empty, call[0]);
        }
    }

    private static string Upscaler(TemporaryFolder folder)
    {
        using var file = File.Create(folder["double.onnx"]);
        ForeignModels.Upscaler("N", 3, "H", "W").Model.WriteTo(file);
        return file.Name;
    }

    private static IEnumerable<string> Strings(JsonNode? node) => node switch
    {
        // A class may be called 7, and r1:10 is what people type.
        JsonObject members => members.Where(member => member.Key is not ("name" or "classes" or "default")).SelectMany(member => Strings(member.Value)),
        JsonArray items => items.SelectMany(Strings),
        JsonValue value when value.TryGetValue<string>(out var text) => [text],
        _ => [],
    };

    // Numbers and names as strings, lists, and values by their names.
    private static bool HasStructure(string text) => StructurePattern().IsMatch(text);

    [GeneratedRegex(@"^\s*[\[{""]|^-?[0-9]+(\.[0-9]+)?$|^\w+ ?[=:] ?-?[0-9]|^[0-9]+(, ?[0-9]+)+$")]
    private static partial Regex StructurePattern();
}
