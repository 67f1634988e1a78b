using Microsoft.AspNetCore.Http;

namespace GanOnnx.AspNetCore.Requests;

/// <summary>When a request has to be done: its places in queues are free then, and when its client leaves.</summary>
internal sealed class Deadline : IDisposable
{
    private readonly HttpContext _context;
    private readonly CancellationTokenSource _end;

    private Deadline(HttpContext context, TimeSpan length)
    {
        (_context, Length) = (context, length);
        _end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        _end.CancelAfter(length);
    }

    public TimeSpan Length { get; }

    /// <summary>Whether the time is over.</summary>
    public bool IsOver => _end.IsCancellationRequested && !_context.RequestAborted.IsCancellationRequested;

    public CancellationToken Token => _end.Token;

    /// <summary>That of a request: what it asks for, and at most what is allowed.</summary>
    public static Deadline Of(HttpContext context, TimeSpan? asked, TimeSpan most)
    {
        var deadline = new Deadline(context, asked is { } length && length < most ? length : most);
        context.Response.RegisterForDispose(deadline);
        context.Features.Set(deadline);
        return deadline;
    }

    public void Dispose() => _end.Dispose();
}
