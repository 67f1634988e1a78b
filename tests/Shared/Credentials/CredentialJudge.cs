using System.Diagnostics;
using System.Text.Json;

namespace GanOnnx.Tests.Shared.Credentials;

/// <summary>What the judge says of a picture: <c>Valid</c>, <c>Trusted</c>, <c>Invalid</c>, or <c>Refused</c> where it reads
/// none.</summary>
internal sealed record Judgement(string State, IReadOnlyList<string> Failures, string? Manifest);

/// <summary>A judge by others: c2pa-rs, the reference implementation, as the npm package of WebAssembly that its authors publish.</summary>
internal sealed class CredentialJudge
{
    private const string Package = "@contentauth/c2pa-wasm@0.15.0";

    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(10);

    private const string Script = """
        import { readFileSync } from 'node:fs';
        import { createInterface } from 'node:readline';
        import { initSync, WasmReader } from '@contentauth/c2pa-wasm';
        initSync({ module: readFileSync('node_modules/@contentauth/c2pa-wasm/pkg/c2pa_bg.wasm') });
        const types = { png: 'image/png', jpg: 'image/jpeg', webp: 'image/webp', gif: 'image/gif', wav: 'audio/wav' };
        const anchors = process.argv[2];
        const settings = JSON.stringify({ verify: { verify_trust: true, remote_manifest_fetch: false },
          ...(anchors ? { trust: { trust_anchors: readFileSync(anchors, 'utf8') } } : {}) });
        for await (const file of createInterface({ input: process.stdin })) {
          try {
            const reader = await WasmReader.fromBytes(types[file.split('.').pop()], readFileSync(file), settings);
            const store = JSON.parse(reader.json());
            const results = store.validation_results?.activeManifest ?? {};
            const deltas = (store.validation_results?.ingredientDeltas ?? []).flatMap(delta => delta.validationDeltas.failure);
            console.log(JSON.stringify({ State: store.validation_state, Manifest: JSON.stringify(store),
              Failures: [...(results.failure ?? []), ...deltas].map(failure => failure.code) }));
            reader.free();
          } catch (error) {
            console.log(JSON.stringify({ State: 'Refused', Failures: [String(error)], Manifest: null }));
          }
        }
        """;

    private readonly string _folder;

    private CredentialJudge(string folder) => _folder = folder;

    /// <summary>Installs it into a folder, once.</summary>
    /// <returns>Null where node or npm isn't there, or the package can't be had.</returns>
    public static CredentialJudge? Find(string folder)
    {
        Directory.CreateDirectory(folder);
        if (!Directory.Exists(Path.Combine(folder, "node_modules", "@contentauth"))
            && Run(folder, "npm", [], "install", "--no-audit", "--no-fund", "--ignore-scripts", "--silent", Package) is null)
            return null;
        File.WriteAllText(Path.Combine(folder, "judge.mjs"), Script);
        return new(folder);
    }

    /// <summary>Judges pictures in turn.</summary>
    /// <param name="pictures">Their files.</param>
    /// <param name="anchors">PEM: the authorities that it is to trust; null for none.</param>
    public IReadOnlyList<Judgement> Judge(IReadOnlyList<string> pictures, string? anchors = null)
    {
        var output = Run(_folder, "node", pictures, anchors is null ? ["judge.mjs"] : ["judge.mjs", anchors])
            ?? throw new InvalidOperationException("node failed; see its standard error.");
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<Judgement>(line)!)];
    }

    private static string? Run(string folder, string program, IEnumerable<string> input, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments)
            {
                WorkingDirectory = folder,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            })!;
            var output = process.StandardOutput.ReadToEndAsync();
            foreach (var line in input)
                process.StandardInput.WriteLine(Path.GetFullPath(line));
            process.StandardInput.Close();
            return process.WaitForExit(_patience) && process.ExitCode == 0 ? output.Result : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null; // there is no such program
        }
    }
}
