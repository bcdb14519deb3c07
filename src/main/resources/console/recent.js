// The last changes, and what became of each.

import * as api from './api.js';
import {byId, element, empty, show} from './dom.js';
import {age, between, duration} from './format.js';

const WORDS = {
  indexed: 'searchable',
  unchanged: 'unchanged',
  stale: 'older than indexed',
  deleted: 'deleted',
  'dead-lettered': 'given up',
};

let openDocument = () => {};

/** @param options.open shows a document: called with its table and key */
export function start(options) {
  openDocument = options.open;
}

/** @param isOutage tells whether the service answers nothing at all; then what was listed stays */
export async function refresh(isOutage) {
  try {
    render((await api.get('changes/recent')).changes);
  } catch (failure) {
    if (await isOutage()) {
      return;
    }
    const text = failure.isUnknownCall
      ? 'This service does not list its changes; a newer version of Freshet does.'
      : `The recent changes cannot be listed now. ${api.sentence(failure)}`;
    show(byId('recent'), text, () => empty(text));
  }
}

function render(changes) {
  show(byId('recent'), changes, () =>
    changes.length === 0
      ? empty('None since the start. Each change appears here when it has its outcome.')
      : element(
          'div',
          {class: 'scroll low', tabindex: 0, role: 'group', 'aria-label': 'Recent changes', 'data-focus': 'scroll'},
          element(
            'table',
            {},
            element(
              'thead',
              {},
              element('tr', {}, ['Document', 'Operation', 'Committed', 'Outcome', 'After'].map((name) => element('th', {scope: 'col', class: name === 'After' ? 'figure' : null}, name))),
            ),
            element('tbody', {}, changes.map(row)),
          ),
        ),
  );
}

function row(change) {
  const {table, key, operation, outcome, reason, committedAt, settledAt} = change;
  const taken = between(committedAt, settledAt);
  return element(
    'tr',
    {'data-outcome': outcome},
    element('th', {scope: 'row'}, named(change)),
    element('td', {}, operation ?? '–'),
    element('td', {}, committedAt ? age(committedAt) : '–'),
    element('td', {}, element('span', {class: `outcome ${outcome}`}, WORDS[outcome] ?? outcome), reason ? ` ${reason}` : null),
    element('td', {class: 'figure'}, taken !== null && taken >= 0 ? duration(taken) : '–'),
  );
}

function named({table, key, settledAt}) {
  if (!table) {
    return 'a message that cannot be read';
  }
  if (key === null) {
    return table;
  }
  return element(
    'button',
    {type: 'button', class: 'link', 'data-focus': `${table}/${key} ${settledAt}`, click: () => openDocument(table, key)},
    `${table}/${key}`,
  );
}
