// Elements by name: text only ever becomes text, so that no name of a model can become markup.

export function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else if (key in element && typeof value !== 'string') element[key] = value;
    else element.setAttribute(key, value === true ? '' : value);
  }
  element.append(...children.flat(Infinity).filter(child => child !== null && child !== undefined));
  return element;
}

export const find = id => document.getElementById(id);

export function show(element, isShown) {
  element.hidden = !isShown;
}

let count = 0;

/** A labelled control, with a button beside it where there is one. */
export function field(label, control, hint, beside) {
  control.id ||= `control-${++count}`;
  const help = hint ? el('span', { class: 'hint', id: `${control.id}-hint` }, hint) : null;
  if (help) control.setAttribute('aria-describedby', help.id);
  return el('div', { class: 'field' }, el('label', { for: control.id, class: 'head' }, label),
    beside ? el('div', { class: 'pair' }, control, beside) : control, help);
}

/** A slider that tells its value. */
export function slider(label, attributes, hint) {
  const input = el('input', { type: 'range', ...attributes });
  input.id = `control-${++count}`;
  const output = el('output', { for: input.id }, input.value);
  input.addEventListener('input', () => { output.value = input.value; });
  const help = hint ? el('span', { class: 'hint', id: `${input.id}-hint` }, hint) : null;
  if (help) input.setAttribute('aria-describedby', help.id);
  const row = el('div', { class: 'field' }, el('div', { class: 'head' }, el('label', { for: input.id }, label), output), input, help);
  return { row, input };
}

/** A tick with its words. */
export function check(label, attributes = {}) {
  const input = el('input', { type: 'checkbox', ...attributes });
  return { row: el('label', { class: 'check' }, input, label), input };
}
