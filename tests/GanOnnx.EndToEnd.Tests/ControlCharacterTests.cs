using System.Text.Json.Nodes;
using GanOnnx.CommandLine;
using GanOnnx.Imaging;
using GanOnnx.Inference;
using GanOnnx.Onnx;
using GanOnnx.Training.Cli;
using GanOnnx.Training.Monitoring;
using Google.Protobuf;

namespace GanOnnx.EndToEnd.Tests;

/// <summary>What a name from outside would make a terminal do is shown, wherever the name comes from, and never done.</summary>
public sealed class ControlCharacterTests
{
    // Colors, a screen cleared by one character of C1, a title set, a bell, a line of its own and writing from right to left.
    private const string Hostile = "red\e[31m\u009b2J\e]0;title\a\ngan: all is well\u202e\u0085";
    private const string Shown = @"red\u001b[31m\u009b2J\u001b]0;title\u0007\u000agan: all is well\u202e\u0085";

    private TemporaryFolder _folder = null!;

    private string Model => _folder["hostile\e[31m\n.onnx"];

    [OneTimeSetUp]
    public void MakeModel()
    {
        if (OperatingSystem.IsWindows())
            Assert.Ignore("Windows has no such file names.");
        _folder = new TemporaryFolder();
        var model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(Path.Combine(Repository.Root, "models/fashion-cgan/model.onnx")));
        var metadata = ModelMetadata.FromProperties(model.MetadataProps.Select(p => KeyValuePair.Create(p.Key, p.Value)))!;
        metadata = metadata with { License = Hostile, Architecture = Hostile, Classes = [Hostile, .. metadata.Classes.Skip(1)] };
        // ONNX Runtime warns of one that nothing uses.
        model.Graph.Initializer.Add(new TensorProto
        {
            Name = $"unused{Hostile}",
            DataType = (int)TensorProto.Types.DataType.Float,
            Dims = { 1 },
            RawData = ByteString.CopyFrom(0, 0, 0, 0)
        });
        model.MetadataProps.Clear();
        model.MetadataProps.AddRange(metadata.ToProperties().Select(p => new StringStringEntryProto { Key = p.Key, Value = p.Value }));
        File.WriteAllBytes(Model, model.ToByteArray());
    }

    [OneTimeTearDown]
    public void Clean() => _folder?.Dispose();

    [Test]
    public void In_a_models_metadata()
    {
        var result = Gan.Succeed("inspect", Model);
        AssertPlain(result);
        Assert.That(result.Output, Does.Contain($"gan.license      {Shown}\n").And.Contain($"{Shown}, ").And.Contain(@"hostile\u001b[31m"));
        Assert.That(result.Output.Split('\n'), Has.None.StartsWith("gan: "));
    }

    [Test]
    public void In_json_the_name_is_itself()
    {
        var result = Gan.Succeed("inspect", Model, "--json");
        var json = JsonNode.Parse(result.Output)!;
        Assert.That((string?)json["metadata"]!["gan.license"], Is.EqualTo(Hostile));
        Assert.That((string?)json["classes"]![0], Is.EqualTo(Hostile));
        Assert.That((string?)json["path"], Is.EqualTo(Model));
    }

    [TestCase("generate", "--label", "no such class")]
    [TestCase("interpolate", "--seeds", "1,2", "--label", "no such class")]
    [TestCase("generate", "--label", "no\e[31msuch")]
    [TestCase("generate", "--co\e[31munt", "3")]
    [TestCase("generate", "--count", "\e[31m")]
    [TestCase("bench", "--batches", "\e[31m")]
    public void In_what_is_wrong(string verb, params string[] options)
    {
        string[] output = verb switch { "generate" => ["--out", _folder["x.png"]], "interpolate" => ["--out", _folder["x.gif"]], _ => [] };
        var result = Gan.Run([verb, Model, "--device", "cpu", .. output, .. options]);
        AssertPlain(result);
        Assert.That((result.ExitCode, result.Error.TrimEnd().Split('\n').Length), Is.EqualTo((2, 1)), result.Error);
        Assert.That(result.Error, Does.Contain(@"\u001b[31m"));
    }

    [TestCase("ver\e[31mb")]
    [TestCase("inspect", "no\e[31msuch.onnx")]
    [TestCase("train", "--data", "no\e[31msuch", "--out", "no\e[31mrun")]
    [TestCase("export", "no\e[31msuch", "--out", "x.onnx")]
    [TestCase("export", "no\e[31msuch", "--out", "x\e[31m.pt")]
    [TestCase("evaluate", "fashion-dcgan", "--data", "no\e[31msuch")]
    public void In_paths_that_are_not_there(params string[] call)
    {
        var result = Gan.Run(call);
        AssertPlain(result);
        Assert.That(result.ExitCode, Is.EqualTo(2), result.Error);
        Assert.That(result.Error, Does.Contain(@"\u001b[31m"));
    }

    [Test]
    public void In_results_and_the_pictures_say_what_xml_can_hold()
    {
        var path = _folder["a\e[31m\uffff.png"];
        var result = Gan.Succeed("generate", Model, "--count", "2", "--label", "0", "--out", path);
        AssertPlain(result);
        Assert.That(result.Output, Does.Contain(@"a\u001b[31m"));
        Assert.That(Provenance.Read(path)!.Model, Is.EqualTo("hostile [31m "));
    }

    [Test]
    public void In_a_runs_warnings_on_a_live_view()
    {
        using var terminal = new StringWriter();
        var view = new LiveView(terminal, () => (100, 30));
        view.Add(new Tick(10, 1000, new Dictionary<Figure, double> { [Figures.GeneratorLoss] = 1 }, [$"In {Hostile} it diverges."]));
        view.Report(11, 100, 100);
        Assert.That(terminal.ToString(), Does.Contain("In red\\u001b[31m").And.Not.Contain("\e[31m").And.Not.Contain("\u009b"));
    }

    [Test]
    public void By_the_writer_in_every_way_of_writing_but_lines_stay_lines()
    {
        using var inner = new StringWriter();
        using (var writer = new Terminal.PlainWriter(inner) { NewLine = "\n" })
        {
            writer.Write('\e');
            writer.Write("a\tb\n");
            writer.Write(['\a', 'c']);
            writer.WriteLine("{0}", "\u009b");
            writer.WriteLineAsync("\u2066").Wait();
            writer.Write("end\r\nand\rover");
        }
        Assert.That(inner.ToString(), Is.EqualTo("\\u001ba\tb\n\\u0007c\\u009b\n\\u2066\nend\r\nand\\u000dover"));
    }

    private static void AssertPlain(GanResult result) =>
        Assert.That((result.Output + result.Error).Where(c => c != '\n' && (char.IsControl(c) || c == '\u202e')), Is.Empty);
}
