using GanOnnx.Inference;

namespace GanOnnx.Cli.Bench;

/// <summary>GanOnnx.Inference, which also draws the latents and hands out every image in new memory.</summary>
internal sealed class Library(ImageGenerator generator) : Candidate("GanOnnx, ImageGenerator.Generate")
{
    public override void Make(int images) => generator.Generate(images);

    public override void Dispose() => generator.Dispose();
}
