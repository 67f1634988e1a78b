// Models from image to image: a picture that is dropped or drawn, and what the model makes of it, while it is drawn.

import { address, ask } from './api.js';
import { check, el, find, show, slider } from './dom.js';

const usualSide = 256, mostUndo = 30;

/** Shows the studio of a model; tells problems by itself. */
export function studio(model, tell) {
  const [width, height] = [model.source?.width ?? usualSide, model.source?.height ?? usualSide];
  const canvas = el('canvas', { class: 'draw', width, height, tabindex: '0', role: 'img', 'aria-label': 'Canvas to draw on: drag to draw' });
  const pen = canvas.getContext('2d', { willReadFrequently: true });
  const clear = () => { pen.fillStyle = '#fff'; pen.fillRect(0, 0, width, height); };
  clear();
  const undos = [];
  const remember = () => { undos.push(pen.getImageData(0, 0, width, height)); if (undos.length > mostUndo) undos.shift(); };

  const before = el('img', { class: 'before', alt: 'Before' });
  const after = el('img', { class: 'after', alt: 'After' });
  const compare = el('div', { class: 'compare' }, after, before, el('span', { class: 'line' }));
  const split = slider('Before and after', { min: '0', max: '100', value: '50' });
  split.input.addEventListener('input', () => compare.style.setProperty('--split', `${split.input.value}%`));
  const download = el('a', { class: 'button', download: `${model.name}.png` }, 'Download');
  const result = el('div', { class: 'sheet', hidden: true }, el('h3', {}, 'What the model makes of it'), compare, split.row, el('div', { class: 'row' }, download));

  let running = false, waiting = null;
  // One at a time, and then the newest: while somebody draws, the ones between are passed over.
  async function translate(blob) {
    if (running) {
      waiting = blob;
      return;
    }
    running = true;
    find('status').textContent = 'At work…';
    const start = performance.now();
    try {
      const answer = await ask(address(`api/images/${encodeURIComponent(model.name)}`), { method: 'POST', body: blob, headers: { 'Content-Type': blob.type } });
      const made = await answer.blob();
      for (const [img, source] of [[before, blob], [after, made]]) {
        URL.revokeObjectURL(img.src);
        img.src = URL.createObjectURL(source);
      }
      await after.decode();
      compare.style.setProperty('--ratio', `${after.naturalWidth} / ${after.naturalHeight}`);
      download.href = after.src;
      show(result, true);
      tell(null);
      find('status').textContent = `${after.naturalWidth} × ${after.naturalHeight} pixels in ${((performance.now() - start) / 1000).toFixed(1)} s`;
    } catch (error) {
      tell(error.message);
      find('status').textContent = '';
    }
    running = false;
    if (waiting) {
      const next = waiting;
      waiting = null;
      translate(next);
    }
  }
  const send = () => canvas.toBlob(translate, 'image/png');

  const live = check('Live, while drawing', { checked: true });
  const brush = slider('Brush', { min: '1', max: '40', value: '4' });
  const colour = el('input', { type: 'color', value: '#000000', 'aria-label': 'Colour' });
  let last = null;
  const place = event => {
    const box = canvas.getBoundingClientRect();
    return [(event.clientX - box.left) * width / box.width, (event.clientY - box.top) * height / box.height];
  };
  const stroke = event => {
    const to = place(event);
    Object.assign(pen, { lineWidth: Number(brush.input.value), lineCap: 'round', lineJoin: 'round', strokeStyle: colour.value });
    pen.beginPath();
    pen.moveTo(...(last ?? to));
    pen.lineTo(...to);
    pen.stroke();
    last = to;
    if (live.input.checked) send();
  };
  canvas.addEventListener('pointerdown', event => { canvas.setPointerCapture(event.pointerId); remember(); last = null; stroke(event); });
  canvas.addEventListener('pointermove', event => { if (event.buttons && canvas.hasPointerCapture(event.pointerId)) stroke(event); });
  canvas.addEventListener('pointerup', () => { if (live.input.checked) send(); });

  const file = el('input', { type: 'file', accept: 'image/*', id: 'picture', onchange: () => { if (file.files[0]) translate(file.files[0]); } });
  const drop = el('div', { class: 'drop' }, el('label', { for: 'picture' }, 'Drop a picture here, or choose one'), file);
  for (const name of ['dragover', 'dragleave', 'drop'])
    drop.addEventListener(name, event => {
      event.preventDefault();
      drop.classList.toggle('over', name === 'dragover');
      if (name === 'drop' && event.dataTransfer.files[0]) translate(event.dataTransfer.files[0]);
    });

  find('studio').replaceChildren(
    el('div', { class: 'sheet' }, el('h3', {}, 'A picture'), drop, el('h3', {}, 'Or draw one'), canvas,
      el('div', { class: 'row' }, colour,
        el('button', { type: 'button', onclick: () => { if (undos.length) { pen.putImageData(undos.pop(), 0, 0); if (live.input.checked) send(); } } }, 'Undo'),
        el('button', { type: 'button', onclick: () => { remember(); clear(); if (live.input.checked) send(); } }, 'Clear'),
        el('button', { type: 'button', class: 'primary', onclick: send }, 'Make it')),
      brush.row, live.row),
    result);
}
