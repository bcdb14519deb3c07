// The last changes, and what became of each.

import * as api from './api.js';
import {byId, element, empty, show} from './dom.js';
import {isTransaction} from './follow.js';
import {age, between, duration} from './format.js';

const COLUMNS = [['Document'], ['Outcome'], ['After', 'figure'], ['Committed', 'roomy'], ['Operation', 'roomy']];

const WORDS = {
  indexed: 'searchable',
  unchanged: 'unchanged',
  stale: 'older than indexed',
  deleted: 'deleted',
  'dead-lettered': 'given up',
};

/** What made a version searchable, or found that it is. */
const DURABLE = ['indexed', 'unchanged', 'deleted'];

let openDocument = () => {};
let listened = () => {};
let listed = [];

/**
 * @param options.open shows a document: called with its table and key
 * @param options.listed called when other changes are known
 */
export function start(options) {
  openDocument = options.open;
  listened = options.listed;
}

/**
 * When a version of a document was searchable: settled means that the store has committed it. Null where none of the
 * changes that are listed is that version's.
 */
export function settledAt({table, key, lsn, txId}) {
  const found = lsn ? listed.findLast((change) => isOf(change, table, key) && change.lsn === lsn && (change.txId ?? null) === (txId ?? null)) : null;
  return found?.settledAt ?? null;
}

/** The same of the last change that a transaction made of a document; asks for the changes anew. */
export async function settledBy(tx, table, key) {
  await ask();
  return listed.find((change) => isOf(change, table, key) && isTransaction(tx, change.txId))?.settledAt ?? null;
}

const isOf = (change, table, key) => change.table === table && change.key === key && DURABLE.includes(change.outcome);

/** Asks what the last changes are; what could not be asked leaves what is known. */
export async function look() {
  try {
    await ask();
  } catch {
    // The list says itself why it is missing.
  }
}

async function ask() {
  const {changes} = await api.get('changes/recent');
  listed = changes;
  render(changes);
  listened();
}

/** @param isOutage tells whether the service answers nothing at all; then what was listed stays */
export async function refresh(isOutage) {
  try {
    await ask();
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
              element('tr', {}, COLUMNS.map(([name, kind]) => element('th', {scope: 'col', class: kind}, name))),
            ),
            element('tbody', {}, changes.map(row)),
          ),
        ),
  );
}

function row(change) {
  const {operation, outcome, reason, committedAt, settledAt} = change;
  const taken = between(committedAt, settledAt);
  return element(
    'tr',
    {'data-outcome': outcome},
    element(
      'th',
      {scope: 'row'},
      named(change),
      element('span', {class: 'phone hint'}, operation ?? '', committedAt ? [operation ? ', ' : '', age(committedAt)] : ''),
    ),
    element('td', {}, element('span', {class: `outcome ${outcome}`}, WORDS[outcome] ?? outcome), reason ? element('span', {class: 'reason'}, ` ${reason}`) : null),
    element('td', {class: 'figure'}, taken !== null && taken >= 0 ? duration(taken) : '–'),
    element('td', {class: 'roomy'}, committedAt ? age(committedAt) : '–'),
    element('td', {class: 'roomy'}, operation ?? '–'),
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
    {type: 'button', class: 'link', 'aria-label': `${table}/${key}`, 'data-focus': `${table}/${key} ${settledAt}`, click: () => openDocument(table, key)},
    `${table}/`,
    element('wbr'),
    key,
  );
}
