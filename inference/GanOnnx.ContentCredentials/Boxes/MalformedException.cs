namespace GanOnnx.ContentCredentials.Boxes;

/// <summary>What should be credentials is none, or more than is read. It becomes a problem of the report.</summary>
/// <param name="reason">What was found, as half a sentence.</param>
internal sealed class MalformedException(string reason) : Exception(reason);
