// The tables, and how much of each is searchable.

import {byId, element, empty, show} from './dom.js';
import {age, count, number} from './format.js';

/** Failed is no share of the documents: one whose older version is stored counts here and there, and one without does not. */
const COLUMNS = [
  ['Table', (row) => [row.table, element('span', {class: 'phone hint'}, 'newest commit ', age(row.newestCommittedAt))]],
  ['Documents', (row) => number(row.documents), 'figure'],
  ['Failed', (row) => number(row.failed), 'figure', 'documents whose newest change was given up'],
  ['Segments', (row) => number(row.segments), 'figure roomy'],
  ['Deleted', (row) => number(row.deleted), 'figure roomy'],
  ['Committed', (row) => age(row.newestCommittedAt), 'roomy', 'when the newest version was committed'],
  ['Written', (row) => age(row.lastIndexedAt), 'roomy', 'when the newest version was written'],
];

const REASONS = {
  'unmapped-table': 'No mapping names it: add it to freshet.tables if it is to be searched',
  'lacks-columns': 'Its rows lack an id, or both a title and a description: give it a mapping in freshet.tables',
};

/** @param tables as `GET /freshness` has them; undefined where the service does not tell */
export function render(tables, ignored = []) {
  const node = byId('tables');
  show(node, {tables, ignored}, () => {
    if (!tables) {
      return empty('This service does not tell its tables. A newer version of Freshet does.');
    }
    if (tables.length === 0) {
      return [empty('No table has a document yet. Each appears with the first change that comes in of it.'), ...ignoredRows(ignored)];
    }
    return [element(
      'div',
      {class: 'scroll', tabindex: 0, role: 'group', 'aria-label': 'Tables', 'data-focus': 'scroll'},
      element(
        'table',
        {},
        element('thead', {}, element('tr', {}, COLUMNS.map(([name, , kind, title]) => element('th', {scope: 'col', class: kind, title}, name)))),
        element(
          'tbody',
          {},
          tables.map((row) =>
            element(
              'tr',
              {},
              COLUMNS.map(([, value, kind], index) =>
                index === 0 ? element('th', {scope: 'row'}, value(row)) : element('td', {class: kind}, value(row)),
              ),
            ),
          ),
        ),
      ),
    ), ...ignoredRows(ignored)];
  });
  const names = (tables ?? []).map((row) => row.table);
  show(byId('known-tables'), names, () => names.map((name) => element('option', {value: name})));
}

/** What comes in of tables and becomes no document. */
function ignoredRows(ignored) {
  if (ignored.length === 0) {
    return [];
  }
  return [
    element('h3', {}, 'Changes that become no documents'),
    element(
      'ul',
      {class: 'ignored'},
      ignored.map(({table, reason, partitionOf, changes, newestAt}) =>
        element(
          'li',
          {},
          element('strong', {}, table),
          `: ${count(changes, 'change')} since the start, the last `,
          age(newestAt),
          '. ',
          element(
            'span',
            {class: 'hint'},
            partitionOf ? `It looks like a partition of ${partitionOf}: let its mapping take partitions.` : `${REASONS[reason] ?? reason}.`,
          ),
        ),
      ),
    ),
  ];
}
