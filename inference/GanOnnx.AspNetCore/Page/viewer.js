// One image: large, its seed, its neighbours, and what makes it again.

import { card } from './card.js';
import { commandLine, csharpCode, curl, fileOf } from './commands.js';
import { el, find } from './dom.js';
import { classOf, eachInTurn, canWalk, image, nameOf, picture, tile } from './gallery.js';

const neighbours = 8, stepsToOther = 5;
let stop = null;

function copyTabs(item) {
  const ways = [['Command line', commandLine], ['C#', csharpCode], ['curl', curl]];
  const code = el('pre', { class: 'code', id: 'copy-code', tabindex: '0', role: 'tabpanel', 'aria-label': 'What makes it again' });
  const copy = el('button', { type: 'button', onclick: async () => {
    try {
      await navigator.clipboard.writeText(code.textContent);
      copy.textContent = 'Copied';
    } catch {
      getSelection().selectAllChildren(code);
      copy.textContent = 'Selected: press Ctrl+C';
    }
  } }, 'Copy');
  const tabs = ways.map(([name, write], i) => el('button', { type: 'button', role: 'tab', 'aria-selected': 'false', 'aria-controls': 'copy-code',
    tabindex: i === 0 ? '0' : '-1', onclick: () => select(i) }, name));
  function select(chosen) {
    tabs.forEach((tab, i) => {
      tab.setAttribute('aria-selected', String(i === chosen));
      tab.tabIndex = i === chosen ? 0 : -1;
    });
    code.textContent = ways[chosen][1](item);
    copy.textContent = 'Copy';
  }
  const list = el('div', { class: 'tabs', role: 'tablist', 'aria-label': 'What makes it again', onkeydown: event => {
    const move = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!move) return;
    event.stopPropagation();
    const to = (tabs.indexOf(document.activeElement) + move + tabs.length) % tabs.length;
    select(to);
    tabs[to].focus();
  } }, tabs);
  select(0);
  return [el('h3', {}, 'Make it again'), list, code, el('div', { class: 'row' }, copy)];
}

// Points a fifth of the way to other seeds: near enough to be alike.
function neighboursOf(item, open) {
  if (item.seeds || !canWalk(item) || (item.model.is_conditional && !classOf(item))) return [];
  const grid = el('div', { class: 'neighbours' });
  const show = () => {
    button.remove();
    const items = Array.from({ length: neighbours }, (_, i) => ({ model: item.model, seeds: [item.seed, String((BigInt(item.seed) + BigInt(i + 1)) % 18446744073709551616n)],
      frames: stepsToOther, frame: 1, asked: { ...item.asked, ...(classOf(item) ? { label: classOf(item) } : {}) } }));
    eachInTurn(items, near => {
      const box = tile(near, open, stop.signal);
      grid.append(box);
      return box.ready.catch(() => {});
    });
  };
  const button = el('button', { type: 'button', onclick: show }, 'Show its neighbours');
  return [el('div', { class: 'row' }, button), grid];
}

/** Opens an image. Arrow keys go to the ones beside it. */
export async function view(item, items) {
  const dialog = find('viewer');
  stop?.abort();
  stop = new AbortController();
  const at = items.indexOf(item);
  const go = step => { if (items[at + step]) view(items[at + step], items); };
  const open = other => view(other, [...items, other]);
  const box = el('div', { class: 'stack' }, el('span', { class: 'big blank' }));
  const facts = el('dl', {}, Object.entries({ Model: item.model.name, ...(item.seeds ? { Seeds: item.seeds.join(', ') } : { Seed: item.seed }), Class: classOf(item), Prompt: item.asked.prompt,
    ...(item.seeds ? { [item.gif ? 'Frames' : 'Frame']: item.gif ? item.frames : `${item.frame} of ${item.frames}` } : {}),
    Truncation: item.asked.truncation, 'Style mix': item.asked.style_mix })
    .filter(([, value]) => value).map(([name, value]) => [el('dt', {}, name), el('dd', {}, String(value))]));
  const download = el('a', { class: 'button', download: fileOf(item) }, 'Download');
  dialog.replaceChildren(
    el('div', { class: 'viewer-head' }, el('h2', { id: 'viewer-title' }, nameOf(item)),
      el('div', { class: 'row' },
        el('button', { type: 'button', 'aria-label': 'The image before', disabled: !items[at - 1], onclick: () => go(-1) }, '←'),
        el('button', { type: 'button', 'aria-label': 'The next image', disabled: !items[at + 1], onclick: () => go(1) }, '→'),
        el('button', { type: 'button', 'aria-label': 'Close', onclick: () => dialog.close() }, '✕'))),
    el('div', { class: 'viewer-body' }, el('div', { class: 'stack' }, box, facts, el('div', { class: 'row' }, download)),
      el('div', { class: 'stack' }, copyTabs(item), neighboursOf(item, open))));
  dialog.onkeydown = event => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step) go(step);
  };
  dialog.onclose = () => stop.abort();
  if (!dialog.open) dialog.showModal();
  try {
    box.replaceChildren(await image(item, 'big', stop.signal));
    download.href = await picture(item);
  } catch (error) {
    if (!stop.signal.aborted) box.replaceChildren(el('p', { class: 'problem', role: 'alert' }, error.message));
  }
}

/** What a model says of itself. */
export function about(model) {
  const figures = Object.entries(model.figures ?? {}).map(([name, value]) => `${name} ${Number(value.toPrecision(4))}`).join(', ');
  const size = model.rate ? `${(model.width / model.rate).toFixed(2)} s, ${model.rate.toLocaleString('en')} Hz${model.channels === 1 ? ', mono' : ''}` : model.width && model.height ? `${model.width} × ${model.height}${model.channels === 1 ? ', grey' : ''}${model.frames ? `, ${model.frames} frames, ${model.frames_per_second} a second` : ''}` : null;
  find('facts').replaceChildren(...Object.entries({
    License: model.license ?? 'not said', Makes: { generate: 'images of noise', sound: 'sounds of noise', video: 'clips of noise', 'text-to-image': 'images of words', translate: 'pictures of pictures', upscale: 'larger pictures' }[model.task],
    Size: size, Network: model.architecture, 'Trained on': model.data, 'Images seen': model.images_seen?.toLocaleString('en'), Loss: model.loss,
    'Trained with': model.tool, Figures: figures, 'Runs on': model.provider.replace('ExecutionProvider', ''), 'SHA-256': model.sha256,
  }).filter(([, value]) => value).flatMap(([name, value]) => [el('dt', {}, name), el('dd', {}, value)]));
  find('card').replaceChildren(...(model.card ? card(model.card) : []));
}
