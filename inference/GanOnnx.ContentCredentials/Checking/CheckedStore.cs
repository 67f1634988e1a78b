using GanOnnx.ContentCredentials.Boxes;

namespace GanOnnx.ContentCredentials.Checking;

/// <summary>Something that holds.</summary>
/// <param name="Code">A success code of the C2PA specification 2.2, section 15.2.2.1.</param>
/// <param name="Uri">Which box it is about.</param>
internal sealed record CheckedPart(string Code, string Uri);

/// <summary>A manifest store that was read and checked.</summary>
/// <param name="Bytes">The store.</param>
/// <param name="Report">What it says, and what is wrong with it.</param>
/// <param name="Manifests">Its manifests; the last one is about the file.</param>
/// <param name="Successes">What holds.</param>
internal sealed record CheckedStore(byte[] Bytes, CredentialReport Report, IReadOnlyList<JumbfBox> Manifests,
    IReadOnlyList<CheckedPart> Successes)
{
    public JumbfBox Active => Manifests[^1];

    public JumbfBox? Signature => Active.Find(Kinds.SignatureLabel);

    public string ActiveUri => $"self#jumbf=/{Kinds.StoreLabel}/{Active.Label}";

    public string SignatureUri => $"{ActiveUri}/{Kinds.SignatureLabel}";
}
