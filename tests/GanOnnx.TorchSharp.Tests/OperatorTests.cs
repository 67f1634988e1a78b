using GanOnnx.TorchSharp.Tests.Fixtures;
using TorchSharp;
using static GanOnnx.TorchSharp.Tests.Fixtures.Values;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanOnnx.TorchSharp.Tests;

/// <summary>Operators against PyTorch's: above all, that each argument goes to its place.</summary>
public sealed class OperatorTests
{
    private static Tensor X => Wave([3, 4]);
    private static Tensor Y => Wave([3, 4], 2);
    private static Tensor P => Wave([3, 4], scale: 0.4) + 1;
    private static Tensor N => tensor(new long[] { 0, 2, 1, 1, 2, 0, 0, 1, 1, 1, 2, 0 }, [3, 4]);
    private static Tensor X2 => Wave([2, 4, 6, 5]);
    private static Tensor Grid => Wave([2, 5, 3, 2], 3, 1.5);

    private static readonly Dictionary<string, Func<Tensor>> Cases = new()
    {
        ["exp"] = () => X.exp(),
        ["log"] = () => P.log(),
        ["sqrt"] = () => sqrt(P),
        ["rsqrt"] = () => P.rsqrt(),
        ["reciprocal"] = () => P.reciprocal(),
        ["sin"] = () => sin(X),
        ["cos"] = () => X.cos(),
        ["floor"] = () => (X * 3).floor(),
        ["ceil"] = () => (X * 3).ceil(),
        ["round"] = () => (X * 3).round(),
        ["round to 1"] = () => X.round(1),
        ["abs"] = () => X.abs(),
        ["sign"] = () => X.sign(),
        ["erf"] = () => X.erf(),
        ["clamp"] = () => X.clamp(-0.5, 0.25),
        ["clamp min"] = () => X.clamp_min(0.25),
        ["clamp max"] = () => clamp(X, max: (Scalar)0.25),
        ["minimum"] = () => minimum(X, Y),
        ["maximum"] = () => X.maximum(Y),
        ["pow"] = () => P.pow(2.5),
        ["pow tensor"] = () => P.pow(Y),
        ["remainder"] = () => X % 0.3,
        ["fmod"] = () => X.fmod(0.3),
        ["div"] = () => X / P,
        ["div floor"] = () => X.div(P, RoundingMode.floor),
        ["div trunc"] = () => (X * 3).div(0.7, RoundingMode.trunc),
        ["floor divide"] = () => (X * 3).floor_divide(P),
        ["1 - x"] = () => 1 - X,
        ["1 / p"] = () => 1.0 / P,
        ["lerp"] = () => X.lerp(Y, P),
        ["addcmul"] = () => X.addcmul(Y, P, 2),
        ["atan2"] = () => X.atan2(Y),
        ["where"] = () => where(X > Y, X, Y),
        ["matmul"] = () => X.matmul(Y.t()),
        ["mm"] = () => mm(X, Y.t()),
        ["bmm"] = () => X2.select(2, 0).bmm(X2.select(2, 0).transpose(1, 2)),
        ["einsum"] = () => einsum("ij,kj->ik", X, Y),
        ["transpose"] = () => X2.transpose(1, 3),
        ["permute"] = () => X2.permute(0, 2, 3, 1),
        ["squeeze"] = () => X.unsqueeze(1).squeeze(1),
        ["unsqueeze"] = () => unsqueeze(X, -1),
        ["expand"] = () => X.unsqueeze(1).expand(3, 2, 4),
        ["repeat"] = () => X.repeat(2, 1, 3),
        ["repeat interleave"] = () => X.repeat_interleave(2, 1),
        ["tile"] = () => X.tile([2]),
        ["narrow"] = () => X.narrow(1, 1, 2),
        ["slice"] = () => X.slice(1, 0, 4, 2),
        ["select"] = () => X.select(1, 2),
        ["index select"] = () => X.index_select(1, N.select(0, 0)),
        ["gather"] = () => X.gather(1, N),
        ["stack"] = () => stack([X, Y], 1),
        ["cat"] = () => cat([X, Y], 1),
        ["split"] = () => X.split(3, 1)[1],
        ["split sizes"] = () => X.split([1, 2, 1], 1)[1],
        ["chunk"] = () => X.chunk(3, 1)[1],
        ["unbind"] = () => X.unbind(1)[2],
        ["flip"] = () => X.flip(0, 1),
        ["roll"] = () => X.roll(1),
        ["roll axes"] = () => X.roll((1, 2), (0, 1)),
        ["tril"] = () => X.tril(1),
        ["triu"] = () => X.triu(),
        ["masked fill"] = () => X.masked_fill(X > 0, 2),
        ["unfold axis"] = () => X.unfold(1, 2, 1),
        ["sum"] = () => X.sum(),
        ["sum axis"] = () => X.sum(1),
        ["sum axes"] = () => X2.sum([1, 3], true),
        ["mean axes"] = () => X2.mean([0, 2]),
        ["prod"] = () => P.prod(1),
        ["amax"] = () => X2.amax(1, 2),
        ["amin"] = () => X2.amin([1, 2], keepdim: true),
        ["max axis"] = () => X.max(1).values,
        ["min axis"] = () => X.min(0, true).indexes,
        ["argmax"] = () => X.argmax(1),
        ["argmax of all"] = () => argmax(X),
        ["std"] = () => X.std(),
        ["std axis"] = () => X.std(1, unbiased: false),
        ["var"] = () => X.var(),
        ["var axes"] = () => X2.var([1, 3], keepdim: true),
        ["norm"] = () => X.norm(),
        ["norm axis"] = () => X.norm(1, true, 1),
        ["logsumexp"] = () => X.logsumexp(1),
        ["cumsum"] = () => X.cumsum(1),
        ["softmax"] = () => X.softmax(0),
        ["log softmax"] = () => functional.log_softmax(X, 1),
        ["sort"] = () => X.sort(1, descending: true).Values,
        ["topk"] = () => X.topk(2, 1).indexes,
        ["normalize"] = () => functional.normalize(X, 1, 0),
        ["one hot"] = () => functional.one_hot(N, 4),
        ["pad"] = () => functional.pad(X, (1, 2)),
        ["attention"] = () => functional.scaled_dot_product_attention(X, Y, Y),
        ["arange"] = () => arange(1, 3, 0.5),
        ["linspace"] = () => linspace(-1, 1, 5),
        ["eye"] = () => eye(2, 3),
        ["half"] = () => X.half(),
        ["long"] = () => (X * 3).@long(),
        ["bool"] = () => X.gt(0),
        ["logical"] = () => (X > 0) & (Y > 0) | ~(X < Y),
        ["affine grid"] = () => functional.affine_grid(Wave([2, 2, 3]), [2, 4, 5, 3]),
        ["affine grid aligned"] = () => functional.affine_grid(Wave([2, 2, 3]), [2, 4, 5, 3], align_corners: true),
        ["grid sample"] = () => functional.grid_sample(X2, Grid),
        ["grid sample nearest mirrored"] = () => functional.grid_sample(X2, Grid, GridSampleMode.Nearest, GridSamplePaddingMode.Reflection, align_corners: false),
        ["grid sample border aligned"] = () => functional.grid_sample(X2, Grid, padding_mode: GridSamplePaddingMode.Border, align_corners: true),
        ["index ellipsis"] = () => X2[TensorIndex.Ellipsis, 1],
        ["index mixed"] = () => X2[TensorIndex.Colon, TensorIndex.None, 1..3, ^1],
        ["index by tensors"] = () => X2[TensorIndex.Colon, TensorIndex.Tensor(N.select(0, 0))],
        ["index by mask"] = () => X[X > 0],
    };

