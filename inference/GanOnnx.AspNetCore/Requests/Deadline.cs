using Microsoft.AspNetCore.Http;

namespace GanOnnx.AspNetCore.Requests;

/// <summary>When a request has to be done: its places in queues are free then, and when its client leaves.</summary>
internal sealed class Deadline : IDisposable
{
    private readonly CancellationTokenSource _time, _either;

    private Deadline(HttpContext context, TimeSpan length)
    {
        Length = length;
        _time = new(length);
        _either = CancellationTokenSource.CreateLinkedTokenSource(_time.Token, context.RequestAborted);
    }

    public TimeSpan Length { get; }

    /// <summary>Whether the time is over.</summary>
    public bool IsOver => _time.IsCancellationRequested;

    public CancellationToken Token => _either.Token;

    /// <summary>That of a request: what it asks for, and at most what is allowed.</summary>
    public static Deadline Of(HttpContext context, TimeSpan? asked, TimeSpan most)
    {
        var deadline = new Deadline(context, asked is { } length && length < most ? length : most);
        context.Response.RegisterForDispose(deadline);
        context.Features.Set(deadline);
        return deadline;
    }

    public void Dispose()
    {
        _either.Dispose();
        _time.Dispose();
    }
}
