using System.Security.Cryptography;
using GanOnnx.ContentCredentials.Boxes;
using GanOnnx.ContentCredentials.Containers;
using GanOnnx.ContentCredentials.Signing;

namespace GanOnnx.ContentCredentials.Checking;

/// <summary>Checks the manifest of a file, C2PA specification 2.2, section 15. Who signed it is no matter here.</summary>
internal sealed class Validation
{
    private const string UriStart = "self#jumbf=";

    private readonly Stream _file;
    private readonly Located _located;
    private readonly List<CredentialProblem> _problems = [];
    private readonly List<CheckedPart> _successes = [];
    private readonly List<CredentialAction> _actions = [];
    private readonly List<string> _inputs = [];
    private IReadOnlyList<JumbfBox> _manifests = [];
    private string? _generator;
    private ClaimSignature? _signature;
    private string? _algorithm;

    private Validation(Stream file, Located located) => (_file, _located) = (file, located);

    /// <summary>Checks the credentials of a file; null where it has none.</summary>
    public static CheckedStore? Of(Stream file, Container container)
    {
        Located? located;
        try
        {
            located = container.Locate(file);
        }
        catch (MalformedException e)
        {
            return new([], new() { Problems = [Malformed(e)] }, [], []);
        }
        return located is null ? null : new Validation(file, located).Check();
    }

    private JumbfBox Active => _manifests[^1];

    private string ActiveUri => $"{UriStart}/{Kinds.StoreLabel}/{Active.Label}";

    private CheckedStore Check()
    {
        try
        {
            CheckStore();
        }
        catch (MalformedException e)
        {
            _problems.Add(Malformed(e));
        }
        return new(_located.Store, new()
        {
            Generator = _generator,
            Actions = _actions,
            Inputs = _inputs,
            Signer = _signature?.Signer,
            Certificate = _signature?.Certificate,
            Problems = _problems,
        }, _manifests, _successes);
    }

    private static CredentialProblem Malformed(MalformedException e) =>
        new("general.error", $"The credentials are damaged, or made to do harm: {e.Message}.");

    private void CheckStore()
    {
        var store = JumbfBox.Read(_located.Store);
        if (store.Kind != Kinds.Store || store.Label != Kinds.StoreLabel)
            throw new MalformedException("the store is of another kind");
        _manifests = [.. store.Children.Where(box => box.Kind == Kinds.Manifest || box.Kind == Kinds.UpdateManifest
            || box.Kind == Kinds.CompressedManifest)];
        if (_manifests.Count == 0)
        {
            Fail("claim.missing", "There is no manifest in the credentials.");
            return;
        }
        if (_manifests.DistinctBy(manifest => manifest.Label).Count() != _manifests.Count)
            throw new MalformedException("two manifests have one name");
        if (Active.Kind != Kinds.Manifest)
        {
            Fail("general.error", "The manifest is an update or compressed, which can't be checked here.");
            return;
        }
        CheckManifest();
    }

    private void CheckManifest()
    {
        var claims = Active.Children.Where(box => box.Kind == Kinds.Claim && box.Label is Kinds.ClaimLabel or Kinds.OldClaimLabel)
            .ToArray();
        if (claims.Length != 1 || claims[0].ContentOf(Kinds.CborType) is not { } bytes)
        {
            Fail(claims.Length > 1 ? "claim.multiple" : "claim.missing", $"The manifest has {claims.Length} claims, not one.");
            return;
        }
        CheckSignature(bytes);
        var claim = CborValue.ReadMap(bytes);
        _algorithm = claim.GetValueOrDefault("alg") as string;
        _generator = Generator(claim);
        CheckAssertions(claim, isOld: claims[0].Label == Kinds.OldClaimLabel);
    }

    private void CheckSignature(ReadOnlyMemory<byte> claim)
    {
        if (Active.Find(Kinds.SignatureLabel) is not { } box || box.Kind != Kinds.Signature
            || box.ContentOf(Kinds.CborType) is not { } message)
        {
            Fail("claimSignature.missing", "The claim isn't signed.");
            return;
        }
        _signature = ClaimSignature.Read(message);
        if (_signature.Check(claim.Span) is { Count: > 0 } problems)
            _problems.AddRange(problems);
        else
            foreach (var code in (string[])["claimSignature.insideValidity", "claimSignature.validated"])
                _successes.Add(new(code, $"{ActiveUri}/{Kinds.SignatureLabel}"));
    }

    private static string? Generator(Dictionary<string, object?> claim)
    {
        var info = claim.GetValueOrDefault("claim_generator_info");
        if ((info is List<object?> { Count: > 0 } list ? list[0] : info) is not Dictionary<string, object?> said)
            return claim.GetValueOrDefault("claim_generator") as string;
        return said.GetValueOrDefault("name") is string name
            ? said.GetValueOrDefault("version") is string version ? $"{name} {version}" : name : null;
    }

