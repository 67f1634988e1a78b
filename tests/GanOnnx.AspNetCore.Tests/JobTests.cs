using System.Security.Cryptography;

namespace GanOnnx.AspNetCore.Tests;

/// <summary>Large sets that the server makes in the background.</summary>
public sealed class JobTests
{
    [Test]
    public async Task A_job_makes_the_files_of_gan_generate()
    {
        using var folder = new TemporaryFolder();
        Assert.That(OurPrograms.Generate("generate", "fashion-cgan", "--count", "250", "--seed", "7", "--label", "Sandal,Bag", "--format", "zip", "--encoding",
            "jpg", "--images-per-file", "100", "--unsigned", "--out", folder["cli"], "--device", "cpu").ExitCode, Is.Zero);
        await using var server = await Start(folder["jobs"], "fashion-cgan");

        using var asked = await server.Client.PostAsJsonAsync("v1/jobs",
            new { count = 250, seed = 7, label = "Sandal,Bag", format = "zip", encoding = "jpg", images_per_file = 100 });
        Assert.That(asked.StatusCode, Is.EqualTo(HttpStatusCode.Accepted));
        var job = await server.Client.Job((string)(await asked.Json())["id"]!, "completed");
        Assert.That(asked.Headers.Location!.ToString(), Is.EqualTo($"/v1/jobs/{job["id"]}"));
        Assert.That(((int)job["images"]!["done"]!, (int)job["files"]!["done"]!, (string?)job["error"]), Is.EqualTo((250, 3, (string?)null)));

        // Downloaded, it is a set like any other.
        Directory.CreateDirectory(folder["downloaded"]);
        foreach (var name in (string[])["00000.zip", "00001.zip", "00002.zip", "manifest.jsonl"])
            File.WriteAllBytes(Path.Combine(folder["downloaded"], name), await server.Client.GetByteArrayAsync($"v1/jobs/{job["id"]}/files/{name}"));
        Assert.That(HashOf(Path.Combine(folder["downloaded"], "00002.zip")), Is.EqualTo(HashOf(Path.Combine(folder["cli"], "00002.zip"))));
        var (code, output, _) = OurPrograms.Generate("verify", folder["downloaded"], "--sample", "20");
        Assert.That(code, Is.Zero, output);
        Assert.That(output, Does.Contain("3 of 3 files, 250 of 250 images").And.Contain("20 made again and equal"));
    }

