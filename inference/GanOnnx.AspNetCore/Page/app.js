// The page: which model, its controls, its images.

import { address, ask } from './api.js';
import { offerCheck } from './check.js';
import { controls } from './controls.js';
import { el, find, show } from './dom.js';
import { canWalk, classOf, eachInTurn, nameOf, tile } from './gallery.js';
import { studio } from './studio.js';
import { about, view } from './viewer.js';

const framesPerSeed = 24, words = { sound: 'sound', video: 'clip' };
let models = [], read = null, stop = null, items = [], chosen = [];

function tell(problem) {
  find('problem').textContent = problem ?? '';
  show(find('problem'), Boolean(problem));
}

function choose(item, isChosen, box) {
  chosen = isChosen ? [...chosen, item] : chosen.filter(other => other !== item);
  box.classList.toggle('is-chosen', isChosen);
  showChosen();
}

function showChosen() {
  show(find('chosen'), chosen.length > 0);
  find('chosen-text').textContent = chosen.length === 1 ? '1 chosen: choose another' : `${chosen.length} chosen`;
  find('walk').disabled = chosen.length < 2;
}

function unchoose() {
  for (const input of document.querySelectorAll('.choose input:checked')) {
    input.checked = false;
    input.closest('.tile').classList.remove('is-chosen');
  }
  chosen = [];
  showChosen();
}

function walk() {
  const [first] = chosen;
  const asked = { ...first.asked };
  // A walk keeps to one class, that of the image it begins with, and to the images' own styles.
  if (classOf(first)) asked.label = classOf(first);
  delete asked.style_mix;
  view({ model: first.model, seeds: chosen.map(item => item.seed), frames: framesPerSeed * chosen.length, gif: true, asked }, []);
}

async function generate() {
  stop?.abort();
  tell(null);
  let wanted;
  try {
    wanted = read();
  } catch (error) {
    tell(error.message);
    return;
  }
  const own = stop = new AbortController();
  for (const item of items) item.picture?.then(source => URL.revokeObjectURL(source), () => {});
  items = wanted;
  unchoose();
  find('gallery').replaceChildren();
  let done = 0;
  const what = words[items[0]?.model.task] ?? 'image';
  const say = () => { find('status').textContent = done < items.length ? `${done} of ${items.length} ${what}s` : `${done} ${what}${done === 1 ? '' : 's'}`; };
  say();
  await eachInTurn(items, async item => {
    if (own.signal.aborted) return;
    const box = tile(item, opened => view(opened, items), own.signal);
    const input = el('input', { type: 'checkbox', 'aria-label': `Choose ${nameOf(item)} to interpolate`, onchange: () => choose(item, input.checked, box) });
    if (canWalk(item)) box.append(el('label', { class: 'choose', title: 'Choose to interpolate' }, input));
    find('gallery').append(box);
    try {
      await box.ready;
      done++;
      say();
    } catch (error) {
      if (own.signal.aborted) return;
      own.abort();
      find('status').textContent = '';
      tell(error.message);
    }
  });
}

function use(model) {
  stop?.abort();
  tell(null);
  find('status').textContent = '';
  document.title = `${model.name} – GanOnnx`;
  find('license').textContent = model.license ?? '';
  show(find('license'), Boolean(model.license));
  about(model);
  const generates = ['generate', 'text-to-image', 'sound', 'video'].includes(model.task);
  const what = { sound: 'Sounds', video: 'Clips' }[model.task] ?? 'Images';
  show(find('gallery'), generates);
  show(find('studio'), !generates);
  show(find('controls'), generates);
  find('panel-title').textContent = generates ? 'What to make' : 'A model for pictures';
  find('results-title').textContent = generates ? what : 'Pictures';
  find('about').open = !generates;
  unchoose();
  if (generates) {
    read = controls(find('controls'), model, generate);
    generate();
  } else {
    studio(model, tell);
  }
}

async function start() {
  const catalog = await (await ask(address('api/models'))).json();
  models = catalog.models;
  if (catalog.verifies) offerCheck();
  if (models.length === 0) {
    tell('There is no model here now.');
    return;
  }
  find('model').replaceChildren(...models.map((model, i) => el('option', { value: String(i) }, model.name)));
  const asked = new URLSearchParams(location.search).get('model');
  const first = Math.max(0, models.findIndex(model => model.name === asked));
  find('model').value = String(first);
  use(models[first]);
}

function theme() {
  const isDark = matchMedia('(prefers-color-scheme: dark)').matches;
  const before = document.documentElement.dataset.theme ?? (isDark ? 'dark' : 'light');
  document.documentElement.dataset.theme = before === 'dark' ? 'light' : 'dark';
  localStorage.setItem('theme', document.documentElement.dataset.theme);
}

if (localStorage.getItem('theme')) document.documentElement.dataset.theme = localStorage.getItem('theme');
find('theme').addEventListener('click', theme);
find('controls').addEventListener('change', () => generate());
find('controls').addEventListener('submit', event => { event.preventDefault(); generate(); });
find('model').addEventListener('change', () => use(models[Number(find('model').value)]));
find('walk').addEventListener('click', walk);
find('unchoose').addEventListener('click', unchoose);
start().catch(error => tell(error.message));
