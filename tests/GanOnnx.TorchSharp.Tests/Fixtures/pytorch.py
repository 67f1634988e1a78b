"""Prints the rows of PyTorch.cs: what Python's PyTorch (1.13) says for the cases of ModuleTests and OperatorTests."""
import math
import torch
from torch import nn
import torch.nn.functional as F

torch.set_grad_enabled(False)


def wave(*shape, seed=0, scale=1.0):
    n = math.prod(shape)
    return (torch.sin(0.7 * torch.arange(n, dtype=torch.float64) + seed) * scale).float().reshape(shape)


def fill(module):
    """The same weights as WithWaves(): a wave per name in alphabetical order."""
    for k, (name, p) in enumerate(sorted(module.state_dict().items())):
        if p.is_floating_point():
            w = wave(*p.shape, seed=k + 1, scale=0.5)
            p.copy_(w * w + 0.5 if name.endswith("running_var") else w)
    return module.eval()


def show(name, out):
    out = out.double().flatten(), "x".join(map(str, out.shape))
    i = torch.arange(len(out[0]), dtype=torch.float64)
    sums = [(out[0] * w).sum().item() for w in (torch.sin(0.9 * i + 1), torch.cos(1.7 * i), torch.ones_like(i))]
    print(f"        {name} | {out[1]} | " + " ".join(f"{s + 0.0:.5f}" for s in sums))


def call(name, module, *inputs, pick=None, **options):
    out = fill(module)(*inputs, **options)
    show(name, out if pick is None else pick(out))


x1, x2, x3 = wave(2, 4, 7), wave(2, 4, 6, 5), wave(1, 2, 4, 5, 3)

for mode in "zeros", "reflect", "replicate", "circular":
    call(f"conv1d {mode}", nn.Conv1d(4, 3, 3, padding=2, padding_mode=mode), x1)
    call(f"conv2d {mode}", nn.Conv2d(4, 3, (3, 2), stride=(2, 1), padding=(1, 2), padding_mode=mode), x2)
    if mode != "reflect":
        call(f"conv3d {mode}", nn.Conv3d(2, 3, (2, 3, 2), padding=(1, 2, 0), padding_mode=mode), x3)
call("conv2d dilated groups", nn.Conv2d(4, 6, (2, 3), dilation=(3, 2), groups=2, bias=False), x2)
call("conv2d unbatched", nn.Conv2d(4, 3, 3), x2[0])
call("conv1d same", nn.Conv1d(4, 3, 4, padding="same", dilation=2), x1)
call("conv2d same", nn.Conv2d(4, 3, (4, 3), padding="same"), x2)
call("conv3d same", nn.Conv3d(2, 3, 2, padding="same"), x3)
call("conv2d valid", nn.Conv2d(4, 3, (4, 3), padding="valid", stride=2), x2)
call("conv2d same reflect", nn.Conv2d(4, 3, 4, padding="same", padding_mode="reflect"), x2)
call("convtranspose1d", nn.ConvTranspose1d(4, 3, 3, stride=3, padding=1, output_padding=2), x1)
call("convtranspose2d", nn.ConvTranspose2d(4, 2, (3, 2), stride=(2, 3), padding=(1, 0), output_padding=1, dilation=(2, 1), groups=2), x2)
call("convtranspose2d sized", nn.ConvTranspose2d(4, 2, 3, stride=(2, 3)), x2, output_size=[14, 15])
call("convtranspose3d", nn.ConvTranspose3d(2, 3, (1, 2, 3), stride=(1, 2, 2)), x3)

call("linear", nn.Linear(7, 3), x1)
call("bilinear", nn.Bilinear(3, 4, 5), wave(2, 3), wave(2, 4, seed=1))
tokens = torch.tensor([[1, 2, 4], [0, 1, 3]])
call("embedding", nn.Embedding(5, 3, padding_idx=0), tokens)
call("embedding of a norm", nn.Embedding(5, 3, max_norm=0.4, norm_type=1.0), tokens)
for mode in "sum", "mean", "max":
    call(f"embeddingbag {mode}", nn.EmbeddingBag(5, 3, mode=mode, padding_idx=1), tokens)
    call(f"embeddingbag {mode} offsets", nn.EmbeddingBag(5, 3, mode=mode, include_last_offset=True), tokens.flatten(), torch.tensor([0, 2, 2, 6]))
