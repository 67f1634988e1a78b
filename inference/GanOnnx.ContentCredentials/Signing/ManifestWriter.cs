using System.Security.Cryptography;
using GanOnnx.ContentCredentials.Boxes;
using GanOnnx.ContentCredentials.Containers;

namespace GanOnnx.ContentCredentials.Signing;

/// <summary>
/// Writes a standard manifest (C2PA specification 2.2, section 11.2.2) into a file: an action, perhaps an ingredient, the hash of the
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

    public static void Write(Stream picture, Container container, Stream signed, PictureClaim claim, SigningIdentity identity)
    {
        try
        {
            new ManifestWriter(claim, identity).Write(picture, container, signed);
        }
        catch (EndOfStreamException e)
        {
            throw new CredentialException("The picture is cut short; it can't be signed.", e);
        }
    }

    private void Write(Stream picture, Container container, Stream signed)
    {
        var place = container.PlaceIn(picture);
        var (length, pad) = Fit(container, place);
        picture.Position = 0;
        var start = new byte[Math.Min(StartLength, place)];
        picture.ReadExactly(start);
        container.Grow(start, length);

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(start);
        Hashing.Copy(picture, picture.Length - start.Length, hash.AppendData);
        var manifest = container.Wrap(Store(DataHash(place, length, hash.GetHashAndReset(), pad), sign: true));

        picture.Position = start.Length;
        signed.Write(start);
        Hashing.Copy(picture, place - start.Length, signed.Write);
        signed.Write(manifest);
        Hashing.Copy(picture, picture.Length - place, signed.Write);
    }

    // The hash says how many bytes are left out, and those that say it are among them.
    private (long Length, int Pad) Fit(Container container, long place)
    {
        var rest = Store(DataHash(0, 0, new byte[SHA256.HashSizeInBytes], 0), sign: false).Length - 2 * LengthOf(0) + LengthOf(place);
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

    private byte[] Store(byte[] dataHash, bool sign)
    {
        (string Label, byte[] Box)[] assertions = [.. _assertions, (Kinds.DataHashLabel, dataHash)];
        var claim = Claim(assertions);
        var signature = sign ? _identity.Sign(claim) : new byte[_identity.SignatureLength];
        var manifest = JumbfWriter.Superbox(Kinds.Manifest, _label,
            JumbfWriter.Superbox(Kinds.Assertions, Kinds.AssertionsLabel, [.. assertions.Select(assertion => assertion.Box)]),
            JumbfWriter.Cbor(Kinds.Claim, Kinds.ClaimLabel, claim),
            JumbfWriter.Cbor(Kinds.Signature, Kinds.SignatureLabel, signature));
        return JumbfWriter.Superbox(Kinds.Store, Kinds.StoreLabel, [.. _inputManifests, manifest]);
    }

    private byte[] Claim((string Label, byte[] Box)[] assertions)
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
            ["created_assertions"] = assertions.Select(assertion => (object)Reference(assertion.Label, assertion.Box)).ToArray(),
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
        ["hash"] = SHA256.HashData(box.AsSpan(JumbfBox.HeaderLength)),
    };

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
