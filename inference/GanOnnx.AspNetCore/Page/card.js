// A model's card: the little of Markdown that cards have, as elements. Whatever else is in it stays text.

import { el } from './dom.js';

const safe = link => /^https?:\/\//.test(link);

function inline(text) {
  const parts = [];
  const pattern = /`([^`]+)`|\*\*([^*]+)\*\*|!?\[([^\]]*)\]\(([^)\s]+)[^)]*\)/g;
  let end = 0;
  for (const found of text.matchAll(pattern)) {
    parts.push(text.slice(end, found.index));
    const [whole, code, strong, words, link] = found;
    end = found.index + whole.length;
    if (code) parts.push(el('code', {}, code));
    else if (strong) parts.push(el('strong', {}, strong));
    else if (whole.startsWith('!')) continue; // its pictures aren't here
    else parts.push(safe(link) ? el('a', { href: link, rel: 'noreferrer noopener', target: '_blank' }, words) : words);
  }
  parts.push(text.slice(end));
  return parts;
}

const cells = line => line.trim().replace(/^\||\|$/g, '').split('|').map(cell => cell.trim());

export function card(text) {
  const blocks = text.replace(/\r/g, '').replace(/^---\n[\s\S]*?\n---\n/, '').split(/(```[\s\S]*?(?:```|$))|\n{2,}/).filter(block => block?.trim());
  return blocks.map(block => {
    if (block.startsWith('```')) return el('pre', { tabindex: '0' }, block.replace(/^```.*\n?|```$/g, ''));
    const lines = block.trim().split('\n');
    const heading = /^(#+)\s+(.*)/.exec(lines[0]);
    if (heading) return [el('h3', {}, inline(heading[2])), lines.length > 1 ? el('p', {}, inline(lines.slice(1).join(' '))) : null];
    if (lines.length > 1 && /^\s*\|?[\s:|-]+\|?\s*$/.test(lines[1]) && lines[0].includes('|'))
      return el('table', {},
        el('thead', {}, el('tr', {}, cells(lines[0]).map(cell => el(cell ? 'th' : 'td', {}, inline(cell))))),
        el('tbody', {}, lines.slice(2).map(line => el('tr', {}, cells(line).map(cell => el('td', {}, inline(cell)))))));
    if (/^\s*[-*]\s/.test(lines[0]))
      return el('ul', {}, block.trim().split(/\n(?=\s*[-*]\s)/).map(item => el('li', {}, inline(item.replace(/^\s*[-*]\s+/, '').replaceAll('\n', ' ')))));
    return el('p', {}, inline(lines.join(' ')));
  }).flat().filter(Boolean);
}