    private void CheckAssertions(Dictionary<string, object?> claim, bool isOld)
    {
        var references = new[] { "created_assertions", "gathered_assertions", "assertions" }
            .SelectMany(key => claim.GetValueOrDefault(key) as List<object?> ?? []).ToArray();
        var store = Active.Children.SingleOrDefaultOf(box => box.Kind == Kinds.Assertions && box.Label == Kinds.AssertionsLabel,
            "assertion stores");
        var declared = new HashSet<string>(StringComparer.Ordinal);
        var bindings = 0;
        foreach (var reference in references)
            if (Resolve(reference, store) is { Label: { } label } assertion && declared.Add(label)
                && assertion.ContentOf(Kinds.CborType) is { } bytes)
            {
                if (label.StartsWith(Kinds.AnyHashLabel, StringComparison.Ordinal))
                    bindings += CheckBinding(label, bytes);
                else
                    Note(label, bytes);
            }
        foreach (var box in store?.Children.Where(box => box.Label is null || !declared.Contains(box.Label)) ?? [])
            Fail("assertion.undeclared", $"The assertion '{box.Label}' is in the manifest, and no claim names it.");
        if (bindings != 1)
            Fail(bindings == 0 ? "claim.hardBindings.missing" : "assertion.multipleHardBindings",
                $"The claim has {bindings} hashes of the file, not one.");
        if (!isOld && _actions is not [{ Name: "c2pa.created" or "c2pa.opened" }, ..])
            Fail("assertion.action.malformed", "The claim doesn't say whether the picture was made or opened.");
    }

    // The assertion that a reference names, if its hash is right.
    private JumbfBox? Resolve(object? reference, JumbfBox? store)
    {
        if (reference is not Dictionary<string, object?> map || map.GetValueOrDefault("url") is not string uri
            || map.GetValueOrDefault("hash") is not byte[] hash)
            throw new MalformedException("a claim's reference to an assertion is none");
        var here = $"{ActiveUri}/{Kinds.AssertionsLabel}/";
        const string beside = $"{UriStart}{Kinds.AssertionsLabel}/";
        var label = uri.StartsWith(here, StringComparison.Ordinal) ? uri[here.Length..]
            : uri.StartsWith(beside, StringComparison.Ordinal) ? uri[beside.Length..] : null;
        if (label is null)
            return Fail("assertion.outsideManifest", $"The claim names '{uri}', which isn't in its manifest.");
        if (store?.Find(label) is not { } assertion)
            return Fail("assertion.missing", $"The assertion '{label}' is missing.");
        if (!Hash(map.GetValueOrDefault("alg") as string, assertion.Content.Span).AsSpan().SequenceEqual(hash))
            return Fail("assertion.hashedURI.mismatch", $"The assertion '{label}' was changed since it was signed.");
        _successes.Add(new("assertion.hashedURI.match", here + label));
        return assertion;
    }

    private int CheckBinding(string label, ReadOnlyMemory<byte> bytes)
    {
        if (label != Kinds.DataHashLabel)
        {
            Fail("general.error", $"The file is bound to its credentials by '{label}', which can't be checked here.");
            return 1;
        }
        var map = CborValue.ReadMap(bytes);
        if (map.GetValueOrDefault("exclusions") is not List<object?> { Count: 1 } exclusions
            || exclusions[0] is not Dictionary<string, object?> exclusion
            || exclusion.GetValueOrDefault("start") is not long start || exclusion.GetValueOrDefault("length") is not long length
            || (start, length) != (_located.Start, _located.Length))
            Fail("assertion.dataHash.mismatch", "The hash leaves out other bytes than the credentials.");
        else if (map.GetValueOrDefault("hash") is not byte[] hash || !Hashing.Of(_file,
            AlgorithmOf(map.GetValueOrDefault("alg") as string), start, length).AsSpan().SequenceEqual(hash))
            Fail("assertion.dataHash.mismatch", "The file was changed since it was signed.");
        else
            _successes.Add(new("assertion.dataHash.match", $"{ActiveUri}/{Kinds.AssertionsLabel}/{label}"));
        return 1;
    }

    // What there is to tell of an assertion.
    private void Note(string label, ReadOnlyMemory<byte> bytes)
    {
        if (label.StartsWith(Kinds.IngredientLabel, StringComparison.Ordinal)
            && CborValue.ReadMap(bytes).GetValueOrDefault("instanceID") is string id
            && id.StartsWith(IngredientAssertion.Sha256Prefix, StringComparison.Ordinal))
            _inputs.Add(id[IngredientAssertion.Sha256Prefix.Length..]);
        if (label.StartsWith(Kinds.ActionsLabel, StringComparison.Ordinal))
            _actions.AddRange((CborValue.ReadMap(bytes).GetValueOrDefault("actions") as List<object?> ?? [])
                .OfType<Dictionary<string, object?>>().Where(action => action.GetValueOrDefault("action") is string)
                .Select(action => new CredentialAction((string)action["action"]!, action.GetValueOrDefault("digitalSourceType") as string,
                    (action.GetValueOrDefault("parameters") as Dictionary<string, object?> ?? [])
                        .Where(entry => entry.Value is string).ToDictionary(entry => entry.Key, entry => (string)entry.Value!))));
    }

    private byte[] Hash(string? algorithm, ReadOnlySpan<byte> bytes) => CryptographicOperations.HashData(AlgorithmOf(algorithm), bytes);

    private HashAlgorithmName AlgorithmOf(string? algorithm) => (algorithm ?? _algorithm) switch
    {
        "sha256" => HashAlgorithmName.SHA256,
        "sha384" => HashAlgorithmName.SHA384,
        "sha512" => HashAlgorithmName.SHA512,
        var other => throw new MalformedException($"hashes are by '{other}', which C2PA doesn't allow"),
    };

    private JumbfBox? Fail(string code, string message)
    {
        _problems.Add(new(code, message));
        return null;
    }
}
