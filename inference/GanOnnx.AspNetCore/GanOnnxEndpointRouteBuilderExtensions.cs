using GanOnnx.AspNetCore.Endpoints;
using GanOnnx.AspNetCore.Models;
using GanOnnx.AspNetCore.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Endpoints for models.</summary>
public static class GanOnnxEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Adds the endpoints of the models that <c>AddGanOnnx</c> added: OpenAI's images API below <c>/v1</c>, the Open Inference Protocol
    /// below <c>/v2</c>, images by address below <c>/api</c>, and the page at <c>/</c>. Whatever is wrong with a request is answered by a
    /// problem document.
    /// </summary>
    /// <param name="endpoints">The app, or a group of it: <c>app.MapGroup("/gan").MapGanOnnx()</c>.</param>
    /// <returns>All but the page, which holds nothing to protect: what is asked of them, as <c>RequireAuthorization</c>, is asked of every
    /// call of a model.</returns>
    /// <exception cref="InvalidOperationException"><c>AddGanOnnx</c> wasn't called.</exception>
    public static IEndpointConventionBuilder MapGanOnnx(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        if (endpoints.ServiceProvider.GetService<ModelCatalog>() is null)
            throw new InvalidOperationException("No models are served. Call AddGanOnnx on the app's services.");

        PageEndpoints.Map(endpoints);
        var calls = endpoints.MapGroup("").AddEndpointFilter(new ProblemFilter());
        CatalogEndpoint.Map(calls);
        ImageEndpoints.Map(calls);
        OpenAIEndpoints.Map(calls);
        SoundEndpoints.Map(calls);
        VideoEndpoints.Map(calls);
        InferenceEndpoints.Map(calls);
        return calls;
    }
}
