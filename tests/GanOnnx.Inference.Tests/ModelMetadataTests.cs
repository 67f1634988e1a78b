namespace GanOnnx.Inference.Tests;

public class ModelMetadataTests
{
    private static readonly ModelMetadata Full = new()
    {
        Architecture = "dcgan",
        Latent = new(LatentDistribution.Uniform, 128),
        Classes = ["zero", "\"one\"", "zwölf"],
        Pixels = new() { Channels = "grey" },
        Training = new()
        {
            Data = "synthetic:digits",
            ImagesSeen = 5_000_000_000,
            Loss = "hinge",
            Seed = ulong.MaxValue,
            Tool = "GanOnnx 0.1.0"
        },
        License = "MIT",
    };

    [Test]
    public void ToProperties_FullMetadata_WritesTheContract() =>
        Assert.That(Full.ToProperties(), Is.EqualTo(new Dictionary<string, string>
        {
            ["gan.schema"] = "1",
            ["gan.task"] = "generate",
            ["gan.architecture"] = "dcgan",
            ["gan.latent"] = """{"distribution":"uniform","size":128}""",
            ["gan.classes"] = """["zero","\u0022one\u0022","zw\u00F6lf"]""",
            ["gan.pixels"] = """{"range":[-1,1],"channels":"grey"}""",
            ["gan.training"] =
                """{"data":"synthetic:digits","imagesSeen":5000000000,"loss":"hinge","seed":18446744073709551615,"tool":"GanOnnx 0.1.0"}""",
            ["gan.license"] = "MIT",
        }));

    [Test]
    public void FromProperties_WhatToPropertiesWrote_GivesTheSame()
    {
        var read = ModelMetadata.FromProperties(Full.ToProperties());

        Assert.That(read, Is.EqualTo(Full with { Classes = read!.Classes }));
        Assert.That(read.Classes, Is.EqualTo(Full.Classes));
    }

    [TestCase(ModelTask.Generate)]
    [TestCase(ModelTask.Translate)]
    [TestCase(ModelTask.Upscale)]
    [TestCase(ModelTask.Score)]
    [TestCase(ModelTask.TextToImage)]
    public void FromProperties_OnlyATask_GivesTheDefaults(ModelTask task)
    {
        var written = new ModelMetadata { Task = task };

        Assert.That(ModelMetadata.FromProperties(written.ToProperties()), Is.EqualTo(written with { Classes = [] }));
    }

    [Test]
    public void FromProperties_FileMadeByOthers_IsNull() =>
        Assert.That(ModelMetadata.FromProperties([new("author", "someone")]), Is.Null);

    [Test]
    public void FromProperties_SpellingOf01_IsRead()
    {
        var properties = Full.ToProperties().ToDictionary(p => p.Key == "gan.license" ? "gan.licence" : p.Key, p => p.Value);

        Assert.That(ModelMetadata.FromProperties(properties)!.License, Is.EqualTo("MIT"));
    }

    [Test]
    public void FromProperties_MembersOfALaterVersion_AreIgnored() =>
        Assert.That(Read("gan.latent", """{"distribution":"normal","size":8,"clip":2}""")!.Latent,
            Is.EqualTo(new LatentDescription(LatentDistribution.Normal, 8)));

    [TestCase("gan.schema", "2",
        "The model's metadata has gan.schema '2'; this version reads schema 1. Use a newer version, or export the model with this one.")]
    [TestCase("gan.task", "dream",
        "The model's metadata has gan.task 'dream'; generate, text-to-image, translate, upscale or score is expected. Export the model again.")]
    [TestCase("gan.task", null,
        "The model's metadata has no gan.task; generate, text-to-image, translate, upscale or score is expected. Export the model again.")]
    [TestCase("gan.classes", "[\"zero\",",
        "The model's metadata has a malformed value under gan.classes: '[\"zero\",'. Export the model again.")]
    [TestCase("gan.classes", "[null]",
        "The model's metadata has a malformed value under gan.classes: '[null]'. Export the model again.")]
    [TestCase("gan.latent", """{"distribution":"normal"}""",
        "The model's metadata has a malformed value under gan.latent: '{\"distribution\":\"normal\"}'. Export the model again.")]
    [TestCase("gan.classes", """["a\ud800"]""",
        "The model's metadata has a malformed value under gan.classes: '[\"a\\ud800\"]'. Export the model again.")]
    [TestCase("gan.training", """{"figures":{"\ud800":1}}""",
        "The model's metadata has a malformed value under gan.training: '{\"figures\":{\"\\ud800\":1}}'. Export the model again.")]
    [TestCase("gan.training", """{"imagesSeen":1.5}""",
        "The model's metadata has a malformed value under gan.training: '{\"imagesSeen\":1.5}'. Export the model again.")]
    [TestCase("gan.training", "[]", "The model's metadata has a malformed value under gan.training: '[]'. Export the model again.")]
    [TestCase("gan.latent", """{"distribution":null,"size":3}""",
        "The model's metadata has a malformed value under gan.latent: '{\"distribution\":null,\"size\":3}'. Export the model again.")]
    [TestCase("gan.latent", """{"distribution":"cauchy","size":3}""",
        "The model's metadata draws latents from 'cauchy'; normal or uniform is expected. Export the model again.")]
    [TestCase("gan.pixels", """{"range":[0],"channels":"rgb"}""",
        "The model's metadata has a pixel range of 1 values; 2 are expected. Export the model again.")]
    [TestCase("gan.training", "yesterday, on the machine under the desk, with all the pictures we had",
        "The model's metadata has a malformed value under gan.training: "
        + "'yesterday, on the machine under the desk, with all the pictu…'. Export the model again.")]
    public void FromProperties_WrongValue_SaysWhatIsWrong(string key, string? value, string message) =>
        Assert.That(() => Read(key, value), Throws.TypeOf<ModelException>().With.Message.EqualTo(message));

    private static ModelMetadata? Read(string key, string? value)
    {
        var properties = new Dictionary<string, string?> { ["gan.schema"] = "1", ["gan.task"] = "generate", [key] = value };
        return ModelMetadata.FromProperties(properties.Where(p => p.Value is not null)
            .Select(p => new KeyValuePair<string, string>(p.Key, p.Value!)));
    }
}
