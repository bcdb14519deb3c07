// The search box and its hits.

import * as api from './api.js';
import {byId, element, empty, say} from './dom.js';
import {age, behind, between, clock, count, duration} from './format.js';
import {highlighted} from './highlight.js';
import * as place from './place.js';
import * as recent from './recent.js';

const LONG_TEXT = 360;
const FIELDS = {mode: 'mode', table: 'table', filter: 'filter', k: 'k', q: 'q'};

let running = null;
let asked = null;
let openDocument = () => {};
let indexIsEmpty = () => false;
let examples = null;
let shownHits = [];

/**
 * @param options.open shows a document: called with its table and key
 * @param options.isEmpty whether nothing at all is indexed, as far as is known
 */
export function start(options) {
  openDocument = options.open;
  indexIsEmpty = options.isEmpty;
  byId('search-form').addEventListener('submit', (event) => {
    event.preventDefault();
    const form = new FormData(event.target);
    place.write({
      q: form.get('q').trim(),
      mode: form.get('mode'),
      k: form.get('k') || '10',
      in: form.get('table').trim(),
      filter: form.get('filter').trim(),
    });
    run();
  });
  fill();
  run();
}

/** Takes the search from the address. */
export function followAddress() {
  fill();
  if (JSON.stringify(query()) !== asked) {
    run();
  }
}

function fill() {
  const said = place.read();
  byId('q').value = said.q;
  byId('k').value = said.k;
  byId('table').value = said.in;
  byId('filter').value = said.filter;
  const mode = document.querySelector(`input[name=mode][value="${CSS.escape(said.mode)}"]`);
  (mode ?? document.querySelector('input[name=mode]')).checked = true;
}

/** What a search is asked for, as the service's parameters. */
export function query() {
  const {q, k, mode, in: table, filter} = place.read();
  return {q, k, mode, table, filter};
}

export async function run() {
  running?.abort();
  const wanted = query();
  asked = JSON.stringify(wanted);
  markFault(null);
  if (wanted.q === '') {
    idle();
    return;
  }
  const here = (running = new AbortController());
  const slow = setTimeout(() => say(byId('search-status'), 'Searching …'), 200);
  const began = performance.now();
  try {
    const answer = await api.get('search', {query: wanted, signal: here.signal});
    found(wanted, answer, performance.now() - began);
  } catch (failure) {
    if (!here.signal.aborted) {
      failed(failure);
    }
  } finally {
    clearTimeout(slow);
  }
}

/** What stands where no search was asked for yet. */
export function idle() {
  if (query().q !== '') {
    return;
  }
  say(byId('search-status'), '');
  shownHits = [];
  byId('hits').replaceChildren(...(indexIsEmpty() ? emptyIndex() : [whatToDo(), ...exampleQueries()]));
}

/** Offers only the modes in which the sink can search. */
export function offer(modes) {
  if (!modes) {
    return;
  }
  byId('search-form').hidden = modes.length === 0;
  byId('cannot-search').hidden = modes.length > 0;
  for (const input of document.querySelectorAll('input[name=mode]')) {
    input.closest('label').hidden = !modes.includes(input.value);
    input.disabled = !modes.includes(input.value);
  }
  document.querySelector('fieldset.choice').hidden = modes.length < 2;
  if (document.querySelector('input[name=mode]:checked')?.disabled) {
    document.querySelector('input[name=mode]:not(:disabled)')?.click();
  }
}

/** Learns queries that find something: the beginnings of some texts that are indexed. */
export async function learnExamples(table) {
  if (examples || query().q !== '' || byId('search-form').hidden) {
    return;
  }
  examples = [];
  try {
    const {hits} = await api.get('search', {query: {q: table.split('.').at(-1), k: 12}});
    const texts = hits.map((hit) => String(hit.metadata?.title ?? hit.text).split('\n')[0].split(/\s+/).slice(0, 4).join(' '));
    examples = [...new Set(texts)].filter((text) => text.length > 3 && text.length < 48).slice(0, 3);
    idle();
  } catch {
    // Then there are none; a search says what is wrong.
  }
}

function exampleQueries() {
  if (!examples?.length) {
    return [];
  }
  return [
    element(
      'p',
      {class: 'examples'},
      'For example ',
      examples.map((text) => element('button', {type: 'button', class: 'chip', click: () => ask(text)}, text)),
    ),
  ];
}

function ask(text) {
  byId('q').value = text;
  byId('search-form').requestSubmit();
}

function whatToDo() {
  return empty(
    'Say what you look for and press Enter. Each hit tells how old it is, and how long its way from the commit ' +
      'into the index took. Vector finds what means the same, keyword what has the same words, hybrid both.',
  );
}

function emptyIndex() {
  const event =
    '{"op": "c", "after": {"id": 42, "title": "Espresso maker", "description": "Strong coffee on any camp stove."},\n' +
    '  "source": {"schema": "public", "table": "products"}}';
  return [
    empty(
      'Nothing is indexed yet. Documents appear here as soon as changes come in: let Debezium publish them, or post one ' +
        'yourself and then search for “hot drinks outdoors”:',
    ),
    element(
      'pre',
      {tabindex: 0, 'aria-label': 'A command that posts a change'},
      `curl ${location.origin}${location.pathname}events -H 'Content-Type: application/json' -d '${event}'`,
    ),
  ];
}

