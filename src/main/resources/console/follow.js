// Waits until a change of a document is searchable.

import * as api from './api.js';

const LOOK_EVERY_MILLIS = 400;
const WAIT_SECONDS = 20;

/**
 * Follows a document until its change is in the index, or was given up. The service's own wait settles it where a
 * transaction or an LSN is named and the service can wait; the looks between show the stages, and settle the rest.
 *
 * @param target table, key, and tx or lsn: texts, empty where not named
 * @param onLook called with each state that was seen
 * @param onTrouble called with a sentence while the service does not answer
 * @returns the last state, and whether the change is `searchable` or `failed`
 */
export async function follow(target, {signal, onLook, onTrouble}) {
  const path = api.documentPath(target.table, target.key);
  const wait = {confirmed: false, failure: null};
  const waited = target.tx || target.lsn ? awaitAtService(path, target, wait, signal) : new Promise(() => {});
  let first = null;
  for (;;) {
    const confirmed = wait.confirmed; // Read before the look, which then shows what was waited for.
    try {
      const status = await api.get(path, {signal});
      first ??= status;
      onLook(status);
      const end = outcome(target, first, status, confirmed);
      if (end) {
        return {status, outcome: end};
      }
    } catch (failure) {
      if (!(failure instanceof api.Unreachable || failure.status === 503)) {
        throw failure;
      }
      onTrouble(api.sentence(failure));
    }
    await Promise.race([pause(LOOK_EVERY_MILLIS, signal), wait.confirmed ? pause(LOOK_EVERY_MILLIS, signal) : waited]);
    if (wait.failure) {
      throw wait.failure;
    }
  }
}

function outcome(target, first, status, confirmed) {
  const named = target.tx || target.lsn;
  const gaveUp = status.state === 'failed' && status.failure?.failedAt !== first.failure?.failedAt;
  if (gaveUp || (confirmed && status.state === 'failed')) {
    return 'failed';
  }
  if (confirmed || (target.tx && isTransaction(target.tx, status.txId) && status.state !== 'pending')) {
    return 'searchable';
  }
  const moved = status.position !== first.position || status.indexedAt !== first.indexedAt || status.state !== first.state;
  return !named && moved && ['indexed', 'deleted'].includes(status.state) ? 'searchable' : null;
}

/** A full transaction id counts wraparounds above 32 bits, and Debezium sends only these. */
export function isTransaction(asked, seen) {
  return /^\d+$/.test(asked) && seen !== null && seen !== undefined && BigInt(asked) % 2n ** 32n === BigInt(seen);
}

/** Asks again while the service says that it is not there yet. An older service cannot wait: then the looks must do. */
async function awaitAtService(path, target, wait, signal) {
  const query = {...(target.tx ? {txId: target.tx} : {minLsn: target.lsn}), timeout: `${WAIT_SECONDS}s`};
  while (!signal.aborted && !wait.confirmed) {
    try {
      await api.get(path, {query, signal, patience: (WAIT_SECONDS + 10) * 1000});
      wait.confirmed = true;
    } catch (failure) {
      if (signal.aborted || failure.isUnknownCall) {
        await new Promise(() => {});
      } else if (failure.status === 400 && failure.parameter === 'timeout') {
        delete query.timeout; // The service allows less.
      } else if (failure.status === 429 || failure.status === 503 || failure instanceof api.Unreachable) {
        await pause((failure.retryAfterSeconds ?? 2) * 1000, signal);
      } else if (failure.status !== 504) {
        wait.failure = failure;
        return;
      }
    }
  }
}

function pause(millis, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, millis);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        reject(signal.reason);
      },
      {once: true},
    );
  });
}
