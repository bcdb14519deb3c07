// One document: its state, the way of its newest change, why a search shows it or not, and following a change.

import * as api from './api.js';
import {byId, element, empty, facts, say, show} from './dom.js';
import {age, between, count, duration, number} from './format.js';
import {follow} from './follow.js';
import * as place from './place.js';
import * as recent from './recent.js';
import * as search from './search.js';
import * as stages from './stages.js';

const FIELDS = {table: 'document-table', key: 'document-key', tx: 'document-tx', lsn: 'document-lsn'};
const HINT = byId('document').firstElementChild;

let following = null;
let explained = {for: null, answer: null};
let comeFrom = null;

export function start() {
  byId('document-form').addEventListener('submit', (event) => {
    event.preventDefault();
    place.write({...fields(), follow: ''});
    followAddress();
  });
  byId('follow-document').addEventListener('click', () => {
    if (following) {
      stop('Stopped following.');
    } else if (byId('document-form').reportValidity()) {
      place.write({...fields(), follow: '1'});
      followAddress();
    }
  });
  byId('close-document').addEventListener('click', close);
  followAddress();
}

/** Shows a document that was chosen elsewhere on the page. */
export function open(table, key) {
  comeFrom = document.activeElement;
  place.write({table, key, tx: '', lsn: '', follow: ''});
  followAddress();
  byId('document-panel').classList.add('sheet'); // On a phone it comes to the eye.
  byId('document-title').scrollIntoView({block: 'nearest'});
  byId('document-title').focus({preventScroll: true});
}

export const isOpen = () => place.read().key !== '' && place.read().table !== '';

export function close() {
  byId('document-panel').classList.remove('sheet');
  stop('');
  place.write({table: '', key: '', tx: '', lsn: '', follow: ''});
  followAddress();
  (comeFrom?.isConnected ? comeFrom : byId('document-table')).focus();
  comeFrom = null;
}

/** Shows what the address names. */
export function followAddress() {
  stop('');
  const said = place.read();
  for (const [name, id] of Object.entries(FIELDS)) {
    byId(id).value = said[name];
  }
  byId('close-document').hidden = !isOpen();
  if (!isOpen()) {
    byId('document-panel').classList.remove('sheet');
    show(byId('document'), null, () => HINT);
  } else if (said.follow) {
    run(said);
  } else {
    refresh();
  }
}

/** Looks again, unless a change is followed, which looks by itself. */
export async function refresh() {
  if (!isOpen() || following) {
    return;
  }
  const {table, key} = place.read();
  try {
    const status = await api.get(api.documentPath(table, key));
    const explanation = await explain(table, key, status);
    if (!following && place.read().table === table && place.read().key === key) {
      render(status, explanation);
    }
  } catch (failure) {
    if (!following) {
      show(byId('document'), api.sentence(failure), () => empty(api.sentence(failure)));
    }
  }
}

function fields() {
  return Object.fromEntries(Object.entries(FIELDS).map(([name, id]) => [name, byId(id).value.trim()]));
}

async function run(target) {
  const here = (following = new AbortController());
  const name = `${target.table}/${target.key}`;
  const what = target.tx ? `transaction ${target.tx}` : target.lsn ? `everything up to ${target.lsn}` : 'its next change';
  say(byId('follow-document'), 'Stop following');
  say(byId('follow-status'), `Following ${name}: waiting for ${what} …`);
  try {
    const {status, outcome} = await follow(target, {
      signal: here.signal,
      onLook: (seen) => {
        render(seen, null);
        say(byId('follow-status'), seen.received ? `Following ${name}: received, and being indexed …` : `Following ${name}: waiting for ${what} …`);
      },
      onTrouble: (text) => say(byId('follow-status'), `Following ${name}. ${text} Trying again …`),
    });
    await recent.look();
    stop(outcome === 'failed' ? `The change of ${name} was given up: ${status.failure?.reason}.` : reached(target, name, status));
    place.write({follow: ''}, {replace: true});
    await refresh();
  } catch (failure) {
    if (!here.signal.aborted) {
      stop(api.sentence(failure));
    }
  }
}

function reached(target, name, status) {
  if (target.lsn && !target.tx) {
    return `Everything committed up to ${target.lsn} is searchable.`;
  }
  const taken = between(status.committedAt, recent.settledAt(status));
  const after = taken !== null && taken >= 0 ? `, ${duration(taken)} after its commit` : '';
  return status.state === 'deleted' ? `${name} is gone from the index${after}.` : `${name} is searchable${after}.`;
}

