using System.Security.Cryptography;
using GanOnnx.ContentCredentials.Boxes;
using GanOnnx.ContentCredentials.Containers;

namespace GanOnnx.ContentCredentials.Signing;

/// <summary>What goes into a file to sign it.</summary>
/// <param name="Start">Replaces as many bytes, the first ones.</param>
/// <param name="Place">Behind how many bytes of the file the manifest goes.</param>
/// <param name="Manifest">It, as the file holds it.</param>
internal sealed record Insertion(byte[] Start, long Place, byte[] Manifest);

/// <summary>
/// Writes a standard manifest (C2PA specification 2.2, section 11.2.2) for a file: an action, perhaps an ingredient, the hash of the
/// file without the manifest, the claim over these, and its signature.
/// </summary>
internal sealed class ManifestWriter
{
    private const string Algorithm = "sha256";

    // As much of a file as may have to change for it to hold more.
    private const int StartLength = 12;

    private readonly string _label = $"urn:c2pa:{Guid.NewGuid()}";
    private readonly PictureClaim _claim;
    private readonly SigningIdentity _identity;
    private readonly List<(string Label, byte[] Box)> _assertions = [];
    private readonly byte[][] _inputManifests;

    private ManifestWriter(PictureClaim claim, SigningIdentity identity)
    {
        (_claim, _identity) = (claim, identity);
        _inputManifests = [.. claim.Input?.Credentials?.Manifests.Select(manifest => manifest.ToBytes()) ?? []];
        if (claim.Input is { } input)
            Add($"{Kinds.IngredientLabel}.v3", IngredientAssertion.Of(input));
        Add($"{Kinds.ActionsLabel}.v2", Actions());
    }

    /// <summary>What goes into a file that is to be signed.</summary>
    /// <exception cref="CredentialException">The file is cut short, or can't hold more.</exception>
    public static Insertion Write(Stream picture, Container container, PictureClaim claim, SigningIdentity identity)
    {
        try
        {
            return new ManifestWriter(claim, identity).Write(picture, container);
        }
        catch (EndOfStreamException e)
        {
            throw new CredentialException("The picture is cut short; it can't be signed.", e);
        }
    }

    private Insertion Write(Stream picture, Container container)
    {
        var place = container.PlaceIn(picture) is var there && there <= picture.Length ? there : throw new EndOfStreamException();
        // Only numbers in the hash and the hash of it will be others, so lengths are known before.
        var draft = DataHash(0, 0, new byte[SHA256.HashSizeInBytes], 0);
        var claim = Claim(draft);
        var (length, pad) = Fit(container, place, Store(draft, claim, new byte[_identity.SignatureLength]).Length);
        picture.Position = 0;
        var start = new byte[Math.Min(StartLength, place)];
        picture.ReadExactly(start);
        container.Grow(start, length);

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(start);
        Hashing.Copy(picture, picture.Length - start.Length, hash.AppendData);
        var dataHash = DataHash(place, length, hash.GetHashAndReset(), pad);
        HashOf(dataHash).CopyTo(claim, claim.AsSpan().IndexOf(HashOf(draft)));
        return new(start, place, container.Wrap(Store(dataHash, claim, _identity.Sign(claim))));
    }

    // The hash says how many bytes are left out, and those that say it are among them.
    private static (long Length, int Pad) Fit(Container container, long place, int draft)
    {
        var rest = draft - 2 * LengthOf(0) + LengthOf(place);
        for (var length = 0L; ;)
        {
            var store = rest + LengthOf(length);
            var pad = store % 2;
            var fits = container.LengthOf(store + pad);
            if (fits == length)
                return (length, pad);
            length = fits;
        }
    }

    // Of a number in CBOR: RFC 8949, section 3.
    private static int LengthOf(long number) => number switch
    {
        < 24 => 1,
        <= byte.MaxValue => 2,
        <= ushort.MaxValue => 3,
        <= uint.MaxValue => 5,
        _ => 9,
    };

    private byte[] Store(byte[] dataHash, byte[] claim, byte[] signature)
    {
        var manifest = JumbfWriter.Superbox(Kinds.Manifest, _label,
            JumbfWriter.Superbox(Kinds.Assertions, Kinds.AssertionsLabel, [.. _assertions.Select(assertion => assertion.Box), dataHash]),
            JumbfWriter.Cbor(Kinds.Claim, Kinds.ClaimLabel, claim),
            JumbfWriter.Cbor(Kinds.Signature, Kinds.SignatureLabel, signature));
        return JumbfWriter.Superbox(Kinds.Store, Kinds.StoreLabel, [.. _inputManifests, manifest]);
    }

    private byte[] Claim(byte[] dataHash)
    {
        var generator = new Dictionary<string, object> { ["name"] = _claim.Generator };
        if (_claim.GeneratorVersion is { } version)
            generator["version"] = version;
        return CborWriting.Write(new()
        {
            ["alg"] = Algorithm,
            ["instanceID"] = $"xmp:iid:{_label[^36..]}",
            ["claim_generator_info"] = generator,
            ["signature"] = $"self#jumbf=/{Kinds.StoreLabel}/{_label}/{Kinds.SignatureLabel}",
            ["created_assertions"] = _assertions.Append((Label: Kinds.DataHashLabel, Box: dataHash))
                .Select(assertion => (object)Reference(assertion.Label, assertion.Box)).ToArray(),
        });
    }

    private Dictionary<string, object> Actions()
    {
        var parameters = _claim.Parameters.ToDictionary(entry => entry.Key, entry => (object)entry.Value);
        if (_assertions.Count > 0)
            parameters["ingredients"] = _assertions.Select(assertion => (object)Reference(assertion.Label, assertion.Box)).ToArray();
        var action = new Dictionary<string, object>
        {
            ["action"] = "c2pa.created",
            ["digitalSourceType"] = _claim.DigitalSourceType,
        };
        if (parameters.Count > 0)
            action["parameters"] = parameters;
        return new() { ["actions"] = new object[] { action } };
    }

    private void Add(string label, Dictionary<string, object> assertion) =>
        _assertions.Add((label, JumbfWriter.Cbor(Kinds.Cbor, label, CborWriting.Write(assertion))));

    // With the manifest's name, which is signed that way.
    private Dictionary<string, object> Reference(string label, byte[] box) => new()
    {
        ["url"] = $"self#jumbf=/{Kinds.StoreLabel}/{_label}/{Kinds.AssertionsLabel}/{label}",
        ["hash"] = HashOf(box),
    };

    private static byte[] HashOf(byte[] box) => SHA256.HashData(box.AsSpan(JumbfBox.HeaderLength));

    private static byte[] DataHash(long start, long length, byte[] hash, int pad) =>
        JumbfWriter.Cbor(Kinds.Cbor, Kinds.DataHashLabel, CborWriting.Write(new()
        {
            ["alg"] = Algorithm,
            ["hash"] = hash,
            ["pad"] = new byte[pad],
            ["name"] = "the whole file",
            ["exclusions"] = new object[] { new Dictionary<string, object> { ["start"] = start, ["length"] = length } },
        }));
}
