using System.Globalization;
using System.Threading.RateLimiting;
using GanOnnx.AspNetCore.Requests;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;

namespace GanOnnx.Server.Http;

/// <summary>How often one key, or one address where there is no key, may ask.</summary>
internal static class Limits
{
    public static void Configure(RateLimiterOptions limiter, int perMinute)
    {
        limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context => IsFree(context)
            ? RateLimitPartition.GetNoLimiter("")
            : RateLimitPartition.GetTokenBucketLimiter(Who(context), _ => new()
            {
                // A burst of a tenth of a minute's, then evenly.
                TokenLimit = Math.Max(1, perMinute / 10),
                TokensPerPeriod = 1,
                ReplenishmentPeriod = TimeSpan.FromMinutes(1.0 / perMinute),
                QueueLimit = 0,
            }));
        limiter.OnRejected = async (rejected, _) =>
        {
            var after = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var time) ? time : TimeSpan.FromMinutes(1.0 / perMinute);
            var seconds = Math.Max(1, (int)Math.Ceiling(after.TotalSeconds));
            await new Problem(StatusCodes.Status429TooManyRequests, string.Create(CultureInfo.InvariantCulture,
                $"More than {perMinute} requests a minute. Ask again later."), RetryAfter: seconds).ExecuteAsync(rejected.HttpContext)
                .ConfigureAwait(false);
        };
    }

    // The page's files and what asks whether the server is alive.
    private static bool IsFree(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null;

    private static string Who(HttpContext context) => context.User.Identity is { IsAuthenticated: true, Name: { } name } ? $"key {name}"
        : $"address {context.Connection.RemoteIpAddress}";
}
