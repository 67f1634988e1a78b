// Whether what a picture says of its origin holds: it is dropped or chosen, and the server tells.

import { address, ask } from './api.js';
import { el, find } from './dom.js';

const sentences = {
  holds: 'It holds: the image was made again, and is this one.',
  unchanged: 'It is as it was signed, but could not be made again here.',
  unproven: 'Not proven: it has marks that anyone could have written.',
  unmarked: 'It says nothing of its origin.',
  contradicted: 'It does not hold.',
  unreadable: 'It can not be read.',
};

const answers = {
  generated: 'By its pixels alone it looks generated.',
  real: 'By its pixels alone it looks real.',
  'cannot-tell': 'By its pixels alone it can not be told.',
};

function detected(detection) {
  if (!detection) return null;
  const { answer, probability, limits } = detection;
  const chance = probability === null || answer === 'cannot-tell' ? null : `Probability that it was generated: ${(100 * probability).toFixed(1)} %. `;
  return el('div', { class: 'detected' }, el('h3', {}, answers[answer]),
    el('p', {}, chance, `It is no proof. The network knows ${limits.kinds}; of real pictures of these kinds it calls ${(100 * limits.false_alarms).toFixed(1)} % generated, `
      + 'and of others it knows nothing.'));
}

async function check(file, told) {
  told.replaceChildren(el('p', { role: 'status' }, 'At work…'));
  try {
    const answer = await (await ask(address('api/verify'), { method: 'POST', body: file, headers: { 'Content-Type': file.type || 'image/png' } })).json();
    // What the detector says stands below, with what it is worth.
    const reasons = answer.reasons.filter(reason => !answer.detection || !reason.startsWith('detector:'));
    const picture = el('img', { class: 'checked pixels', alt: 'The picture', src: URL.createObjectURL(file) });
    told.replaceChildren(picture, el('div', { class: 'stack' }, el('h3', { class: `verdict ${answer.verdict}` }, sentences[answer.verdict]),
      el('ul', {}, reasons.map(reason => el('li', {}, reason))), detected(answer.detection)));
  } catch (error) {
    told.replaceChildren(el('p', { class: 'problem', role: 'alert' }, error.message));
  }
}

/** Offers it, where the server does. */
export function offerCheck() {
  const told = el('div', { class: 'told' });
  const file = el('input', { type: 'file', accept: 'image/*', id: 'check-file', onchange: () => { if (file.files[0]) check(file.files[0], told); } });
  const drop = el('div', { class: 'drop' }, el('label', { for: 'check-file' }, 'Drop the picture to check here, or choose it'), file);
  for (const name of ['dragover', 'dragleave', 'drop'])
    drop.addEventListener(name, event => {
      event.preventDefault();
      drop.classList.toggle('over', name === 'dragover');
      if (name === 'drop' && event.dataTransfer.files[0]) check(event.dataTransfer.files[0], told);
    });
  find('check').replaceChildren(
    el('div', { class: 'viewer-head' }, el('h2', { id: 'check-title' }, 'Where does a picture come from?'),
      el('button', { type: 'button', class: 'quiet', 'aria-label': 'Close', onclick: () => find('check').close() }, '✕')),
    el('div', { class: 'stack' }, drop, told));
  find('open-check').addEventListener('click', () => find('check').showModal());
  find('open-check').hidden = false;
}