call("embeddingbag weighted", nn.EmbeddingBag(5, 3, mode="sum"), tokens, None, wave(2, 3))

call("batchnorm1d", nn.BatchNorm1d(4), x1)
call("batchnorm1d of rows", nn.BatchNorm1d(4, eps=0.1), x1[:, :, 0])
call("batchnorm2d", nn.BatchNorm2d(4, affine=False), x2)
call("batchnorm3d", nn.BatchNorm3d(2, track_running_stats=False), x3)
call("instancenorm1d", nn.InstanceNorm1d(4), x1)
call("instancenorm2d", nn.InstanceNorm2d(4, affine=True), x2)
call("instancenorm2d unbatched", nn.InstanceNorm2d(4, affine=True), x2[0])
call("instancenorm2d running", nn.InstanceNorm2d(4, affine=True, track_running_stats=True), x2)
call("instancenorm3d", nn.InstanceNorm3d(2, eps=0.1), x3)
call("layernorm", nn.LayerNorm([6, 5], eps=1e-2), x2)
call("layernorm plain", nn.LayerNorm(5, elementwise_affine=False), x2)
call("groupnorm", nn.GroupNorm(2, 4, eps=1e-2), x2)
call("groupnorm plain", nn.GroupNorm(4, 4, affine=False), x1)
call("localresponsenorm of 3", nn.LocalResponseNorm(2, alpha=1.0, beta=0.5, k=2.0), x1)
call("localresponsenorm of 4", nn.LocalResponseNorm(3, alpha=1.0), x2)
call("localresponsenorm of 5", nn.LocalResponseNorm(2, alpha=1.0), x3)

a = wave(3, 4, 2, 2, scale=4)
for module in (nn.CELU(0.5), nn.ELU(0.5), nn.GELU(), nn.GLU(1), nn.Hardshrink(0.7), nn.Hardsigmoid(), nn.Hardswish(), nn.Hardtanh(-1, 2),
               nn.LeakyReLU(0.2), nn.LogSigmoid(), nn.LogSoftmax(1), nn.Mish(), nn.ReLU(), nn.ReLU6(), nn.RReLU(), nn.SELU(), nn.Sigmoid(), nn.SiLU(),
               nn.Softmax(1), nn.Softmax2d(), nn.Softmin(1), nn.Softplus(2, 1), nn.Softshrink(0.7), nn.Softsign(), nn.Tanh(), nn.Tanhshrink(),
               nn.Threshold(0.5, -2.0), nn.PReLU(4)):
    call(type(module).__name__.lower(), module, a)

call("maxpool1d", nn.MaxPool1d(3, 2, 1), x1)
call("maxpool2d", nn.MaxPool2d((3, 2), (2, 1), (1, 0)), x2)
call("maxpool2d ceil dilated", nn.MaxPool2d(2, 3, dilation=2, ceil_mode=True), x2)
call("maxpool3d", nn.MaxPool3d((2, 3, 1), ceil_mode=True), x3)
call("maxpool2d indices", nn.MaxPool2d(2, return_indices=True), x2, pick=lambda o: o[1])
call("avgpool1d", nn.AvgPool1d(3, 2, 1, count_include_pad=False), x1)
call("avgpool2d", nn.AvgPool2d((3, 2), padding=(1, 0)), x2)
call("avgpool2d ceil", nn.AvgPool2d(3, 2, 1, ceil_mode=True), x2)
call("avgpool2d ceil, pads not counted", nn.AvgPool2d(3, 2, 1, ceil_mode=True, count_include_pad=False), x2)
call("avgpool2d divisor", nn.AvgPool2d(2, divisor_override=3), x2)
call("avgpool3d", nn.AvgPool3d((2, 2, 3), stride=1, divisor_override=5), x3)
call("lppool1d", nn.LPPool1d(3, 2), wave(2, 4, 7, scale=0.2) + 1)
call("lppool2d", nn.LPPool2d(2, (3, 2), stride=2, ceil_mode=True), x2)
call("adaptiveavgpool1d", nn.AdaptiveAvgPool1d(3), x1)
call("adaptiveavgpool2d", nn.AdaptiveAvgPool2d((4, 3)), x2)
call("adaptiveavgpool3d", nn.AdaptiveAvgPool3d(2), x3)
call("adaptivemaxpool1d", nn.AdaptiveMaxPool1d(3), x1)
call("adaptivemaxpool2d", nn.AdaptiveMaxPool2d((4, 3)), x2)
call("adaptivemaxpool2d indices", nn.AdaptiveMaxPool2d((4, 3), return_indices=True), x2, pick=lambda o: o[1])

