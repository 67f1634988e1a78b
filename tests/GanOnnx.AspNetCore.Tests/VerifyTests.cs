using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;

namespace GanOnnx.AspNetCore.Tests;

/// <summary>Whether what a picture says of its origin holds, asked of the server.</summary>
public sealed class VerifyTests
{
    private TemporaryFolder _folder = null!;
    private TestServer _server = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _folder = new TemporaryFolder();
        _server = await TestServer.Start("fashion-dcgan");
        var (code, _, error) = OurPrograms.Generate("generate", "fashion-dcgan", "--seed", "7", "--count", "1", "--unsigned", "--out", _folder["ours.png"]);
        Assert.That(code, Is.Zero, error);
        Assert.That(OurPrograms.Generate("generate", "fashion-cgan", "--seed", "7", "--label", "Bag", "--unsigned", "--out", _folder["other.png"]).ExitCode,
            Is.Zero);
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Test]
    public async Task A_picture_of_a_served_model_is_made_again()
    {
        var answer = await Verify(File.ReadAllBytes(_folder["ours.png"]));
        Assert.That(((string)answer["verdict"]!, (string)answer["model"]!, (string)answer["file"]!), Is.EqualTo(("holds", "fashion-dcgan", "picture")));
        Assert.That(answer["reasons"]!.AsArray().Select(reason => (string)reason!), Has.Member("made again: equal pixels."));
    }

    [Test]
    public async Task A_picture_that_was_changed_is_found()
    {
        using var picture = await Image.LoadAsync(_folder["ours.png"]);
        picture.Mutate(context => context.Invert(new Rectangle(3, 3, 9, 9)));
        var answer = await Verify(Encoded(picture));
        Assert.That((string)answer["verdict"]!, Is.EqualTo("contradicted"));
    }

    [Test]
    public async Task One_of_a_model_that_isnt_served_is_unproven()
    {
        var answer = await Verify(File.ReadAllBytes(_folder["other.png"]));
        Assert.That(((string)answer["verdict"]!, (string?)answer["model"]), Is.EqualTo(("unproven", (string?)null)));
    }

    [Test]
    public async Task One_without_marks_says_nothing()
    {
        using var picture = new Image<Rgb24>(40, 40, new Rgb24(200, 10, 10));
        Assert.That((string)(await Verify(Encoded(picture)))["verdict"]!, Is.EqualTo("unmarked"));
    }

    [Test]
    public async Task Nonsense_is_unreadable_and_tells_no_path()
    {
        var answer = await Verify("nonsense"u8.ToArray());
        Assert.That((string)answer["verdict"]!, Is.EqualTo("unreadable"));
        Assert.That(answer.ToJsonString(), Does.Not.Contain(Path.GetTempPath()).And.Not.Contain(Repository.Root));
    }

    [Test]
    public async Task A_picture_that_is_too_large_is_unreadable()
    {
        await using var small = await TestServer.Start(options =>
        {
            options.Models.Add(new(TestServer.Shipped("fashion-dcgan")));
            options.MaxPixels = 1000;
        });
        using var response = await small.Client.PostAsync("api/verify", Body(File.ReadAllBytes(_folder["ours.png"])));
        Assert.That((string)(await response.Json())["verdict"]!, Is.EqualTo("unreadable"));
    }

    [Test]
    public async Task Where_too_many_wait_it_says_so()
    {
        await using var narrow = await TestServer.Start(options =>
        {
            options.Models.Add(new(TestServer.Shipped("fashion-dcgan")));
            options.PictureQueueLimit = 0;
        });
        // Looking for a watermark in one of this size takes a while.
        using var picture = new Image<Rgb24>(1000, 1000, new Rgb24(200, 10, 10));
        var body = Encoded(picture);
        var answers = await Task.WhenAll(Enumerable.Range(0, 8 * Environment.ProcessorCount)
            .Select(_ => narrow.Client.PostAsync("api/verify", Body(body))));
        Assert.That(answers.Select(answer => answer.StatusCode).Distinct(),
            Is.EquivalentTo([HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable]));
        Array.ForEach(answers, answer => answer.Dispose());
    }

    [Test]
    public async Task Only_pictures_are_taken_and_only_with_a_key_where_there_are_keys()
    {
        await _server.Client.PostAsJsonAsync("api/verify", new { }).Problem(HttpStatusCode.UnsupportedMediaType);
        await using var locked = await TestServer.Start(options => options.Models.Add(new(TestServer.Shipped("fashion-dcgan"))),
            options => options with { Keys = TestServer.Keys("correct-horse-battery-staple") });
        await locked.Client.PostAsync("api/verify", Body([1])).Problem(HttpStatusCode.Unauthorized);
    }

    private async Task<JsonNode> Verify(byte[] picture)
    {
        using var response = await _server.Client.PostAsync("api/verify", Body(picture));
        var answer = await response.Json();
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), answer.ToString());
        Assert.That(answer.ToJsonString(), Does.Not.Contain(Repository.Root));
        return answer;
    }

    private static ByteArrayContent Body(byte[] picture) => new(picture) { Headers = { ContentType = new("image/png") } };

    private static byte[] Encoded(Image picture)
    {
        using var stream = new MemoryStream();
        picture.SaveAsPng(stream);
        return stream.ToArray();
    }
}