function stop(text) {
  following?.abort();
  following = null;
  say(byId('follow-document'), 'Follow its next change');
  say(byId('follow-status'), text);
}

/** Asks why the search in view shows it or not; once for each search and version of the document. */
async function explain(table, key, status) {
  const query = search.query();
  if (query.q === '') {
    return null;
  }
  const asked = JSON.stringify([table, key, query, status.state, status.indexedAt]);
  if (explained.for !== asked) {
    try {
      explained = {for: asked, answer: await api.get(`${api.documentPath(table, key)}/explain`, {query})};
    } catch (failure) {
      const reason = failure.isUnknownCall ? 'This service does not explain; a newer version of Freshet does.' : api.sentence(failure);
      explained = {for: failure.isUnknownCall ? asked : null, answer: {q: query.q, reason}};
    }
    explained.answer.q = query.q;
  }
  return explained.answer;
}

function render(status, explanation) {
  // The freshness of each answer differs, and is not shown here.
  const settledAt = recent.settledAt(status);
  show(byId('document'), {...status, settledAt, freshness: null, explanation: explanation && {...explanation, freshness: null}}, () => [
    element(
      'p',
      {class: 'state'},
      element('strong', {class: `badge ${status.state}`}, status.state),
      ' ',
      element('code', {}, status.documentId),
    ),
    element('p', {}, meaning(status)),
    failure(status),
    explanation ? why(explanation) : null,
    status.received ? stages.underWay(status.received) : null,
    status.committedAt || status.indexedAt ? stages.done(status, settledAt) : null,
    details(status, settledAt),
  ]);
}

function meaning(status) {
  switch (status.state) {
    case 'indexed':
      return `Its newest change is searchable, as ${count(status.segments, 'segment')}.`;
    case 'pending':
      return `Its newest change left out values that did not change, and waits for the change that has them: ${status.waitsFor.join(', ')}.`;
    case 'deleted':
      return 'It is deleted: no search finds it.';
    case 'failed':
      return 'Its newest change could not be indexed.';
    default:
      return 'No change of it was ever applied. Compare table and key with the source’s; a row that did not change since capture began needs a snapshot.';
  }
}

function failure(status) {
  if (!status.failure) {
    return null;
  }
  const {reason, detail, failedAt, olderSearchable} = status.failure;
  const answer = element('span', {role: 'status'});
  return element(
    'div',
    {class: 'failure'},
    element('p', {}, element('strong', {}, reason), `: ${detail}`),
    element('p', {class: 'hint'}, 'Given up ', age(failedAt), olderSearchable ? '. An older version is still searchable.' : '. No older version is searchable.'),
    element('p', {}, element('button', {type: 'button', class: 'changing', 'data-focus': 'replay', click: () => replay(status, answer)}, 'Replay it'), ' ', answer),
  );
}

async function replay(status, answer) {
  try {
    const query = {table: status.table, key: status.key};
    const report = await api.call('POST', 'dead-letters/replay', {query, patience: 120_000});
    say(answer, report.failed > 0 ? 'It failed again.' : `Replayed: ${number(report.succeeded)} indexed, ${number(report.stale)} stale.`);
  } catch (problem) {
    say(answer, api.sentence(problem));
  }
  await refresh();
}

function why(explanation) {
  return element(
    'div',
    {class: 'why'},
    element('h3', {}, `For the search “${explanation.q}”`),
    element('p', {}, explanation.verdict ? element('strong', {}, `${explanation.verdict.replaceAll('-', ' ')}: `) : '', explanation.reason),
    facts([
      ['Rank', explanation.rank ? `${number(explanation.rank)} (${number(explanation.k)} were asked for)` : null],
      ['Score', figure(explanation.score)],
      ['Score of the last hit', figure(explanation.lastScore)],
      ['Segment', explanation.segment ?? null],
    ]),
  );
}

const figure = (score) => (Number.isFinite(score) ? score.toFixed(3) : null);

function details(status, settledAt) {
  return facts([
    ['LSN of the change', status.lsn && element('code', {}, status.lsn)],
    ['Transaction', status.txId === null || status.txId === undefined ? null : String(status.txId)],
    ['Model', status.model],
    ['Content', status.contentHash && element('code', {title: status.contentHash}, status.contentHash.slice(0, 12))],
    ['Searchable since', status.state === 'indexed' && settledAt ? age(settledAt) : null],
  ]);
}
