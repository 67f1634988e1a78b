namespace GanOnnx.Inference;

/// <summary>
/// Another image whose style is mixed into one (Karras et al. 2019, section 3.1): layers of low resolution decide pose and shape,
/// those of high resolution colour and texture, so each of the two gives what its layers decide.
/// </summary>
/// <param name="Seed">The seed the other image's latent is drawn with.</param>
/// <param name="FromLayer">The first layer that takes the other image's style, counted from 0, the lowest resolution, which is all
/// of them, to <see cref="ModelDescription.StyleLayers"/> − 1, the last one alone. StyleGAN2 has one at 4 × 4 pixels and two at each size
/// above.</param>
/// <param name="Index">Which image of that seed. The default is 0.</param>
public readonly record struct StyleMix(ulong Seed, int FromLayer, ulong Index = 0);
