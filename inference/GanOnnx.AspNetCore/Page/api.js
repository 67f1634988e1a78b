// Asks the server: with the key of this tab where one is needed, again where it is busy, and says when it is gone.

import { find, show } from './dom.js';

const root = new URL('../', import.meta.url);
const mostTries = 8;
let key = sessionStorage.getItem('key');

export const address = (path, values = {}) => {
  const url = new URL(path, root);
  for (const [name, value] of Object.entries(values))
    if (value !== null && value !== undefined && value !== '') url.searchParams.set(name, value);
  return url;
};

export const hasKey = () => Boolean(key);

/** What is wrong with a request, in the server's own words. */
export class Problem extends Error {}

const wait = (seconds, signal) => new Promise((resolve, reject) => {
  const timer = setTimeout(resolve, seconds * 1000);
  signal?.addEventListener('abort', () => { clearTimeout(timer); reject(signal.reason); }, { once: true });
});

let asking = null;

function askForKey() {
  asking ??= new Promise(resolve => {
    const dialog = find('key');
    dialog.showModal();
    dialog.addEventListener('close', () => {
      key = find('key-value').value;
      if (key) sessionStorage.setItem('key', key);
      find('key-value').value = '';
      asking = null;
      resolve();
    }, { once: true });
  });
  return asking;
}

/** The answer to a request, when it is one. */
export async function ask(url, options = {}) {
  for (let tries = 1; ; tries++) {
    let answer;
    try {
      answer = await fetch(url, { ...options, headers: { ...options.headers, ...(key ? { Authorization: `Bearer ${key}` } : {}) } });
    } catch (error) {
      if (options.signal?.aborted) throw error;
      show(find('gone'), true);
      await wait(Math.min(tries, 4) / 2, options.signal);
      continue;
    }
    show(find('gone'), false);
    if (answer.ok) return answer;
    if (answer.status === 401) {
      await askForKey();
      continue;
    }
    if ((answer.status === 503 || answer.status === 429) && tries < mostTries) {
      await wait(Number(answer.headers.get('Retry-After')) || 1, options.signal);
      continue;
    }
    const problem = await answer.json().catch(() => null);
    throw new Problem(problem?.detail ?? `The server answered with status ${answer.status}.`);
  }
}
