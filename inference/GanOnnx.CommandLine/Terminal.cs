using System.Text;

namespace GanOnnx.CommandLine;

/// <summary>What the programs write to: everything is shown as <see cref="PlainText"/>, but what draws.</summary>
public static class Terminal
{
    /// <summary>Standard error as it is, for what moves the cursor; text from outside goes through <see cref="PlainText"/>
    /// before.</summary>
    public static TextWriter Drawing { get; private set; } = Console.Error;

    /// <summary>From now on, no text on standard output and standard error commands the terminal.</summary>
    internal static void Guard()
    {
        Drawing = Console.Error;
        Console.SetOut(new PlainWriter(Console.Out));
        Console.SetError(new PlainWriter(Drawing));
    }

    /// <summary>In JSON, what it shows means the same.</summary>
    internal sealed class PlainWriter(TextWriter inner) : TextWriter
    {
        public override Encoding Encoding => inner.Encoding;

        public override void Write(char value) => Write([value]);

        public override void Write(string? value) => Write(value.AsSpan());

        public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

        public override void Write(ReadOnlySpan<char> buffer) => inner.Write(PlainText.Of(buffer, keepLines: true));

        public override void Flush() => inner.Flush();
    }
}