    private static IEnumerable<string> Names() => PyTorch.Names(PyTorch.Operators);

    [TestCaseSource(nameof(Names))]
    public void Operator_ComputesWhatPyTorchDoes(string name)
    {
        using var scope = NewDisposeScope();

        PyTorch.Check(PyTorch.Operators, name, Cases[name]());
    }

    [Test]
    public void Cases_AllHaveTheirRow() => Assert.That(Names(), Is.EquivalentTo(Cases.Keys));

    [Test]
    public void Factories_HaveTheDocumentedTypes()
    {
        using var scope = NewDisposeScope();

        Assert.That(
            new[] { arange(3), arange(0, 1, 0.5), full(2, 2, 1), full(2, 2, 1.0), full(2, true), zeros(2), randint(3, new long[] { 2 }), tensor(1), tensor(1.0), tensor(true), X.half() }.Select(t => t.dtype),
            Is.EqualTo(new[] { int64, float32, int64, float32, int64, float32, int64, int32, float64, ScalarType.Bool, float16 }));
    }

    [Test]
    public void RandomFactories_DrawWhatTheySay()
    {
        using var scope = NewDisposeScope();
        manual_seed(3);

        Assert.That(Of(rand(20, 50)), Is.All.InRange(0, 1));
        Assert.That(Of(randn(20, 50)).Average(), Is.EqualTo(0).Within(0.1), "three standard errors of a thousand values");
        Assert.That(randint(2, 5, new long[] { 100 }).data<long>().Distinct().Order(), Is.EqualTo(new long[] { 2, 3, 4 }));
    }

    /// <summary>The published TorchSharp passes the flag to a native function that doesn't take it.</summary>
    [Test]
    public void Var_OfAllElements_IsUnbiasedWhateverIsAsked()
    {
        using var scope = NewDisposeScope();

        Assert.That(X.var(unbiased: false).item<float>(), Is.EqualTo(X.var().item<float>()));
    }

    [Test]
    public void Half_KeepsElevenBits()
    {
        using var scope = NewDisposeScope();
        using var halves = tensor(new[] { (Half)0.1, (Half)(-65504) });

        Assert.That(Of(halves.@float()), Is.EqualTo(new[] { 0.099975586f, -65504 }));
        Assert.That(Vector(0.1f).half().data<Half>().ToArray(), Is.EqualTo(new[] { (Half)0.1 }));
    }
}
