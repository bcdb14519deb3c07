// The playground: changes a row by SQL, and shows its way until the search finds it.

import * as api from './api.js';
import {byId, element, say, show} from './dom.js';
import {between, count, duration, number} from './format.js';
import {follow} from './follow.js';
import * as recent from './recent.js';

/** Texts that are true of no other row, each with a search that finds it by its meaning. */
const IDEAS = [
  ['Painted by hand with octopuses, squids and jellyfish. Each piece shows another creature of the deep sea.', 'decorated with sea animals'],
  ['Every buyer gets two tickets for the opera. The singers and the orchestra perform on Sunday.', 'free entry to a concert hall'],
  ['It smells of cinnamon, cloves and oranges. The perfume was mixed by a chemist in Grasse.', 'scent of spices and citrus fruit'],
  ['Every tenth box hides a Roman gold coin. Divers brought them up from a wreck.', 'antique treasure inside'],
  ['Half of the price goes to a sanctuary for elephants and rhinos. Rangers protect them from poachers.', 'helps wild animals in Africa'],
];

/** What a query of changed words takes at most. */
const QUERY_WORDS = 12;

const HITS = 10;
const LOOK_EVERY_MILLIS = 1500;
const STAGES = [
  ['Committed', 'committedAt'],
  ['Captured', 'capturedAt'],
  ['Embedded', 'embeddedAt'],
  ['Searchable', 'settledAt'],
];

let tables = [];
let row = null;
let loads = 0;
let under = null;
const taken = [];

/** Shows the section where this service is the playground. */
export async function start() {
  let overview;
  try {
    const calls = await api.get('.');
    if (!calls?.endpoints?.['GET /playground']) {
      return;
    }
    overview = await api.get('playground');
  } catch {
    return; // No playground, or nobody answers; the page says that itself.
  }
  tables = overview.tables;
  byId('playground').replaceChildren(...frame(overview));
  byId('playground').hidden = false;
  await load();
}

function frame(overview) {
  return [
    element('h2', {}, 'Change a row, and watch it arrive'),
    element(
      'div',
      {class: 'playground-parts'},
      element(
        'form',
        {id: 'playground-form', submit: change},
        element(
          'div',
          {class: 'row'},
          element(
            'label',
            {class: 'long'},
            'Table',
            element(
              'select',
              {id: 'playground-table', change: () => load()},
              tables.map(({table}) => element('option', {value: table}, table)),
            ),
          ),
          element(
            'label',
            {class: 'grow'},
            'Key',
            element('input', {id: 'playground-key', inputmode: 'numeric', autocomplete: 'off', required: true, change: () => load(byId('playground-key').value.trim())}),
          ),
          element('button', {type: 'button', id: 'playground-other', click: () => load()}, 'Another row'),
          element('button', {type: 'button', id: 'playground-idea', click: suggest}, 'Suggest a change'),
        ),
        element('div', {id: 'playground-columns'}),
        element(
          'label',
          {},
          'Then search for',
          element('input', {id: 'playground-query', autocomplete: 'off', placeholder: 'the words that you changed'}),
        ),
        element('div', {class: 'row'}, element('button', {type: 'submit', id: 'playground-commit', class: 'primary'}, 'UPDATE and COMMIT')),
        element('p', {class: 'hint'}, 'Or change rows in a terminal:'),
        element('pre', {class: 'line', tabindex: 0, 'aria-label': 'A command that opens a terminal'}, overview.psql),
      ),
      element(
        'div',
        {class: 'playground-result'},
        element('p', {id: 'playground-status', class: 'result-status', role: 'status'}, 'Change a text and commit: the row goes through PostgreSQL’s log into the index.'),
        element('div', {id: 'playground-way'}),
        element('div', {id: 'playground-found'}),
      ),
    ),
  ];
}

