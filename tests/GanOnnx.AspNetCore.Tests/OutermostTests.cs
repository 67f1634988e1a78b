using GanOnnx.Server.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace GanOnnx.AspNetCore.Tests;

/// <summary>What is around every request.</summary>
public sealed class OutermostTests
{
    [Test]
    public async Task A_fault_of_ours_is_500_and_only_the_log_says_what()
    {
        var (context, log) = await Ask(_ => throw new InvalidOperationException("Secret."));
        Assert.That((context.Response.StatusCode, context.Response.ContentType), Is.EqualTo((500, "application/problem+json")));
        Assert.That(Body(context), Does.Contain("Something went wrong here; the log says what.").And.Not.Contain("Secret"));
        Assert.That(log, Has.Some.Contains("InvalidOperationException: Secret.").And.Some.Contains("GET - 500 in "));
    }

    [Test]
    public async Task What_nothing_answers_gets_a_problem_document()
    {
        var (context, log) = await Ask(context => Set(context, 404));
        Assert.That((context.Response.ContentType, context.Response.Headers.XContentTypeOptions.ToString()),
            Is.EqualTo(("application/problem+json", "nosniff")));
        Assert.That(Body(context), Does.Contain("There is nothing at this address."));
        Assert.That(log, Has.Length.EqualTo(1).And.Some.Contains("GET - 404 in "));
    }

    [Test]
    public async Task An_answer_is_left_as_it_is()
    {
        var (context, _) = await Ask(context =>
        {
            context.Response.ContentType = "text/plain";
            return Set(context, 503);
        });
        Assert.That((context.Response.StatusCode, Body(context)), Is.EqualTo((503, "")));
    }

    [Test]
    public async Task A_client_that_left_is_no_fault()
    {
        var (_, log) = await Ask(context =>
        {
            context.RequestAborted = new(canceled: true);
            throw new OperationCanceledException();
        });
        Assert.That(log, Has.Length.EqualTo(1).And.Some.Contains("GET - 499 in "));
    }

    private static async Task<(HttpContext Context, string[] Log)> Ask(RequestDelegate answer)
    {
        var context = new DefaultHttpContext { Request = { Method = "GET" }, Response = { Body = new MemoryStream() } };
        var text = new StringWriter();
        using (var lines = new LineLog(text, asJson: true))
        using (var factory = LoggerFactory.Create(logging => logging.AddProvider(lines)))
            await new Outermost(answer, factory.CreateLogger<Outermost>()).Invoke(context);
        return (context, text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private static Task Set(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    private static string Body(HttpContext context) => Encoding.UTF8.GetString(((MemoryStream)context.Response.Body).ToArray());
}