    [Test]
    public async Task A_file_comes_in_parts()
    {
        using var folder = new TemporaryFolder();
        await using var server = await Start(folder["jobs"]);
        var job = await server.Client.Job(await server.Client.Ask(new { count = 30 }), "completed");
        var address = $"v1/jobs/{job["id"]}/files/00000.tar";
        var whole = await server.Client.GetByteArrayAsync(address);
        using var request = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { Range = new(1000, 2999) } };
        using var part = await server.Client.SendAsync(request);
        Assert.That(part.StatusCode, Is.EqualTo(HttpStatusCode.PartialContent));
        Assert.That(await part.Content.ReadAsByteArrayAsync(), Is.EqualTo(whole[1000..3000]));
        Assert.That(part.Headers.ETag!.Tag, Is.EqualTo($"\"{Convert.ToHexStringLower(SHA256.HashData(whole))}\""));
    }

    [Test]
    public async Task A_killed_server_goes_on_where_it_was()
    {
        using var folder = new TemporaryFolder();
        var id = "";
        using (var first = OurPrograms.StartServer("fashion-dcgan", "--port", "0", "--jobs", folder["jobs"]))
        {
            _ = first.StandardError.ReadToEndAsync();
            using var client = new HttpClient { BaseAddress = new((await first.StandardOutput.ReadLineAsync())!.Split(' ')[0]) };
            id = await client.Ask(new { count = 4000, seed = 3, images_per_file = 40 });
            await client.Job(id, job => (int)job["files"]!["done"]! >= 2);
            first.Kill();
            await first.WaitForExitAsync();
        }
        var kept = Path.Combine(folder["jobs"], id, "00000.tar");
        var written = File.GetLastWriteTimeUtc(kept);

        await using var second = await Start(folder["jobs"]);
        var made = await second.Client.Job(id, "completed");
        Assert.That((int)made["images"]!["done"]!, Is.EqualTo(4000));
        Assert.That(File.GetLastWriteTimeUtc(kept), Is.EqualTo(written));
        var (code, output, _) = OurPrograms.Generate("verify", Path.Combine(folder["jobs"], id));
        Assert.That(code, Is.Zero, output);
        Assert.That(Directory.GetFileSystemEntries(Path.Combine(folder["jobs"], id), "*.tar"), Has.Length.EqualTo(100));
    }

    [Test]
    public async Task A_server_that_was_killed_between_the_last_line_and_its_file_makes_that_file()
    {
        using var folder = new TemporaryFolder();
        string id;
        await using (var first = await Start(folder["jobs"]))
        {
            id = await first.Client.Ask(new { count = 30, images_per_file = 10 });
            await first.Client.Job(id, "completed");
        }
        var last = Path.Combine(folder["jobs"], id, "00002.tar");
        var hash = HashOf(last);
        File.Delete(last);
        await using var second = await Start(folder["jobs"]);
        await second.Client.Job(id, "completed");
        Assert.That(last, Does.Exist);
        Assert.That(HashOf(last), Is.EqualTo(hash));
    }

    [Test]
    public async Task A_cancelled_job_keeps_what_is_whole_and_isnt_taken_up_again()
    {
        using var folder = new TemporaryFolder();
        string id;
        await using (var server = await Start(folder["jobs"]))
        {
            id = await server.Client.Ask(new { count = 1_000_000, images_per_file = 100 });
            var next = await server.Client.Ask(new { count = 10 });
            Assert.That((string?)(await server.Client.Job(next, _ => true))["status"], Is.EqualTo("queued"));
            await server.Client.Job(id, job => (int)job["files"]!["done"]! >= 2);
            using var cancelled = await server.Client.PostAsync($"v1/jobs/{id}/cancel", null);
            Assert.That((string?)(await cancelled.Json())["status"], Is.EqualTo("cancelled"));
            await server.Client.Job(next, "completed");
            using var again = await server.Client.PostAsync($"v1/jobs/{next}/cancel", null);
            Assert.That((string?)(await again.Json())["status"], Is.EqualTo("completed"));
        }
        var files = Directory.GetFiles(Path.Combine(folder["jobs"], id)).Length;
        await using var second = await Start(folder["jobs"]);
        var last = await second.Client.Ask(new { count = 10 });
        await second.Client.Job(last, "completed");
        var job = await second.Client.Job(id, _ => true);
        Assert.That(((string)job["status"]!, (int)job["files"]!["done"]!), Is.EqualTo(("cancelled", files - 1)));
        Assert.That((await second.Client.GetFromJsonAsync<JsonObject>("v1/jobs"))!["data"]!.AsArray().Select(each => (string)each!["id"]!).ToArray(),
            Has.Length.EqualTo(3).And.Member(id).And.Member(last));
    }

    [Test]
    public async Task A_removed_job_takes_only_its_own_files()
    {
        using var folder = new TemporaryFolder();
        await using var server = await Start(folder["jobs"]);
        var plain = await server.Client.Ask(new { count = 30, images_per_file = 10 });
        var mixed = await server.Client.Ask(new { count = 30, images_per_file = 10 });
        await server.Client.Job(mixed, "completed");
        var place = Path.Combine(folder["jobs"], mixed);
        File.WriteAllText(Path.Combine(place, "notes.txt"), "mine");
        File.WriteAllText(Path.Combine(place, "00001.tar"), "mine too");
        foreach (var id in (string[])[plain, mixed])
        {
            using var removed = await server.Client.DeleteAsync($"v1/jobs/{id}");
            Assert.That(removed.StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
            await server.Client.GetAsync($"v1/jobs/{id}").Problem(HttpStatusCode.NotFound);
        }
        Assert.That(Directory.Exists(Path.Combine(folder["jobs"], plain)), Is.False);
        Assert.That(Directory.GetFiles(place).Select(Path.GetFileName), Is.EquivalentTo(["notes.txt", "00001.tar"]));
    }

    [Test]
    public async Task A_running_job_can_be_removed()
    {
        using var folder = new TemporaryFolder();
        await using var server = await Start(folder["jobs"]);
        var id = await server.Client.Ask(new { count = 1_000_000, images_per_file = 100 });
        await server.Client.Job(id, job => (int)job["files"]!["done"]! >= 1);
        using var removed = await server.Client.DeleteAsync($"v1/jobs/{id}");
        Assert.That(removed.StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That(Directory.GetDirectories(folder["jobs"]), Is.Empty);
    }

    [Test]
    public async Task Requests_are_answered_while_a_job_is_made()
    {
        using var folder = new TemporaryFolder();
        await using var server = await Start(folder["jobs"]);
        var id = await server.Client.Ask(new { count = 1_000_000, images_per_file = 1000 });
        await server.Client.Job(id, job => (string)job["status"]! == "running");
        for (var i = 0; i < 5; i++)
            Assert.That(await server.Client.Generate(new { n = 2 }).Images(), Has.Length.EqualTo(2));
        Assert.That((string?)(await server.Client.Job(id, _ => true))["status"], Is.EqualTo("running"));
    }

    [Test]
    public async Task A_model_that_isnt_served_any_more_is_told()
    {
        using var folder = new TemporaryFolder();
        string id;
        await using (var first = await Start(folder["jobs"]))
            id = await first.Client.Ask(new { count = 1_000_000, images_per_file = 100 });
        await using var second = await Start(folder["jobs"], "fashion-cgan");
        var job = await second.Client.Job(id, "failed");
        Assert.That((string?)job["error"], Does.Match("^The model 'fashion-dcgan' with the SHA-256 [0-9a-f]{64} isn't served now. "
            + "Serve it and start the server again, and the job goes on.$"));
    }

    [Test]
    public async Task Damage_in_the_folder_is_told_and_others_go_on()
    {
        using var folder = new TemporaryFolder();
        var broken = Path.Combine(folder["jobs"], "job-01920000000070008000000000000000");
        Directory.CreateDirectory(broken);
        File.WriteAllText(Path.Combine(broken, "manifest.jsonl"), "{\"manifest\":1,\nnonsense\n");
        Directory.CreateDirectory(Path.Combine(folder["jobs"], "holiday"));
        await using var server = await Start(folder["jobs"]);
        Assert.That(server.Logged, Has.Some.Contains("isn't taken up").And.Some.Contains("line 1 can't be read"));
        await server.Client.Job(await server.Client.Ask(new { count = 10 }), "completed");
    }

    [TestCase("count is missing; the number of images is expected.", "{}")]
    [TestCase("count is 0; a whole number from 1 to 10000000 is expected.", "{\"count\":0}")]
    [TestCase("count is 10000001; a whole number from 1 to 10000000 is expected.", "{\"count\":10000001}")]
    [TestCase("format is 'folder'; zip or tar or parquet is expected.", "{\"count\":1,\"format\":\"folder\"}")]
    [TestCase("encoding is 'gif'; png or jpg or webp is expected.", "{\"count\":1,\"encoding\":\"gif\"}")]
    [TestCase("images_per_file is 1, which makes 20000 files; what makes at most 10000 is expected.", "{\"count\":20000,\"images_per_file\":1}")]
    [TestCase("'n' isn't known here.", "{\"n\":1}")]
    [TestCase("There is no model 'other'.", "{\"count\":1,\"model\":\"other\"}", HttpStatusCode.NotFound)]
    [TestCase("fashion-dcgan", "{\"count\":1,\"label\":\"Sandal\"}")]
    [TestCase("fashion-dcgan", "{\"count\":1,\"truncation\":0.5}")]
    public async Task Bad_requests_get_a_sentence_and_leave_nothing(string sentence, string body,
        HttpStatusCode status = HttpStatusCode.BadRequest)
    {
        using var folder = new TemporaryFolder();
        await using var server = await Start(folder["jobs"]);
        var problem = await server.Client.PostAsync("v1/jobs", new StringContent(body, Encoding.UTF8, "application/json")).Problem(status);
        Assert.That(problem, Does.Contain(sentence).And.Not.Contain(Repository.Root));
        Assert.That(Directory.GetDirectories(folder["jobs"]), Is.Empty);
    }

    [TestCase("v1/jobs/job-01920000000070008000000000000000", "There is no such job. GET /v1/jobs tells which there are.")]
    [TestCase("v1/jobs/..%2F..%2Fsecret", "There is no such job. GET /v1/jobs tells which there are.")]
    [TestCase("v1/jobs/JOB/files/00007.tar", "The job has no such file yet. Its manifest.jsonl tells which are whole.")]
    [TestCase("v1/jobs/JOB/files/..%2F..%2Fsecret", "The job has no such file yet. Its manifest.jsonl tells which are whole.")]
    [TestCase("v1/jobs/JOB/files/notes.txt", "The job has no such file yet. Its manifest.jsonl tells which are whole.")]
    public async Task Only_files_that_a_manifest_names_are_sent(string address, string sentence)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["secret"], "secret");
        await using var server = await Start(folder["jobs"]);
        var id = await server.Client.Ask(new { count = 10 });
        await server.Client.Job(id, "completed");
        File.WriteAllText(Path.Combine(folder["jobs"], id, "notes.txt"), "notes");
        Assert.That(await server.Client.GetAsync(address.Replace("JOB", id, StringComparison.Ordinal)).Problem(HttpStatusCode.NotFound),
            Is.EqualTo(sentence));
    }

    [Test]
    public async Task A_key_is_needed_where_models_need_one()
    {
        using var folder = new TemporaryFolder();
        await using var server = await TestServer.Start(options => options.Models.Add(new(TestServer.Shipped("fashion-dcgan"))),
            options => options with { JobsFolder = folder["jobs"], Keys = TestServer.Keys("correct-horse-battery-staple") });
        await server.Client.GetAsync("v1/jobs").Problem(HttpStatusCode.Unauthorized);
        await server.Client.PostAsJsonAsync("v1/jobs", new { count = 1 }).Problem(HttpStatusCode.Unauthorized);
    }

    [Test]
    public async Task Without_a_folder_there_are_no_jobs_and_two_servers_dont_share_one()
    {
        await using var without = await TestServer.Start("fashion-dcgan");
        await without.Client.GetAsync("v1/jobs").Problem(HttpStatusCode.NotFound);
        using var folder = new TemporaryFolder();
        await using var first = await Start(folder["jobs"]);
        var (code, _, error) = OurPrograms.Serve("fashion-dcgan", "--port", "0", "--jobs", folder["jobs"]);
        Assert.That(code, Is.EqualTo(2));
        Assert.That(error, Does.Contain($"gan: Another server has the jobs of '{folder["jobs"]}' now. Give this one another folder with --jobs."));
    }

    private static Task<TestServer> Start(string folder, string model = "fashion-dcgan") => TestServer.Start(
        options => options.Models.Add(new(TestServer.Shipped(model))), options => options with { JobsFolder = folder });

    private static string HashOf(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));
}

/// <summary>Jobs in tests.</summary>
internal static class JobClient
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

    /// <summary>Asks for a job, and gives its name.</summary>
    public static async Task<string> Ask(this HttpClient client, object body)
    {
        using var response = await client.PostAsJsonAsync("v1/jobs", body);
        var json = await response.Json();
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Accepted), json.ToString());
        return (string)json["id"]!;
    }

    /// <summary>A job as soon as it has a status.</summary>
    public static Task<JsonObject> Job(this HttpClient client, string id, string status) => client.Job(id, job => (string)job["status"]! == status);

    /// <summary>A job as soon as something is true of it.</summary>
    public static async Task<JsonObject> Job(this HttpClient client, string id, Func<JsonObject, bool> isSo)
    {
        for (var start = DateTime.UtcNow; ; await Task.Delay(20))
        {
            var job = (await client.GetFromJsonAsync<JsonObject>($"v1/jobs/{id}"))!;
            if (isSo(job))
                return job;
            Assert.That(DateTime.UtcNow - start, Is.LessThan(_patience), job.ToString());
        }
    }
}
