using System.Globalization;
using System.Net;
using System.Text;
using GanOnnx.Data;
using SixLabors.ImageSharp;

namespace GanOnnx.Evaluation;

/// <summary>One HTML page that needs no network, and what it is made of.</summary>
internal static class ReportPage
{
    private const int SmallWidth = 96;

    private const string Mark = "<meta name=\"generator\" content=\"GanOnnx evaluation\">";

    /// <summary>Checks that a page can be written there.</summary>
    /// <exception cref="IOException">Something else is there.</exception>
    public static void Check(string path) => OwnFile.Check(path, IsOne);

    /// <summary>Writes a page; one that is there is replaced.</summary>
    /// <param name="path">The .html file.</param>
    /// <param name="subject">The model's path or name, as text.</param>
    /// <param name="lead">A sentence under it, as HTML.</param>
    /// <param name="sections">The rest, as HTML.</param>
    /// <param name="remarks">What has to be known to read it, as text.</param>
    public static void Write(string path, string subject, string lead, string sections, IEnumerable<string> remarks)
    {
        var name = Encode(Path.GetFileName(Path.TrimEndingDirectorySeparator(subject)));
        var page = Encoding.UTF8.GetBytes($"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            {Mark}
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
            <title>{name}: evaluation</title>
            <style>
            {Resource("evaluation.css")}</style>
            </head>
            <body>
            <header>
            <p class="kind">GAN evaluation</p>
            <h1>{name}</h1>
            <p class="lead">{lead}</p>
            </header>
            <main>
            {sections}
            <section class="remarks"><h2>To read it</h2><ul>{string.Concat(remarks.Select(remark => $"<li>{Encode(remark)}</li>"))}</ul></section>
            </main>
            </body>
            </html>

            """);
        OwnFile.Write(path, IsOne, stream => stream.Write(page), makeFolder: true);
    }

    /// <summary>A picture in the page.</summary>
    public static string Picture(Image image, string alternative)
    {
        using var png = new MemoryStream();
        image.SaveAsPng(png);
        var size = image.Width < SmallWidth ? " class=\"small\"" : "";
        return $"<img{size} alt=\"{alternative}\" src=\"data:image/png;base64,{Convert.ToBase64String(png.ToArray())}\">";
    }

    /// <summary>Text with numbers as they are written everywhere.</summary>
    public static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>Text as HTML.</summary>
    public static string Encode(string text) => WebUtility.HtmlEncode(new string([.. text.Select(c => char.IsControl(c) ? '\uFFFD' : c)]));

    private static bool IsOne(string path)
    {
        using var reader = new StreamReader(path);
        var start = new char[1000];
        return start.AsSpan(0, reader.ReadBlock(start)).Contains(Mark, StringComparison.Ordinal);
    }

    private static string Resource(string name)
    {
        using var reader = new StreamReader(typeof(ReportPage).Assembly.GetManifestResourceStream($"GanOnnx.Evaluation.Report.{name}")!);
        return reader.ReadToEnd();
    }
}