call("upsample nearest", nn.Upsample(scale_factor=(1.5, 2.0)), x2)
call("upsample nearest of 3", nn.Upsample(size=10), x1)
call("upsample nearest of 5", nn.Upsample(size=(5, 4, 7)), x3)
call("upsample linear", nn.Upsample(scale_factor=2.5, mode="linear"), x1)
for corners in False, True:
    call(f"upsample bilinear {corners}", nn.Upsample(size=(4, 9), mode="bilinear", align_corners=corners), x2)
    call(f"upsample bicubic {corners}", nn.Upsample(scale_factor=(1.5, 0.7), mode="bicubic", align_corners=corners), x2)
    call(f"upsample trilinear {corners}", nn.Upsample(scale_factor=(2.0, 1.3, 0.7), mode="trilinear", align_corners=corners), x3)
call("upsample recomputed", nn.Upsample(scale_factor=(1.3, 1.7), mode="bilinear", align_corners=False, recompute_scale_factor=True), x2)
show("interpolate area", F.interpolate(x2, (4, 3), mode="area"))
show("interpolate exact", F.interpolate(x2, (4, 8), mode="nearest-exact"))
show("interpolate antialias", F.interpolate(x2, (3, 2), mode="bilinear", antialias=True))

call("pixelshuffle", nn.PixelShuffle(2), x2)
call("pixelunshuffle", nn.PixelUnshuffle(2), x2[:, :, :, :4])
call("channelshuffle", nn.ChannelShuffle(2), x2)
call("fold", nn.Fold((5, 4), (2, 3), dilation=(2, 1), padding=(0, 1), stride=(1, 2)), wave(2, 12, 6))
call("unfold", nn.Unfold((2, 3), dilation=(2, 1), padding=(0, 1), stride=(1, 2)), x2)
call("constantpad1d", nn.ConstantPad1d((1, 2), 3.0), x1)
call("constantpad2d", nn.ConstantPad2d((1, 2, 0, 3), 3.0), x2)
call("constantpad3d", nn.ConstantPad3d((1, 2, 0, 3, 1, 0), 3.0), x3)
call("zeropad2d", nn.ZeroPad2d((1, 2, 0, 3)), x2)
call("reflectionpad1d", nn.ReflectionPad1d((1, 2)), x1)
call("reflectionpad2d", nn.ReflectionPad2d((1, 2, 0, 3)), x2)
call("reflectionpad3d", nn.ReflectionPad3d((1, 2, 0, 3, 1, 0)), x3)
call("replicationpad1d", nn.ReplicationPad1d((1, 2)), x1)
call("replicationpad2d", nn.ReplicationPad2d((1, 2, 0, 3)), x2)
call("replicationpad3d", nn.ReplicationPad3d((1, 2, 0, 3, 1, 0)), x3)
call("cosinesimilarity", nn.CosineSimilarity(1), x2, wave(2, 4, 6, 5, seed=2))
call("pairwisedistance", nn.PairwiseDistance(1.0, keepdim=True), wave(3, 4), wave(3, 4, seed=2))

