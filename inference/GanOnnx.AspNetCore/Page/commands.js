// What makes an image again, elsewhere: on the command line, in C#, with curl.

import { address, hasKey } from './api.js';

const shell = text => /^[\w./:=,+@%-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
const csharp = text => JSON.stringify(text).replace(/[\u007f-\uffff]/g, c => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);

const endings = { sound: '.wav', video: '.gif' }, folders = { sound: 'sounds', video: 'videos' };

/** The file that each of them writes. */
export function fileOf(item) {
  if (item.gif) return `walk-${item.seeds.join('-')}.gif`;
  if (item.seeds) return `walk-${item.seeds.join('-')}-${item.frame}.png`;
  if (endings[item.model.task]) return `seed${String(item.seed).padStart(4, '0')}${endings[item.model.task]}`;
  return `seed${String(item.seed).padStart(4, '0')}${item.asked.style_mix ? `-mix${item.asked.style_mix.replace(':', '-')}` : ''}.png`;
}

/** Where the server has it. */
export const addressOf = item => item.seeds
  ? address(`api/walks/${encodeURIComponent(item.model.name)}`, {
    seeds: item.seeds.join(','), frames: item.frames, ...(item.gif ? {} : { frame: item.frame, open: 'true' }), ...item.asked })
  : address(`api/${folders[item.model.task] ?? 'images'}/${encodeURIComponent(item.model.name)}`, { seed: item.seed, ...item.asked });

export function commandLine(item) {
  const options = Object.entries(item.asked).filter(([, value]) => value !== null && value !== undefined && value !== '')
    .map(([name, value]) => `--${name.replaceAll('_', '-')} ${shell(String(value))}`);
  return item.seeds
    ? ['gan interpolate', shell(item.model.name), `--seeds ${item.seeds.join(',')}`, `--frames ${item.frames}`, ...(item.gif ? [] : ['--no-loop']),
      ...options, `--out ${item.gif ? 'walk.gif' : 'frames/'}`].join(' ')
    : ['gan generate', shell(item.model.name), `--seeds ${item.seed}`, ...options, `--out ${{ sound: 'sounds/', video: 'clips/' }[item.model.task] ?? 'pictures/'}`].join(' ');
}

export function csharpCode(item) {
  const { label, prompt, truncation, truncation_cutoff: cutoff, style_mix: mix } = item.asked;
  const given = value => value !== null && value !== undefined && value !== '';
  const sample = [item.seeds ? item.seeds[0] : item.seed,
    given(label) ? `Label: generator.Model.FindLabel(${csharp(String(label))})` : null,
    given(mix) ? `StyleMix: new(${mix.split(':').join(', ')})` : null,
    given(truncation) ? `Truncation: ${truncation}f` : null,
    given(cutoff) ? `TruncationCutoff: ${cutoff}` : null].filter(Boolean).join(', ');
  if (item.model.task === 'sound')
    return `using GanOnnx.Audio;\nusing GanOnnx.Imaging;\nusing GanOnnx.Inference;\n\nusing var generator = SoundGenerator.Load(${csharp(`models/${item.model.name}`)});\n`
      + `var sample = new Sample(${sample});\n`
      + `var sounds = generator.Generate(1, sample.Seed, sample.Label);\n`
      + `SoundFile.Save(sounds, 0, ${csharp(fileOf(item))}, Provenance.Of(generator.Model, sample));`;
  if (item.model.task === 'video')
    return `using GanOnnx.Imaging;\nusing GanOnnx.Inference;\nusing GanOnnx.Video;\n\nusing var generator = VideoGenerator.Load(${csharp(`models/${item.model.name}`)});\n`
      + `var sample = new Sample(${sample});\n`
      + `var clips = generator.Generate(1, sample.Seed, sample.Label);\n`
      + `VideoFile.Save(clips, 0, ${csharp(fileOf(item))}, Provenance.Of(generator.Model, sample));`;
  const asked = given(prompt) ? ` { Prompt = ${csharp(prompt)} }` : '';
  const encoder = given(prompt) ? ', new() { TextEncoder = new MiniLmEncoder() }' : '';
  const load = `using GanOnnx.Imaging;\nusing GanOnnx.Inference;\n${given(prompt) ? 'using GanOnnx.Prompts;\n' : ''}\nusing var generator = ImageGenerator.Load(${csharp(`models/${item.model.name}`)}${encoder});\n`
    + `var sample = new Sample(${sample})${asked};\n`;
  if (!item.seeds)
    return `${load}using var image = generator.Generate(1, sample).ToImage(0);\n`
      + `ImageFile.Save(image, ${csharp(fileOf(item))}, new() { Provenance = Provenance.Of(generator.Model, sample) });`;
  return `${load}var sampler = new LatentSampler(generator.Model.LatentSize, generator.Model.LatentDistribution);\n`
    + `var walk = new LatentWalk(sampler, [${item.seeds.join(', ')}], frames: ${item.frames}, isClosed: ${Boolean(item.gif)});\n`
    + (item.gif
      ? `var latents = new float[walk.Frames * sampler.Size];\nwalk.Fill(0, latents);\nvar images = generator.FromLatents(latents, sample);\n`
        + `ImageAnimation.Save(Enumerable.Range(0, walk.Frames).Select(images.ToImage), "walk.gif", framesPerSecond: 24);`
      : `var latent = new float[sampler.Size];\nwalk.Fill(${item.frame}, latent);\n`
        + `using var image = generator.FromLatents(latent, sample).ToImage(0);\nImageFile.Save(image, ${csharp(fileOf(item))});`);
}

export const curl = item =>
  `curl ${hasKey() ? '-H "Authorization: Bearer $KEY" ' : ''}${shell(addressOf(item).href)} -o ${shell(fileOf(item))}`;

