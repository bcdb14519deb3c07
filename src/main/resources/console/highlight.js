// Marks the words of a query in a text.

import {element} from './dom.js';

const WORD = /[\p{L}\p{N}]+/gu;

/** Words that stand in every text say nothing. */
const COMMON = new Set(
  'a an and are as at be but by for from how i in into is it not of on or that the this to was what when where which who why with'.split(' '),
);

/** The text as text nodes and `mark` elements. */
export function highlighted(text, query) {
  const wanted = new Set((query.match(WORD) ?? []).map(stem).filter((word) => !COMMON.has(word)));
  const parts = [];
  let from = 0;
  for (const match of text.matchAll(WORD)) {
    if (wanted.has(stem(match[0]))) {
      parts.push(text.slice(from, match.index), element('mark', {}, match[0]));
      from = match.index + match[0].length;
    }
  }
  return [...parts, text.slice(from)].filter((part) => part !== '');
}

/** Case, accents and a plural's s do not count. */
function stem(word) {
  const plain = word.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  return plain.length > 3 && plain.endsWith('s') && !plain.endsWith('ss') ? plain.slice(0, -1) : plain;
}
