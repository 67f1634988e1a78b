// The controls of a model that makes images of noise, made from what it says it takes.

import { check, el, field, slider } from './dom.js';

const mostImages = 64;
const largestDrawn = 100_000;
const draw = () => String(Math.floor(Math.random() * largestDrawn));
const isSeed = text => /^\d{1,20}$/.test(text) && BigInt(text) <= 18446744073709551615n;

function seedField(label, value, hint) {
  const input = el('input', { type: 'text', inputmode: 'numeric', pattern: '[0-9]{1,20}', required: true, value });
  const dice = el('button', { type: 'button', 'aria-label': `Draw another ${label.toLowerCase()}`, title: 'Draw another' }, '↻');
  return { row: field(label, input, hint, dice), input, dice };
}

/** Puts a model's controls into the form; gives what reads them. */
export function controls(form, model, generate) {
  const takes = name => model.takes.includes(name);
  const seed = seedField('Seed', draw(), 'and those after it');
  const count = el('input', { type: 'number', min: '1', max: String(mostImages), value: '12', required: true });
  let label = null;
  if (model.is_conditional)
    label = model.classes.length > 0
      ? el('select', {}, el('option', { value: 'any' }, 'any'), el('option', { value: 'each' }, 'each in turn'),
        model.classes.map((name, i) => el('option', { value: `#${i}` }, name)))
      : el('input', { type: 'number', min: '0', value: '0', required: true });
  const prompt = takes('prompt')
    ? el('textarea', { rows: '2', maxlength: '1000', placeholder: model.prompts?.[0] ?? '' }) : null;
  const truncation = takes('truncation')
    ? slider('Truncation', { min: '0', max: '1.5', step: '0.05', value: '1' }, 'Nearer to 0: nearer to the mean image, fewer surprises.') : null;
  const cutoff = takes('truncationCutoff') ? el('input', { type: 'number', min: '0', placeholder: 'all layers' }) : null;
  const layers = takes('styleMix') ? model.style_layers ?? 0 : 0;
  const mixing = layers > 0 ? check('Mix in another style') : null;
  const mixSeed = mixing ? seedField('Style seed', '7') : null;
  const mixLayer = mixing ? slider('From layer', { min: '0', max: String(layers - 1), step: '1', value: String(Math.floor(layers / 2)) },
    '0 is the coarsest: shape. The last is the finest: texture.') : null;
  const mixBox = mixing ? el('div', { class: 'stack', hidden: true }, mixSeed.row, mixLayer.row) : null;
  mixing?.input.addEventListener('change', () => { mixBox.hidden = !mixing.input.checked; });

  seed.dice.addEventListener('click', () => { seed.input.value = draw(); generate(); });
  mixSeed?.dice.addEventListener('click', () => { mixSeed.input.value = draw(); generate(); });
  form.replaceChildren(...[
    el('div', { class: 'two' }, seed.row, field('Number', count, `1 to ${mostImages}`)),
    label ? field('Class', label) : null,
    prompt ? field('Prompt', prompt, 'In English. Without one, captions that the model was trained on.') : null,
    truncation?.row, cutoff ? field('Truncation from layer', cutoff) : null, mixing?.row, mixBox,
    el('div', { class: 'row wide' }, el('button', { class: 'primary' }, 'Generate')),
  ].filter(Boolean));

  return () => {
    for (const [name, input] of [['Seed', seed.input], ['Style seed', mixing?.input.checked ? mixSeed.input : null]])
      if (input && !isSeed(input.value.trim())) {
        input.focus();
        throw new RangeError(`${name} is a whole number from 0 to 18446744073709551615.`);
      }
    const number = Number(count.value);
    if (!Number.isInteger(number) || number < 1 || number > mostImages) {
      count.focus();
      throw new RangeError(`The number of images is 1 to ${mostImages}.`);
    }
    const first = BigInt(seed.input.value.trim());
    return Array.from({ length: number }, (_, i) => {
      const asked = {};
      if (label instanceof HTMLInputElement) asked.label = label.value;
      else if (label?.value === 'each') asked.label = model.classes[i % model.classes.length];
      else if (label && label.value !== 'any') asked.label = model.classes[Number(label.value.slice(1))];
      if (prompt?.value.trim()) asked.prompt = prompt.value.trim();
      if (truncation && truncation.input.value !== '1') asked.truncation = truncation.input.value;
      if (cutoff?.value) asked.truncation_cutoff = cutoff.value;
      if (mixing?.input.checked) asked.style_mix = `${mixSeed.input.value.trim()}:${mixLayer.input.value}`;
      return { model, seed: String((first + BigInt(i)) % 18446744073709551616n), asked };
    });
  };
}
