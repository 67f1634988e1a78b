using System.Text.Json;
using GanOnnx.Training.Networks.StyleGan2;

namespace GanOnnx.Training.Tests;

/// <summary>Numbers that an architecture declares for itself, among the options of every run.</summary>
public sealed class NetworkOptionTests
{
    private static readonly TrainingOptions _stylegan2 = new() { Architecture = "stylegan2" };

    [Test]
    public void A_preset_gives_them_among_the_others() =>
        Assert.That(TrainingOptions.FromJson("""{ "architecture": "stylegan2", "mappingLayers": 3, "width": 4 }""").Shape(1, 0)[StyleGan2.MappingLayers], Is.EqualTo(3));

    [Test]
    public void What_is_not_given_has_its_default() =>
        Assert.That((_stylegan2.Shape(1, 0)[StyleGan2.MappingLayers], _stylegan2.Shape(1, 0)[StyleGan2.StyleMixing]), Is.EqualTo((8, 0.9)));

    [Test]
    public void Options_that_say_the_same_are_equal()
    {
        Assert.That(_stylegan2 with { Network = new() { ["mappingLayers"] = 8 } }, Is.EqualTo(_stylegan2), "the default");
        Assert.That(new TrainingOptions { Network = new() { ["mappingLayers"] = 3 } }, Is.EqualTo(new TrainingOptions()),
            "another architecture's");
        Assert.That(_stylegan2 with { Network = new() { ["mappingLayers"] = 3 } }, Is.Not.EqualTo(_stylegan2));
    }

    [TestCase("17", "the mapping network has 1 to 16 layers, not 17")]
    [TestCase("2.5", "the mapping network has 1 to 16 layers, not 2.5")]
    [TestCase("\"two\"", "the mapping network has 1 to 16 layers, not \"two\"")]
    public void What_is_out_of_range_is_refused(string value, string what) =>
        Assert.That(TrainingOptions.FromJson($$"""{ "architecture": "stylegan2", "mappingLayers": {{value}} }""").Validate,
            Throws.TypeOf<TrainingException>().With.Message.EqualTo($"These options can't be used: {what}."));

    [Test]
    public void An_option_that_no_architecture_has_is_refused()
    {
        Assert.That(() => TrainingOptions.FromJson("""{ "sise": 32 }"""), Throws.TypeOf<JsonException>().With.Message.EqualTo("there is no option 'sise'"));
        Assert.That(new TrainingOptions { Network = new() { ["sise"] = 32 } }.Validate,
            Throws.TypeOf<TrainingException>().With.Message.EqualTo("These options can't be used: there is no option 'sise'."));
    }

    [Test]
    public void With_changes_options_of_both_kinds() =>
        Assert.That(_stylegan2.With([new("width", 2), new("styleMixing", 0.5)]),
            Is.EqualTo(_stylegan2 with { Width = 2, Network = new() { ["styleMixing"] = 0.5 } }));
}
