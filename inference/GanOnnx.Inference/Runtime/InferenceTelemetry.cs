namespace GanOnnx.Inference;

/// <summary>
/// The names under which generators and translators are watched: <c>AddMeter(InferenceTelemetry.MeterName)</c> and
/// <c>AddSource(InferenceTelemetry.ActivitySourceName)</c> with OpenTelemetry, <c>dotnet-counters monitor --counters
/// GanOnnx.Inference</c> without. Where nobody listens, nothing is measured.
/// </summary>
/// <remarks>
/// The meter's instruments; each has the tags <c>ganonnx.model</c> (<see cref="ModelDescription.Name"/>) and
/// <c>ganonnx.provider</c> (<see cref="ImageGenerator.Provider"/>):
/// <list type="table">
/// <item><term><c>ganonnx.images</c></term><description>counter, {image}: images made.</description></item>
/// <item><term><c>ganonnx.run.duration</c></term><description>histogram, s: time of one run of the model. A run that
/// failed has the tag <c>error.type</c>.</description></item>
/// <item><term><c>ganonnx.batch.fill</c></term><description>histogram, 1: images of a run, as a part of the largest
/// batch.</description></item>
/// <item><term><c>ganonnx.queue.duration</c></term><description>histogram, s: how long a call of
/// <c>ImageGenerator.GenerateAsync</c> waited until its first image was put into a batch.</description></item>
/// <item><term><c>ganonnx.queue.length</c></term><description>up-down counter, {image}: images that wait now, of
/// <see cref="ImageGeneratorOptions.QueueLimit"/>.</description></item>
/// <item><term><c>ganonnx.queue.rejected</c></term><description>counter, {request}: calls that ended with a
/// <see cref="QueueFullException"/>.</description></item>
/// </list>
/// Its activities: <c>generate</c> or <c>translate</c> for a call (a stream has one for each batch), with
/// <c>ganonnx.images</c>; <c>run</c> for a run of the model, with <c>ganonnx.images</c> and <c>ganonnx.batch.size</c>. A run
/// of one call is that call's child; one gathered from several calls has links to them.
/// <para>
/// The meter is the same for the whole process and not made by an <c>IMeterFactory</c>: the library knows no container,
/// several generators are told apart by their tags, and listeners find a meter by its name either way.
/// </para>
/// </remarks>
public static class InferenceTelemetry
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "GanOnnx.Inference";

    /// <summary>The name of the activity source.</summary>
    public const string ActivitySourceName = "GanOnnx.Inference";
}
