// The images, which come one by one; some can be chosen to walk between.

import { ask } from './api.js';
import { addressOf } from './commands.js';
import { el } from './dom.js';

const atOnce = 6, smallPicture = 128;

/** The picture of an item, as a blob's address, fetched once. */
export function picture(item, signal) {
  item.picture ??= ask(addressOf(item), { signal }).then(async answer => {
    const label = answer.headers.get('X-Label');
    // Which class was drawn, where any was asked for.
    if (label !== null && !item.asked.label) item.drawn = item.model.classes[Number(label)] ?? label;
    return URL.createObjectURL(await answer.blob());
  });
  item.picture.catch(() => { item.picture = null; });
  return item.picture;
}

export const classOf = item => item.asked.label ?? item.drawn;

export function nameOf(item) {
  const parts = [item.gif ? `Seeds ${item.seeds.join(' → ')}` : item.seeds ? `Between ${item.seeds[0]} and ${item.seeds[1]}` : `Seed ${item.seed}`];
  if (classOf(item)) parts.push(classOf(item));
  return parts.join(', ');
}

export const isSound = item => item.model.task === 'sound';

/** Whether there are others between it and another one. */
export const canWalk = item => ['generate', 'text-to-image'].includes(item.model.task);

/** An image that shows its pixels where it has few; of a sound, a player. */
export function image(item, className, signal) {
  if (isSound(item))
    return picture(item, signal).then(source => el('audio', { controls: true, src: source, class: className, 'aria-label': nameOf(item) }));
  const img = el('img', { class: className, alt: nameOf(item) });
  img.addEventListener('load', () => img.classList.toggle('pixels', img.naturalWidth <= smallPicture));
  return picture(item, signal).then(source => {
    img.src = source;
    img.alt = nameOf(item);
    return img;
  });
}

export function tile(item, open, signal) {
  const blank = el('span', { class: 'blank' });
  const words = () => [el('span', {}, `Seed ${item.seed}`), classOf(item) ? el('span', { class: 'class' }, classOf(item)) : null].filter(Boolean);
  const name = item.seeds ? null : el('span', { class: 'name' }, words());
  const button = el('button', { type: 'button', class: 'open', 'aria-label': name ? null : nameOf(item), onclick: () => open(item) }, blank, name);
  // A player has buttons of its own, which can't be in another.
  const box = el('div', { class: isSound(item) ? 'tile sound' : 'tile' }, isSound(item) ? blank : null, button);
  box.ready = image(item, '', signal).then(img => {
    if (!isSound(item)) img.alt = '';
    blank.replaceWith(img);
    name?.replaceChildren(...words());
  }, error => {
    blank.classList.add('failed');
    throw error;
  });
  return box;
}

/** Fetches a few at a time, in order. */
export async function eachInTurn(items, make) {
  let next = 0;
  const work = async () => {
    while (next < items.length) await make(items[next++]);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, work));
}
