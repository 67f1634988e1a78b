using GanOnnx.Imaging;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;
using static GanOnnx.Evaluation.ReportPage;

namespace GanOnnx.Evaluation;

/// <summary>An evaluation as one HTML page that needs no network.</summary>
internal static class EvaluationReport
{
    private const int Shown = 64, Columns = 8;

    /// <summary>Writes the page; one that is there is replaced.</summary>
    public static void Write(string path, EvaluationResult result, ImageSet generated, ImageSet real) => ReportPage.Write(path,
        result.Subject,
        $"{Invariant($"{result.Images:#,0}")} images{(result.ModelSha256 is null ? "" : Invariant($" of seed {result.Seed}"))}{Truncated(result.Truncation)} beside {Invariant($"{result.Real.Compared:#,0}")} real ones of {Encode(result.Real.Data)}, {result.Real.Size} × {result.Real.Size} pixels.",
        $"""
        {Figures(result)}
        <section class="sets"><figure><figcaption>Generated</figcaption>{Grid(generated)}</figure><figure><figcaption>Real</figcaption>{Grid(real)}</figure></section>
        {Pairs(result, generated, real)}
        {Classes(result.Classes)}
        {SweepTable(result)}
        """, result.Remarks);

    private static string Figures(EvaluationResult result)
    {
        var rows = from scaled in result.Figures
                   let figure = scaled.Figure
                   let title = figure.Name == "fd" ? result.Network.FrechetName : figure.Name
                   select $"""
                       <tr><th scope="row">{Encode(title)}<span>{Encode(figure.Description)}</span></th><td class="number">{FigureText.Value(figure)}</td><td class="number">{FigureText.Interval(figure)}</td><td class="number">{FigureText.Number(scaled.Real)}</td><td class="number">{FigureText.Number(scaled.Noise)}</td><td>{Scale(scaled)}</td></tr>
                       """;
        return $"""
            <section><h2>Figures</h2><div class="wide"><table><thead><tr><th>figure</th><th class="number">value</th><th class="number">95 % between</th><th class="number">real images</th><th class="number">noise</th><th>from noise to real</th></tr></thead>
            <tbody>
            {string.Join('\n', rows)}
            </tbody></table></div></section>
            """;
    }

    // Where a value lies on the way from noise, at the left, to real images.
    private static string Scale(ScaledFigure scaled)
    {
        if (!scaled.Figure.HasScale || scaled.Real is not { } real || scaled.Noise is not { } noise || !(Math.Abs(real - noise) > 1e-12))
            return "";
        var part = Math.Clamp((scaled.Figure.Value - noise) / (real - noise), 0, 1);
        return Invariant($"""<div class="scale" role="img" aria-label="{part * 100:0} % of the way"><span style="left:{part * 100:0.#}%"></span></div>""");
    }

    private static string Pairs(EvaluationResult result, ImageSet generated, ImageSet real)
    {
        if (result.Nearest.Count == 0)
            return "";
        var pairs = result.Nearest.Select(pair => $"""
            <figure>{Picture(Image(generated, pair.Generated), "generated")}{Picture(Image(real, pair.Real), "real")}<figcaption>{Encode(pair.GeneratedName)}<br>{Encode(pair.RealName)}{(pair.Distance is { } distance ? $"<br>distance {FigureText.Number(distance)}" : "")}</figcaption></figure>
            """);
        return $"""
            <section><h2>Nearest to real images</h2>
            <p>The generated images (left) that lie nearest to a real one (right), the nearest first.
            A distance below 1 is smaller than that of 99 % of real images that aren't compared with:
            look whether the two are the same picture.</p>
            <div class="pairs">{string.Concat(pairs)}</div></section>
            """;
    }

    private static string Classes(ClassResults? classes)
    {
        if (classes is null)
            return "";
        var rows = classes.All.Select(c => $"""<tr><th scope="row">{Encode(c.Name)}</th><td class="number">{FigureText.Percent(c.Share)}</td><td class="number">{FigureText.Percent(c.Accuracy)}</td><td class="number">{FigureText.Percent(c.RealAccuracy)}</td><td>{Encode(string.Join(", ", c.TakenFor.Take(2).Select(other => $"{other.Name} ({FigureText.Percent(other.Share)})")))}</td></tr>""");
        return $"""
            <section><h2>Classes</h2><div class="wide"><table><thead><tr><th>class</th><th class="number">share</th><th class="number">obeyed</th><th class="number">in real images</th><th>otherwise taken for</th></tr></thead><tbody>{string.Join('\n', rows)}</tbody></table></div></section>
            """;
    }

    private static string SweepTable(EvaluationResult result)
    {
        if (result.Sweep.Count == 0)
            return "";
        var names = result.Sweep[0].Figures.Select(figure => figure.Name).ToList();
        var rows = result.Sweep.Select(row => $"""<tr><th scope="row">{Invariant($"{row.Truncation:0.##}")}</th>{string.Concat(row.Figures.Select(figure => $"<td class=\"number\">{FigureText.Value(figure)}</td>"))}</tr>""");
        return $"""
            <section><h2>Truncation</h2><p>Quality against variety: the lower, the nearer to the mean image.</p><div class="wide"><table><thead><tr><th>truncation</th>{string.Concat(names.Select(name => $"<th class=\"number\">{Encode(name)}</th>"))}</tr></thead><tbody>{string.Join('\n', rows)}</tbody></table></div></section>
            """;
    }

    private static string Grid(ImageSet images)
    {
        var places = RealImages.Spread(images.Count, Math.Min(Shown, images.Count));
        var pictures = places.Select(place => Image(images, place)).ToList();
        try
        {
            using var grid = ImageGrid.Compose(pictures, new ImageGridOptions { Columns = Columns });
            return Picture(grid, "a grid of images");
        }
        finally
        {
            pictures.ForEach(picture => picture.Dispose());
        }
    }

    private static Image Image(ImageSet images, int place)
    {
        var pixels = new byte[images.Length];
        images.Read(place, 1, pixels, default);
        return images.Channels == 1 ? SixLabors.ImageSharp.Image.LoadPixelData<L8>(pixels, images.Size, images.Size)
            : SixLabors.ImageSharp.Image.LoadPixelData<Rgb24>(pixels, images.Size, images.Size);
    }

    private static string Truncated(float? truncation) => truncation is { } value ? Invariant($" and truncation {value:0.##}") : "";
}
