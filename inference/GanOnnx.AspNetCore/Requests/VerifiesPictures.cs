namespace GanOnnx.AspNetCore.Requests;

/// <summary>Marks the endpoint that checks pictures, <c>/api/verify</c>, where a server has one: the page then offers it.</summary>
internal sealed class VerifiesPictures;
