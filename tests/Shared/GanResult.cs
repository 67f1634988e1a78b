namespace GanOnnx.Tests.Shared;

/// <summary>What a program left behind.</summary>
internal sealed record GanResult(int ExitCode, string Output, string Error);
