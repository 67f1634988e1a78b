using GanOnnx.Server.Http;
using Microsoft.Extensions.Logging;

namespace GanOnnx.AspNetCore.Tests;

/// <summary>The lines of the log.</summary>
public sealed class LogTests
{
    private const int Threads = 4, Each = 5000;

    [Test]
    public void No_line_is_lost_or_broken_and_each_threads_keep_their_order()
    {
        var lines = Lines(asJson: true, logger => Parallel.For(0, Threads, thread =>
        {
            for (var i = 0; i < Each; i++)
                logger.LogInformation("{Thread} {Number}: {Text}", thread, i, "\u001b[31m\n\"é");
        }));
        var states = lines.Select(line => JsonNode.Parse(line)!["State"]!).ToArray();
        for (var thread = 0; thread < Threads; thread++)
            Assert.That(states.Where(state => (int)state["Thread"]! == thread).Select(state => (int)state["Number"]!),
                Is.EqualTo(Enumerable.Range(0, Each)));
        Assert.That(states.Select(state => (string)state["Text"]!), Is.All.EqualTo("\u001b[31m\n\"é"));
        Assert.That(lines, Is.All.Matches<string>(line => line.All(letter => letter is >= ' ' and <= '~')));
    }

    [Test]
    public void A_line_for_people_is_one_whatever_it_tells()
    {
        var lines = Lines(asJson: false, logger => logger.LogError(new InvalidOperationException("Broken."), "First\nsecond"));
        Assert.That(lines, Has.Length.EqualTo(1));
        Assert.That(lines[0], Does.Match(@"^\d\d:\d\d:\d\d Error: Tests First second System\.InvalidOperationException: Broken\.$"));
    }

    private static string[] Lines(bool asJson, Action<ILogger> write)
    {
        var text = new StringWriter();
        using (var log = new LineLog(text, asJson))
            write(log.CreateLogger("Tests"));
        return text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
