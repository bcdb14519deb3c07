// The tables, and how much of each is searchable.

import {byId, element, empty, show} from './dom.js';
import {age, number} from './format.js';

const COLUMNS = [
  ['Table', (row) => row.table],
  ['Documents', (row) => number(row.documents), 'figure'],
  ['Segments', (row) => number(row.segments), 'figure'],
  ['Deleted', (row) => number(row.deleted), 'figure'],
  ['Failed', (row) => number(row.failed), 'figure'],
  ['Newest commit', (row) => age(row.newestCommittedAt)],
  ['Last indexed', (row) => age(row.lastIndexedAt)],
];

/** @param tables as `GET /freshness` has them; undefined where the service does not tell */
export function render(tables) {
  const node = byId('tables');
  show(node, tables ?? null, () => {
    if (!tables) {
      return empty('This service does not tell its tables. A newer version of Freshet does.');
    }
    if (tables.length === 0) {
      return empty('No table has a document yet. Each appears with the first change that comes in of it.');
    }
    return element(
      'div',
      {class: 'scroll', tabindex: 0, role: 'group', 'aria-label': 'Tables', 'data-focus': 'scroll'},
      element(
        'table',
        {},
        element('thead', {}, element('tr', {}, COLUMNS.map(([name, , kind]) => element('th', {scope: 'col', class: kind}, name)))),
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
    );
  });
  const names = (tables ?? []).map((row) => row.table);
  show(byId('known-tables'), names, () => names.map((name) => element('option', {value: name})));
}
