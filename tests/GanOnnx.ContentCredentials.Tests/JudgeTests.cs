using GanOnnx.Tests.Shared.Credentials;

namespace GanOnnx.ContentCredentials.Tests;

/// <summary>What c2pa-rs, the reference implementation of others, says of pictures that ours signed.</summary>
public sealed class JudgeTests
{
    private TemporaryFolder _folder = null!;
    private CredentialJudge _judge = null!;

    [OneTimeSetUp]
    public void FindJudge()
    {
        _folder = new();
        _judge = CredentialJudge.Find(_folder["judge"]) ?? throw new IgnoreException("npm can't install the judge here.");
    }

    [OneTimeTearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public void Our_pictures_are_valid_and_their_signer_is_unknown()
    {
        var pictures = Write((name, i) => SignedPicture.Make(name, i));
        foreach (var verdict in _judge.Judge(pictures))
        {
            Assert.That(verdict.State, Is.EqualTo("Valid"), string.Join(' ', verdict.Failures));
            Assert.That(verdict.Failures, Is.EqualTo(["signingCredential.untrusted"]));
            Assert.That(verdict.Manifest, Does.Contain("\"c2pa.created\"").And.Contain("faces <α>").And.Contain("trainedAlgorithmicMedia"));
        }
    }

    [Test]
    public void They_are_trusted_by_who_trusts_the_authority()
    {
        using var identity = SigningIdentity.OfUser(_folder["own/signing"], out _);
        var pictures = Write((name, i) => ContentCredential.Sign(SignedPicture.Plain(name, i), SignedPicture.Claim, identity));
        foreach (var verdict in _judge.Judge(pictures, _folder["own/signing/authority.pem"]))
            Assert.That((verdict.State, string.Join(' ', verdict.Failures)), Is.EqualTo(("Trusted", "")));
    }

    [Test]
    public void A_picture_of_a_picture_is_valid_with_its_input()
    {
        var first = Ingredient.Of(new MemoryStream(SignedPicture.Make("a.png", 9)));
        var second = Ingredient.Of(new MemoryStream(SignedPicture.Make("a.jpg", 9, first)));
        var plain = Ingredient.Of(new MemoryStream(SignedPicture.Plain("a.png", 9)));
        Ingredient[] inputs = [first, second, plain];
        foreach (var verdict in _judge.Judge(Write((name, i) => SignedPicture.Make(name, i, inputs[i]))))
        {
            Assert.That(verdict.State, Is.EqualTo("Valid"), string.Join(' ', verdict.Failures));
            Assert.That(verdict.Failures, Is.All.EqualTo("signingCredential.untrusted"));
            Assert.That(verdict.Manifest, Does.Contain("\"inputTo\""));
        }
    }

    [Test]
    public void Large_claims_are_valid()
    {
        var claim = SignedPicture.Claim with { Parameters = new Dictionary<string, string> { ["org.example.text"] = new('x', 200_001) } };
        var pictures = Write((name, i) => ContentCredential.Sign(SignedPicture.Plain(name, i), claim, SignedPicture.Identity));
        Assert.That(_judge.Judge(pictures).Select(verdict => verdict.State), Is.All.EqualTo("Valid"));
    }

    private List<string> Write(Func<string, int, byte[]> make)
    {
        var files = new List<string>();
        foreach (var name in SignedPicture.Formats)
            for (var i = 0; i < 3; i++)
            {
                files.Add(_folder[$"{i}{name}"]);
                File.WriteAllBytes(files[^1], make(name, i));
            }
        return files;
    }
}
