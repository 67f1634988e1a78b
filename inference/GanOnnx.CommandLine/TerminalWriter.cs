using System.Text;

namespace GanOnnx.CommandLine;

/// <summary>A terminal that may be closed while a program writes to it: what it can't show any more is no reason to fail.</summary>
/// <param name="terminal">Where to write.</param>
/// <param name="mayBeGone">Whether it may be gone; if not, what goes wrong is told.</param>
internal sealed class TerminalWriter(TextWriter terminal, Func<bool> mayBeGone) : TextWriter
{
    public override Encoding Encoding => terminal.Encoding;

    public override void Write(char value) => Try(() => terminal.Write(value));

    public override void Write(string? value) => Try(() => terminal.Write(value));

    public override void Write(char[] buffer, int index, int count) => Try(() => terminal.Write(buffer, index, count));

    public override void WriteLine(string? value) => Try(() => terminal.WriteLine(value));

    public override void Flush() => Try(terminal.Flush);

    private void Try(Action write)
    {
        try
        {
            write();
        }
        catch (IOException) when (mayBeGone())
        {
        }
    }
}