sequence, first, cells = wave(5, 2, 4), wave(2, 2, 3, seed=2), wave(2, 2, 3, seed=3)
call("rnn", nn.RNN(4, 3, 2), sequence, first, pick=lambda o: o[0])
call("rnn relu, batch first", nn.RNN(4, 3, nonlinearity="relu", batch_first=True), sequence, pick=lambda o: o[1])
call("gru", nn.GRU(4, 3, 2), sequence, first, pick=lambda o: o[0])
call("gru both ways, without bias", nn.GRU(4, 3, bias=False, bidirectional=True), sequence, pick=lambda o: o[0])
call("gru hidden", nn.GRU(4, 3, bidirectional=True), sequence, pick=lambda o: o[1])
call("lstm", nn.LSTM(4, 3, 2), sequence, (first, cells), pick=lambda o: o[0])
call("lstm both ways", nn.LSTM(4, 3, 2, batch_first=True, bidirectional=True), sequence, pick=lambda o: o[0])
call("lstm hidden", nn.LSTM(4, 3, 2), sequence, pick=lambda o: o[1][0])
call("lstm cell", nn.LSTM(4, 3, 2), sequence, pick=lambda o: o[1][1])
call("rnncell", nn.RNNCell(4, 3), sequence[0], first[0])
call("grucell", nn.GRUCell(4, 3, bias=False), sequence[0])
call("lstmcell", nn.LSTMCell(4, 3), sequence[0], (first[0], cells[0]), pick=lambda o: o[0])

query, key = wave(3, 2, 4), wave(5, 2, 4, seed=1)
blocked = torch.ones(3, 5).triu(1).bool()
padding = torch.tensor([[False, False, False, True, True], [False] * 5])
call("attention", nn.MultiheadAttention(4, 2), query, key, key, pick=lambda o: o[0])
call("attention weights", nn.MultiheadAttention(4, 2), query, key, key, pick=lambda o: o[1])
call("attention masked", nn.MultiheadAttention(4, 2, bias=False), query, key, key, key_padding_mask=padding, attn_mask=blocked, pick=lambda o: o[0])
call("attention of other sizes", nn.MultiheadAttention(4, 2, kdim=3, vdim=3, add_bias_kv=True, add_zero_attn=True), query, wave(5, 2, 3), wave(5, 2, 3),
     pick=lambda o: o[0])
call("encoderlayer", nn.TransformerEncoderLayer(4, 2, 6), key)
call("encoderlayer gelu, masked", nn.TransformerEncoderLayer(4, 2, 6, activation="gelu"), key, wave(5, 5), padding)
call("encoder", nn.TransformerEncoder(nn.TransformerEncoderLayer(4, 2, 6), 2, enable_nested_tensor=False), key)
call("decoderlayer", nn.TransformerDecoderLayer(4, 2, 6), query, key)
call("decoder", nn.TransformerDecoder(nn.TransformerDecoderLayer(4, 2, 6), 2), query, key)
call("transformer", nn.Transformer(4, 2, 1, 1, 6), key, query)

