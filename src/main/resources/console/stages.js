// The way of one change, stage by stage.

import {element} from './dom.js';
import {age, between, duration} from './format.js';

/**
 * The way of the change that is searchable.
 *
 * @param settledAt when the store had committed it; null where that is not known
 */
export function done(status, settledAt) {
  return way('The way of its newest change', [
    ['Committed', status.committedAt],
    ['Captured', status.capturedAt],
    ['Received', status.receivedAt],
    ['Embedded', status.embeddedAt, embedding(status)],
    ['Written', status.indexedAt],
    status.state === 'deleted' ? null : ['Searchable', settledAt, 'a moment later'],
  ]);
}

/** The way so far of one that is not. */
export function underWay(received) {
  return way('The way of a newer change, so far', [
    ['Committed', received.committedAt],
    ['Received', received.receivedAt],
    ['Searchable', null, 'not yet'],
  ]);
}

function embedding(status) {
  if (status.embedded === null || status.embedded === undefined) {
    return null;
  }
  return `${status.embedded} of ${status.segments} segments anew`;
}

function way(label, stages) {
  let before = null;
  return element(
    'ol',
    {class: 'stages', 'aria-label': label},
    stages.filter(Boolean).map(([name, at, note]) => {
      const taken = at && before ? between(before, at) : null;
      before = at ?? before;
      return element(
        'li',
        {class: at ? 'reached' : null},
        element('span', {class: 'label'}, name),
        element(
          'span',
          {},
          at ? age(at, 3) : note ?? 'not known',
          at && note && name !== 'Searchable' ? element('span', {class: 'hint'}, ` ${note}`) : null,
        ),
        element('span', {class: 'figure'}, taken === null || taken < 0 ? '' : `+${duration(taken)}`),
      );
    }),
  );
}
