using System.Text;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;
using static GanOnnx.Evaluation.ReportPage;

namespace GanOnnx.Evaluation;

/// <summary>An evaluation of pairs as a page. Pictures are shown to it as they come; the first few are kept, encoded.</summary>
internal sealed class PairReport
{
    private const int Shown = 12, LargestSide = 320, RowsShown = 1000;

    private readonly string _path;
    private readonly StringBuilder _pictures = new();
    private int _shown;

    private PairReport(string path) => _path = path;

    /// <summary>A page that will be written there.</summary>
    /// <exception cref="IOException">Something else is there.</exception>
    public static PairReport For(string path)
    {
        Check(path);
        return new(path);
    }

    /// <summary>Shows a picture, of a large one its middle.</summary>
    public void Show(PictureFigures figures, Image<Rgb24> input, Image<Rgb24> made, Image<Rgb24>? bicubic, Image<Rgb24> target)
    {
        if (_shown++ >= Shown)
            return;
        var shown = new Size(Math.Min(LargestSide, target.Width), Math.Min(LargestSide, target.Height));
        var ofInput = new Size(Math.Max(1, shown.Width * input.Width / target.Width),
            Math.Max(1, shown.Height * input.Height / target.Height));
        var bicubicCell = bicubic is null ? "" : Cell(bicubic, shown, "bicubic", Caption("bicubic", figures.Bicubic!));
        _pictures.Append("<h3>").Append(Encode(figures.Name)).Append("</h3><div class=\"beside\">")
            .Append(Cell(input, ofInput, "input", Invariant($"input, {input.Width} × {input.Height}")))
            .Append(bicubicCell).Append(Cell(made, shown, "output", Caption("output", figures.Model)))
            .Append(Cell(target, shown, "target", Invariant($"target, {target.Width} × {target.Height}"))).Append("</div>\n");
    }

    /// <summary>Writes the page; one that is there is replaced.</summary>
    public void Write(PairEvaluationResult result)
    {
        ReportPage.Write(_path, result.Model, Encode($"{FigureText.Lead(result)}."), $"""
            <section><h2>Figures</h2><div class="wide">{Table(result)}</div></section>
            <section><h2>Pictures</h2>
            <p>{(_shown > Shown ? $"The first {Shown}" : "All")}; of those above {LargestSide} pixels the middle.</p>
            {_pictures}</section>
            """, result.Remarks);
    }

    private static string Table(PairEvaluationResult result)
    {
        var (head, rows) = (FigureText.Heads(result), FigureText.Rows(result, RowsShown));
        return $"""
            <table><thead><tr><th>{head[0]}</th>{string.Concat(head[1..].Select(title => $"<th class=\"number\">{title}</th>"))}</tr></thead>
            <tbody>
            {string.Join('\n', rows.Select(Row))}
            </tbody></table>
            """;

        static string Row(string[] row) =>
            $"<tr><th scope=\"row\">{Encode(row[0])}</th>{string.Concat(row[1..].Select(cell => $"<td class=\"number\">{cell}</td>"))}</tr>";
    }

    private static string Caption(string title, PictureSimilarity figures) =>
        $"{title}, {FigureText.Decibels(figures.Psnr)} dB, SSIM {FigureText.Number(figures.Ssim)}";

    private static string Cell(Image<Rgb24> picture, Size size, string alternative, string caption)
    {
        var corner = new Point((picture.Width - size.Width) / 2, (picture.Height - size.Height) / 2);
        using var middle = picture.Clone(context => context.Crop(new(corner, size)));
        return $"<figure>{Picture(middle, alternative)}<figcaption>{caption}</figcaption></figure>";
    }
}