x, y, p = wave(3, 4), wave(3, 4, seed=2), wave(3, 4, scale=0.4) + 1
n = torch.tensor([[0, 2, 1, 1], [2, 0, 0, 1], [1, 1, 2, 0]])
print("        -")
for name, out in {
    "exp": x.exp(), "log": p.log(), "sqrt": p.sqrt(), "rsqrt": p.rsqrt(), "reciprocal": p.reciprocal(), "sin": x.sin(), "cos": x.cos(),
    "floor": (x * 3).floor(), "ceil": (x * 3).ceil(), "round": (x * 3).round(), "round to 1": x.round(decimals=1), "abs": x.abs(), "sign": x.sign(),
    "erf": x.erf(), "clamp": x.clamp(-0.5, 0.25), "clamp min": x.clamp(min=0.25), "clamp max": x.clamp(max=0.25), "minimum": torch.minimum(x, y),
    "maximum": torch.maximum(x, y), "pow": p.pow(2.5), "pow tensor": p.pow(y), "remainder": x.remainder(0.3), "fmod": x.fmod(0.3), "div": x / p,
    "div floor": x.div(p, rounding_mode="floor"), "div trunc": (x * 3).div(0.7, rounding_mode="trunc"), "floor divide": (x * 3).div(p, rounding_mode="floor"),
    "1 - x": 1 - x, "1 / p": 1 / p, "lerp": x.lerp(y, p), "addcmul": x.addcmul(y, p, value=2), "atan2": x.atan2(y), "where": torch.where(x > y, x, y),
    "matmul": x @ y.t(), "mm": x.mm(y.t()), "bmm": x2[:, :, 0].bmm(x2[:, :, 0].transpose(1, 2)), "einsum": torch.einsum("ij,kj->ik", x, y),
    "transpose": x2.transpose(1, 3), "permute": x2.permute(0, 2, 3, 1), "squeeze": x.unsqueeze(1).squeeze(1), "unsqueeze": x.unsqueeze(-1),
    "expand": x[:, None].expand(3, 2, 4), "repeat": x.repeat(2, 1, 3), "repeat interleave": x.repeat_interleave(2, 1), "tile": x.tile((2,)),
    "narrow": x.narrow(1, 1, 2), "slice": x[:, 0:4:2], "select": x.select(1, 2), "index select": x.index_select(1, n[0]), "gather": x.gather(1, n),
    "stack": torch.stack([x, y], 1), "cat": torch.cat([x, y], 1), "split": x.split(3, 1)[1], "split sizes": x.split([1, 2, 1], 1)[1],
    "chunk": x.chunk(3, 1)[1], "unbind": x.unbind(1)[2], "flip": x.flip(0, 1), "roll": x.roll(1), "roll axes": x.roll((1, 2), (0, 1)),
    "tril": x.tril(1), "triu": x.triu(), "masked fill": x.masked_fill(x > 0, 2.0), "unfold axis": x.unfold(1, 2, 1),
    "sum": x.sum(), "sum axis": x.sum(1), "sum axes": x2.sum((1, 3), keepdim=True), "mean axes": x2.mean((0, 2)), "prod": p.prod(1), "amax": x2.amax((1, 2)),
    "amin": x2.amin((1, 2), keepdim=True), "max axis": x.max(1).values, "min axis": x.min(0, keepdim=True).indices, "argmax": x.argmax(1),
    "argmax of all": x.argmax(), "std": x.std(), "std axis": x.std(1, unbiased=False), "var": x.var(), "var axes": x2.var((1, 3), keepdim=True),
    "norm": x.norm(), "norm axis": x.norm(1.0, 1, keepdim=True), "logsumexp": x.logsumexp(1), "cumsum": x.cumsum(1), "softmax": x.softmax(0),
    "log softmax": x.log_softmax(1), "sort": x.sort(1, descending=True).values, "topk": x.topk(2, 1).indices, "normalize": F.normalize(x, p=1.0, dim=0),
    "one hot": F.one_hot(n, 4), "pad": F.pad(x, (1, 2)), "attention": F.softmax(x @ y.t() / 2, -1) @ y, "arange": torch.arange(1, 3, 0.5), "linspace": torch.linspace(-1, 1, 5),
    "eye": torch.eye(2, 3), "half": x.half(), "long": (x * 3).long(), "bool": (x > 0), "logical": (x > 0) & (y > 0) | ~(x < y),
    "affine grid": F.affine_grid(wave(2, 2, 3), [2, 4, 5, 3], align_corners=False), "affine grid aligned": F.affine_grid(wave(2, 2, 3), [2, 4, 5, 3], align_corners=True),
    "grid sample": F.grid_sample(x2, wave(2, 5, 3, 2, seed=3, scale=1.5), align_corners=False),
    "grid sample nearest mirrored": F.grid_sample(x2, wave(2, 5, 3, 2, seed=3, scale=1.5), mode="nearest", padding_mode="reflection", align_corners=False),
    "grid sample border aligned": F.grid_sample(x2, wave(2, 5, 3, 2, seed=3, scale=1.5), padding_mode="border", align_corners=True),
    "index ellipsis": x2[..., 1], "index mixed": x2[:, None, 1:3, -1], "index by tensors": x2[:, n[0]], "index by mask": x[x > 0],
}.items():
    show(name, out)