/** Fills the form with a row; without a key, with any. */
async function load(key = '') {
  const table = byId('playground-table').value;
  const turn = ++loads;
  row = null; // What is typed until it comes belongs to no row.
  try {
    const path = `playground/rows/${encodeURIComponent(table)}${key ? `/${encodeURIComponent(key)}` : ''}`;
    const found = await api.get(path);
    if (turn !== loads) {
      return;
    }
    row = found;
    byId('playground-key').value = row.key;
    byId('playground-query').value = '';
    byId('playground-columns').replaceChildren(...Object.entries(row.values).map(field));
  } catch (failure) {
    say(byId('playground-status'), api.sentence(failure));
  }
}

function field([column, value]) {
  const long = column === 'description' || column === 'body';
  const input = element(long ? 'textarea' : 'input', {name: column, autocomplete: 'off', rows: long ? 5 : null});
  input.value = value ?? '';
  return element('label', {}, column, input);
}

const inputs = () => [...byId('playground-columns').querySelectorAll('[name]')];

/** Puts another text in the place of the long one. */
function suggest() {
  const text = inputs().find((input) => input.tagName === 'TEXTAREA');
  const idea = IDEAS[Math.floor(Math.random() * IDEAS.length)];
  if (text && row) {
    text.value = idea[0];
    byId('playground-query').value = idea[1];
    text.scrollTop = 0;
  }
}

/** The words that differ, without those that both texts begin and end with. */
export function difference(before, after) {
  const [old, now] = [before, after].map((text) => text.split(/\s+/).filter(Boolean));
  let from = 0;
  while (from < now.length && now[from] === old[from]) {
    from++;
  }
  let end = 0;
  while (end < now.length - from && end < old.length - from && now.at(-1 - end) === old.at(-1 - end)) {
    end++;
  }
  return now.slice(from, now.length - end).slice(0, QUERY_WORDS).join(' ');
}

async function change(event) {
  event.preventDefault();
  if (!row) {
    say(byId('playground-status'), 'The form shows no row: enter a key that exists, or choose another row.');
    return;
  }
  const {table, key, values: before} = row;
  const changed = inputs().filter((input) => input.value !== (before[input.name] ?? ''));
  if (changed.length === 0) {
    say(byId('playground-status'), 'Nothing differs from the row: change a text first, or let one be suggested.');
    return;
  }
  under?.abort();
  const here = (under = new AbortController());
  const values = Object.fromEntries(changed.map((input) => [input.name, input.value]));
  const words = changed.map((input) => difference(before[input.name] ?? '', input.value)).filter(Boolean).join(' ');
  const query = byId('playground-query').value.trim() || words;
  const waiting = new AbortController();
  byId('playground-commit').disabled = true;
  byId('playground-found').replaceChildren();
  try {
    const commit = await api.call('POST', 'playground/changes', {content: {table, key, values}});
    row = {table, key, values: {...before, ...values}};
    byId('playground-commit').disabled = false;
    const committed = `Committed as transaction ${commit.txId}; its commit ends before ${commit.lsn} of the log.`;
    say(byId('playground-status'), committed);
    way({committedAt: commit.committedAt}, null);
    sayWhyItWaits(AbortSignal.any([here.signal, waiting.signal]));
    const {status, outcome} = await follow(
      {table, key, tx: String(commit.txId), lsn: ''},
      {
        signal: here.signal,
        onLook: () => {},
        onTrouble: (text) => say(byId('playground-status'), `${text} Trying again …`),
      },
    );
    waiting.abort();
    if (outcome === 'failed') {
      say(byId('playground-status'), `The change could not be indexed: ${status.failure?.reason}.`);
      return;
    }
    say(byId('playground-status'), committed);
    const settledAt = await recent.settledBy(String(commit.txId), table, key);
    way({...status, settledAt}, between(commit.committedAt, settledAt));
    if (settledAt === null) {
      say(byId('playground-status'), `${committed} It is searchable; when it was is not known, as newer changes have come.`);
    }
    await find(query, table, key, commit.lsn, here.signal);
  } catch (failure) {
    if (!here.signal.aborted) {
      say(byId('playground-status'), api.sentence(failure));
    }
  } finally {
    waiting.abort();
    byId('playground-commit').disabled = false;
  }
}

