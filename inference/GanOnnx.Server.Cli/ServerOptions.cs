using System.Net;
using System.Security.Cryptography.X509Certificates;
using GanOnnx.AspNetCore;
using GanOnnx.Server.Keys;

namespace GanOnnx.Server;

/// <summary>What is served, where, and to whom.</summary>
internal sealed record ServerOptions
{
    /// <summary>Which models, and how much one request may ask for.</summary>
    public required Action<GanOnnxOptions> Models { get; init; }

    public IPAddress Host { get; init; } = IPAddress.Loopback;

    /// <summary>0 for a free one.</summary>
    public int Port { get; init; }

    /// <summary>Where gRPC is listened for; null for nowhere.</summary>
    public int? GrpcPort { get; init; }

    /// <summary>Null for plain HTTP.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>Who may call models; empty for everybody.</summary>
    public ApiKeys Keys { get; init; } = ApiKeys.None;

    /// <summary>Requests a minute for each key, or address where there is none; null for any number.</summary>
    public int? RequestsPerMinute { get; init; }

    /// <summary>Whose word is believed about where a request comes from.</summary>
    public IReadOnlyList<IPAddress> Proxies { get; init; } = [];

    /// <summary>Pages of other sites that may call it.</summary>
    public IReadOnlyList<string> Origins { get; init; } = [];

    /// <summary>Where jobs are kept; null where there are none.</summary>
    public string? JobsFolder { get; init; }

    /// <summary>Whether the log is for programs, a JSON object in each line.</summary>
    public bool LogsJson { get; init; }

    /// <summary>The largest body in bytes, for what isn't a call of a model either.</summary>
    public long MaxBodySize { get; init; } = 16 << 20;
}
