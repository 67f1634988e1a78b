using System.Globalization;
using GanOnnx.AspNetCore.Models;
using GanOnnx.Imaging;
using GanOnnx.Inference;
using GanOnnx.Video;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace GanOnnx.AspNetCore.Requests;

/// <summary>
/// Answers that say what is wrong: problem documents (RFC 9457), whose member <c>error</c> is what clients of the endpoint's protocol look
/// for.
/// </summary>
/// <param name="Status">The answer's status.</param>
/// <param name="Detail">What is wrong.</param>
/// <param name="Parameter">The value at fault; null for the request as a whole.</param>
/// <param name="RetryAfter">Seconds after which to ask again; null where that is no use.</param>
internal sealed record Problem(int Status, string Detail, string? Parameter = null, int? RetryAfter = null) : IResult
{
    /// <summary>What an exception says to whoever asked; null for one that is a fault of ours.</summary>
    /// <param name="e">The exception.</param>
    /// <param name="model">The model that was asked; where its file is, is nobody's business out there.</param>
    public static Problem? Of(Exception e, LoadedModel? model = null) => e switch
    {
        RequestException request => new(request.Status, request.Message, request.Parameter),
        QueueFullException => new(StatusCodes.Status503ServiceUnavailable, Errors.Busy(), RetryAfter: 1),
        ObjectDisposedException => new(StatusCodes.Status503ServiceUnavailable, Errors.Closing(), RetryAfter: 1),
        ModelException => new(StatusCodes.Status400BadRequest, model is null ? e.Message
            : e.Message.Replace($"'{model.Description.Path}'", $"'{model.Name}'", StringComparison.Ordinal)),
        ImageException => new(StatusCodes.Status400BadRequest, e.Message),
        VideoException => new(StatusCodes.Status500InternalServerError, e.Message),
        BadHttpRequestException bad => new(bad.StatusCode, bad.Message),
        _ => null,
    };

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Status;
        if (RetryAfter is { } seconds)
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        if (HttpMethods.IsHead(httpContext.Request.Method))
            return;
        var document = new Dictionary<string, object?>
        {
            ["type"] = "about:blank",
            ["title"] = ReasonPhrases.GetReasonPhrase(Status),
            ["status"] = Status,
            ["detail"] = Detail,
            ["error"] = Error(httpContext),
        };
        await response.WriteAsJsonAsync(document, Answers.Json, "application/problem+json", CancellationToken.None).ConfigureAwait(false);
    }

    // The Open Inference Protocol has a text there, OpenAI an object.
    private object Error(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<PlainErrors>() is not null ? Detail : new
    {
        message = Detail,
        type = Status switch
        {
            StatusCodes.Status401Unauthorized => "authentication_error",
            StatusCodes.Status429TooManyRequests => "rate_limit_error",
            >= 500 => "server_error",
            _ => "invalid_request_error",
        },
        param = Parameter,
        code = (string?)null,
    };

    /// <summary>Marks endpoints whose errors are a text.</summary>
    internal sealed class PlainErrors;
}