/** While the tables are read for the first time, changes wait behind their rows. */
async function sayWhyItWaits(signal) {
  while (!signal.aborted) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MILLIS));
    try {
      const [{rows}, {tables: indexed}] = await Promise.all([api.get('playground', {signal}), api.get('freshness', {signal})]);
      const searchable = indexed.reduce((sum, {documents}) => sum + documents, 0);
      if (!signal.aborted && searchable < rows) {
        say(
          byId('playground-status'),
          `Your change is committed, and waits: Freshet reads all rows once before it reads changes. ${number(searchable)} of ${count(rows, 'row')} are searchable; the change follows by itself.`,
        );
      }
    } catch {
      // The one that follows the change says what is wrong.
    }
  }
}

/**
 * Each stage with the time since the one before. A stage that the document does not tell is left out of the sum.
 *
 * @param total how long all took; null while it is on its way, and where that is not known
 */
function way(status, total) {
  const arrived = 'settledAt' in status;
  if (total !== null && total >= 0) {
    taken.push(total);
  }
  show(byId('playground-way'), {status, total, of: taken.length}, () => {
    let before = null;
    const stages = STAGES.map(([name, field], place) => {
      const at = status[field] ?? null;
      const millis = at && before ? between(before, at) : null;
      before = at ?? before;
      const reached = Boolean(at);
      return element(
        'li',
        {class: reached ? 'reached' : place === 1 && !arrived ? 'next' : null},
        element('span', {}, name),
        element('strong', {}, said(name, place, reached, millis, arrived)),
      );
    });
    return [
      sum(total, arrived),
      element('ol', {class: 'playground-way', 'aria-label': 'The way of the change'}, stages),
      taken.length > 1 ? element('p', {class: 'hint'}, `Median of your ${count(taken.length, 'change')}: ${duration(median(taken))}.`) : null,
    ];
  });
}

function sum(total, arrived) {
  if (total !== null) {
    return element('p', {class: 'playground-total'}, duration(total), element('small', {}, ' from COMMIT to searchable'));
  }
  return arrived ? null : element('p', {class: 'playground-total'}, '…', element('small', {}, ' on its way'));
}

function said(name, place, reached, millis, arrived) {
  if (place === 0) {
    return '0 ms';
  }
  if (!reached) {
    return !arrived ? '…' : name === 'Searchable' ? 'done' : 'not needed';
  }
  return millis === null || millis < 0 ? 'done' : `+${duration(millis)}`;
}

const median = (values) => values.toSorted((one, other) => one - other)[Math.floor((values.length - 1) / 2)];

/** Searches for what was committed up to the change, and says at which place it is. */
async function find(query, table, key, lsn, signal) {
  if (!query) {
    return;
  }
  const answer = await patiently(() => api.get('search', {query: {q: query, k: HITS, minLsn: lsn}, signal}), signal);
  const rank = answer.hits.findIndex((hit) => hit.table === table && hit.key === key);
  const link = element('a', {href: `#${new URLSearchParams({q: query})}`}, `“${query}”`);
  byId('playground-found').replaceChildren(
    element(
      'div',
      {class: 'playground-hit'},
      rank < 0
        ? element('p', {}, 'The search for ', link, ` has other rows among its first ${HITS} hits.`)
        : element('p', {}, 'The search for ', link, ` finds it as hit ${rank + 1}:`),
      rank < 0 ? null : element('p', {class: 'text clamped'}, answer.hits[rank].text),
    ),
  );
}

/** Asks again where the service waited in vain: what was committed before may be on its way yet. */
async function patiently(ask, signal) {
  for (;;) {
    try {
      return await ask();
    } catch (failure) {
      if (failure.status !== 504 || signal.aborted) {
        throw failure;
      }
    }
  }
}
