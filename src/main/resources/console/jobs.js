// Backfills, drift checks and reindexes: begin one, see how far each is, pause, resume, cancel.

import * as api from './api.js';
import {ask} from './dialogs.js';
import {byId, element, empty, facts, say, show} from './dom.js';
import {age, count, duration, number} from './format.js';

const CALLS = {backfill: 'backfills', 'drift-check': 'drift-checks', 'repairing drift-check': 'drift-checks', reindex: 'reindexes'};

const OPEN = ['queued', 'running', 'waiting', 'paused'];

/** Newer jobs of the list that are shown at once. */
const MOST = 8;

const FOUND = [
  ['missing', 'missing'],
  ['orphaned', 'orphaned'],
  ['different', 'different'],
];

let openDocument = () => {};
let asking = false;

/** @param options.open shows a document: called with its table and key */
export function start(options) {
  openDocument = options.open;
  byId('job-form').addEventListener('submit', begin);
}

/** @param tables as `/freshness` has them; null while the index does not answer, and then an offer stays */
export function offer(tables) {
  if (!tables) {
    return;
  }
  const offered = tables.filter((row) => row.backfillOffered).map((row) => row.table);
  show(byId('backfill-offers'), offered, () => (offered.length === 0 ? [] : element('ul', {class: 'letters'}, offered.map(backfillOffer))));
}

function backfillOffer(table) {
  const backfill = () => act(() => post('backfill', {table}));
  return element(
    'li',
    {},
    element(
      'div',
      {class: 'heading'},
      element('h3', {}, table),
      element(
        'span',
        {class: 'actions'},
        element('button', {type: 'button', class: 'changing', 'aria-label': `Begin the backfill of ${table}`, 'data-focus': `backfill ${table}`, click: backfill}, 'Backfill'),
      ),
    ),
    element('p', {class: 'remedy'}, 'The source has rows of it, and the index has no document. A backfill reads them.'),
  );
}

/** @param isOutage tells whether the service answers nothing at all; then what was listed stays */
export async function refresh(isOutage) {
  if (asking) {
    return;
  }
  asking = true;
  try {
    const {jobs} = await api.get('jobs');
    byId('jobs-panel').hidden = false;
    render(jobs);
  } catch (failure) {
    if (await isOutage()) {
      return;
    }
    byId('jobs-panel').hidden = Boolean(failure.isUnknownCall);
    show(byId('jobs'), api.sentence(failure), () => empty(`The jobs cannot be listed now. ${api.sentence(failure)}`));
  } finally {
    asking = false;
  }
}

function render(jobs) {
  show(byId('jobs'), jobs, () =>
    jobs.length === 0
      ? empty('None. A backfill reads the rows that are older than the pipeline, a drift check compares a table with the index, a reindex makes documents of a former mapping again.')
      : element('ul', {class: 'letters'}, jobs.slice(0, MOST).map(entry)),
  );
}

function entry(job) {
  const name = `${job.kind} of ${job.request.table}`;
  const button = (verb, call) =>
    element(
      'button',
      {type: 'button', class: 'changing', 'aria-label': `${verb.replace(' …', '')} the ${name}`, 'data-focus': `${verb} ${job.id}`, click: () => change(job, call)},
      verb,
    );
  const open = OPEN.includes(job.state);
  return element(
    'li',
    {'data-state': job.state},
    element(
      'div',
      {class: 'heading'},
      element('h3', {}, name),
      element(
        'span',
        {class: 'actions'},
        ['paused', 'failed'].includes(job.state) ? button('Resume', 'resume') : open ? button('Pause', 'pause') : null,
        open ? button('Cancel …', 'cancel') : null,
      ),
    ),
    open ? bar(job, name) : null,
    element('p', {}, element('strong', {}, job.state), `: ${progress(job)}`),
    job.problem ? element('p', {class: 'remedy'}, job.problem) : null,
    found(job),
    element('p', {class: 'hint'}, [request(job), counts(job)].filter(Boolean).join(' · '), ' · begun ', age(job.startedAt ?? job.createdAt)),
  );
}

function bar({done, total}, name) {
  return element('progress', {max: total === null ? null : Math.max(1, total), value: total === null ? null : Math.min(done, total), 'aria-label': `How far the ${name} is`});
}

function progress({done, total, perSecond, remainingSeconds, state}) {
  const of = total === null || state === 'done' ? count(done, 'step') : `${number(done)} of about ${number(total)}`;
  const rate = perSecond ? `, ${number(Math.round(perSecond))} a second` : '';
  return `${of}${rate}${remainingSeconds === null ? '' : `, about ${duration(remainingSeconds * 1000)} left`}`;
}

const request = ({request: {where, rate, repair}}) =>
  [where ? `where ${where}` : null, rate ? `at most ${number(rate)} a second` : null, repair ? 'repairs what it finds' : null].filter(Boolean).join(', ');

const counts = (job) => Object.entries(job.counts).map(([word, figure]) => `${number(figure)} ${word}`).join(', ');

/** What a drift check has found, with some of the documents. */
function found({kind, report, request: {table}}) {
  if (kind !== 'drift-check' || !report) {
    return null;
  }
  return [
    facts(FOUND.map(([field, word]) => [word, report[field] ? number(report[field].count) : null])),
    FOUND.filter(([field]) => report[field]?.examples?.length).map(([field, word]) =>
      element(
        'details',
        {},
        element('summary', {}, `Documents that are ${word}`),
        element('ul', {}, report[field].examples.map((id) => element('li', {}, document(table, String(id))))),
      ),
    ),
    (report.remarks ?? []).map((remark) => element('p', {class: 'remedy'}, remark)),
  ];
}

function document(table, id) {
  const key = id.startsWith(`${table}/`) ? id.slice(table.length + 1) : id;
  return element('button', {type: 'button', class: 'link', click: () => openDocument(table, key)}, key);
}

async function begin(event) {
  event.preventDefault();
  const kind = byId('job-kind').value;
  const table = byId('job-table').value.trim();
  if (!table) {
    tell('Name a table, as in public.products.');
    return;
  }
  const query = kind === 'repairing drift-check' ? {table, repair: true} : {table};
  await act(() => post(kind, query));
}

async function post(kind, query) {
  const job = await api.call('POST', CALLS[kind], {query, patience: 60_000});
  return `The ${job.kind} of ${job.request.table} has begun.`;
}

async function change(job, call) {
  if (call === 'cancel') {
    const answer = await ask({title: `Cancel the ${job.kind}?`, text: 'What it has done stays; it cannot be resumed.', yes: 'Cancel the job'});
    if (answer === null) {
      return;
    }
  }
  await act(async () => {
    const {state} = await api.call('POST', `jobs/${job.id}/${call}`);
    return `The ${job.kind} of ${job.request.table} is ${state}.`;
  });
}

async function act(action) {
  tell('Working …');
  try {
    tell(await action());
  } catch (failure) {
    tell(api.sentence(failure));
  }
  await refresh(() => false);
}

function tell(text) {
  say(byId('jobs-status'), text);
}