function found(asked, answer, millis) {
  const {hits, freshness} = answer;
  const documents = new Set(hits.map((hit) => hit.documentId)).size;
  const what =
    hits.length === 0
      ? 'No hit'
      : `${count(hits.length, 'segment')} of ${count(documents, 'document')}`;
  say(byId('search-status'), [`${what} in ${duration(millis)}`, asOf(freshness)].filter(Boolean).join(' · '));
  shownHits = [];
  const cut = answer.truncated ? [empty(answer.truncated.detail)] : [];
  byId('hits').replaceChildren(...cut, ...(hits.length === 0 ? noHit(asked) : [list(asked, hits)]));
}

function asOf(freshness) {
  if (!freshness?.asOfLsn) {
    return '';
  }
  return `everything committed up to ${freshness.asOfLsn} was searchable, ${behind(freshness.lagMillis)}`;
}

function noHit(asked) {
  if (indexIsEmpty()) {
    return emptyIndex();
  }
  const narrowed = asked.table || asked.filter ? ' Try it without the table or the filter.' : '';
  const words = asked.mode === 'keyword' ? ' A keyword search finds only texts with these words; vector finds similar ones.' : '';
  return [
    empty(
      `Nothing that is indexed fits.${words}${narrowed} If you miss a document, give its table and key under “A document”: ` +
        'that says why it was not found.',
    ),
  ];
}

function list(asked, hits) {
  return element(
    'ol',
    {class: 'hits', 'aria-label': 'Hits, best first'},
    hits.map((hit) => element('li', {}, article(asked, hit))),
  );
}

function article(asked, hit) {
  return element(
    'article',
    {},
    element(
      'div',
      {class: 'heading'},
      element(
        'h3',
        {},
        element(
          'button',
          {type: 'button', class: 'link', title: 'Show its state', click: () => openDocument(hit.table, hit.key)},
          hit.documentId,
        ),
        hit.segment > 0 ? element('span', {class: 'hint'}, ` segment ${hit.segment}`) : null,
      ),
      score(asked.mode, hit.score),
    ),
    ...text(hit.text, asked.q),
    metadata(hit.metadata),
    freshness(hit),
  );
}

function score(mode, value) {
  const bar = element('span', {class: 'bar', 'aria-hidden': 'true'}, element('span'));
  bar.firstChild.style.inlineSize = `${Math.min(1, value) * 100}%`;
  return element(
    'span',
    {class: 'score', title: `score, mode ${mode}: higher is better`},
    mode === 'keyword' ? null : bar,
    element('span', {class: 'hidden'}, 'score '),
    value.toFixed(3),
  );
}

function text(whole, q) {
  const node = element('p', {class: 'text'}, highlighted(whole.replace(/\n\s*\n/g, '\n'), q));
  if (whole.length <= LONG_TEXT) {
    return [node];
  }
  node.classList.add('clamped');
  const more = element('button', {type: 'button', class: 'link', 'aria-expanded': 'false'}, 'Show all of it');
  more.addEventListener('click', () => {
    const clamped = node.classList.toggle('clamped');
    more.setAttribute('aria-expanded', String(!clamped));
    say(more, clamped ? 'Show all of it' : 'Show less');
  });
  return [node, more];
}

function metadata(row) {
  const pairs = Object.entries(row ?? {});
  if (pairs.length === 0) {
    return null;
  }
  const shown = (value) => (typeof value === 'string' ? value : JSON.stringify(value));
  return element(
    'details',
    {},
    element('summary', {}, 'Metadata'),
    element(
      'dl',
      {class: 'facts'},
      pairs.map(([name, value]) => element('div', {}, element('dt', {}, name), element('dd', {}, shown(value)))),
    ),
  );
}

function freshness(hit) {
  const taken = element('span');
  shownHits.push({hit, taken});
  tellTaken({hit, taken});
  const parts = hit.committedAt
    ? ['Committed ', age(hit.committedAt), taken]
    : ['Written ', age(hit.indexedAt), '; the time of its commit is not known'];
  return element('p', {class: 'hint'}, ...parts, hit.txId ? ` · transaction ${hit.txId}` : '', hit.lsn ? ` · LSN ${hit.lsn}` : '');
}

/** The store has committed a moment after it wrote; only the recent changes tell when. */
function tellTaken({hit, taken}) {
  const settledAt = recent.settledAt(hit);
  const millis = between(hit.committedAt, settledAt ?? hit.indexedAt);
  say(taken, millis !== null && millis >= 0 ? `, ${settledAt ? 'searchable' : 'written'} after ${duration(millis)}` : '');
}

/** Other changes are known. */
export function retell() {
  shownHits.forEach(tellTaken);
}

function failed(failure) {
  if (failure.parameter && FIELDS[failure.parameter]) {
    markFault(failure.parameter);
  }
  const down = failure.status === 503;
  say(byId('search-status'), down ? 'The index does not answer now.' : 'The search was not answered.');
  byId('hits').replaceChildren(
    empty(api.sentence(failure), down ? ` Try again in a moment. (${clock(Date.now())})` : ''),
  );
}

function markFault(parameter) {
  for (const name of ['q', 'k', 'table', 'filter']) {
    const field = byId(name);
    field.toggleAttribute('aria-invalid', false);
    if (name === parameter) {
      field.setAttribute('aria-invalid', 'true');
      field.setAttribute('aria-describedby', 'hits');
      field.focus();
    } else {
      field.removeAttribute('aria-describedby');
    }
  }
}
