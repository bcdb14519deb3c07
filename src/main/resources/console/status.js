// How fresh the index is now: the headline, the figures, and what is wrong.

import * as api from './api.js';
import {ask} from './dialogs.js';
import {byId, element, say, show} from './dom.js';
import {age, behind, clock, count, duration, number, NOT_KNOWN} from './format.js';

const trouble = new Map();

let changed = () => {};

/** @param options.changed called when consumption was paused or resumed */
export function start(options) {
  changed = options.changed;
}

/** Says that something is wrong, or, without a text, that it is well again. */
export function problem(id, text) {
  if (text) {
    trouble.set(id, text);
  } else {
    trouble.delete(id);
  }
  const texts = [...trouble.values()];
  show(byId('problems'), texts, () => texts.map((one) => element('p', {class: 'problem'}, one)));
}

/** Shows what `GET /freshness` answered. */
export function render(answer) {
  const now = answer.freshness ?? {};
  headline(answer, now);
  alarms(answer.alarms ?? []);
  figures(answer, now);
}

/** Shows what the readiness check answered. */
export function renderReadiness({ready, body}) {
  const reasons = Object.values(body?.details ?? {})
    .filter((part) => part.status === 'DOWN')
    .map((part) => part.details?.reason ?? part.details?.description ?? part.details?.error ?? part.name);
  problem('index', ready ? null : `The index does not answer, so searches fail. ${reasons.join(' ')}`.trim());
}

/** The service says what is wrong, since when, and what to do; nothing is found out here. */
function alarms(raised) {
  const causes = new Set(raised.map((alarm) => `alarm:${alarm.cause}`));
  for (const id of [...trouble.keys()].filter((known) => known.startsWith('alarm:') && !causes.has(known))) {
    problem(id, null);
  }
  for (const {cause, since, description, remedy} of raised) {
    problem(`alarm:${cause}`, `${asSentence(description)}${since ? ` Since ${clock(since)}.` : ''} ${asSentence(remedy)}`);
  }
}

function asSentence(text) {
  return text.charAt(0).toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? '' : '.');
}

function headline(answer, now) {
  const lsn = now.asOfLsn ?? null;
  const text = lsn
    ? `Searchable up to ${lsn}, ${behind(now.lagMillis)}`
    : answer.consumption?.state === 'running'
      ? 'Running; no commit was seen yet'
      : 'Not running';
  say(byId('headline'), text);
  document.title = trouble.size > 0 ? '⚠ Freshet' : 'Freshet';
}

function figures(answer, now) {
  const {consumption, feed, watermark} = answer;
  const waiting = now.pending ?? feed?.waiting ?? null;
  const dead = now.deadLettered ?? feed?.deadLetters ?? null;
  // Ages count on by themselves.
  show(byId('figures'), {now, consumption, feed, watermark, waiters: answer.waiters}, () => [
    figure('Watermark', watermarkValue(now), ...watermarkHints(now, watermark)),
    figure('Lag', now.lagMillis === 0 ? 'none' : duration(now.lagMillis), now.note),
    figure(
      'Pending',
      number(waiting),
      waiting === 0 ? 'nothing waits' : 'queued and in flight',
      answer.waiters > 0 ? `${count(answer.waiters, 'call')} waiting` : null,
    ),
    figure('Dead letters', deadLetters(dead), dead === 0 ? 'nothing was given up' : null),
    figure('Consumption', consumption?.state ?? NOT_KNOWN, control(consumption)),
    figure('Feed', feed?.connected === false ? 'not connected' : feed?.connected ? 'connected' : NOT_KNOWN, feed?.description),
  ]);
}

function figure(name, value, ...hints) {
  return element(
    'div',
    {},
    element('dt', {}, name),
    element('dd', {class: 'value'}, value),
    hints.filter(Boolean).map((hint) => element('dd', {class: 'hint'}, hint)),
  );
}

function watermarkValue(now) {
  return now.asOfLsn ? element('code', {}, now.asOfLsn) : NOT_KNOWN;
}

function watermarkHints(now, watermark) {
  const failed = now.failedDocuments ?? 0;
  const holes = watermark?.except ?? [];
  return [
    now.asOfTime ? element('span', {}, 'as of ', age(now.asOfTime)) : null,
    now.exact === false ? 'the lowest of several instances, not exact' : null,
    failed > 0
      ? element(
          'details',
          {'data-open': 'except'},
          element('summary', {'data-focus': 'except'}, `except ${count(failed, 'failed document')}`),
          element('ul', {}, holes.map((hole) => element('li', {}, `${hole.documentId}: ${hole.reason}`))),
          holes.length < failed ? `and ${number(failed - holes.length)} more` : null,
        )
      : null,
  ];
}

function deadLetters(dead) {
  if (!dead) {
    return dead === 0 ? '0' : NOT_KNOWN;
  }
  return element(
    'button',
    {
      type: 'button',
      class: 'link',
      'data-focus': 'dead-letters',
      'aria-label': `${count(dead, 'dead letter')}: go to them`,
      click: () => {
        byId('dead-letters-title').scrollIntoView({block: 'start'});
        byId('dead-letters-title').focus({preventScroll: true});
      },
    },
    number(dead),
  );
}

function control(consumption) {
  const paused = consumption?.state === 'paused' || consumption?.state === 'pausing';
  if (!consumption || consumption.state === 'ended') {
    return null;
  }
  return element(
    'button',
    {type: 'button', class: 'small', 'data-focus': 'consumption', click: paused ? resume : pause},
    paused ? 'Resume' : 'Pause …',
  );
}

async function pause() {
  const reason = await ask({
    title: 'Pause consumption?',
    text: 'The batch in flight ends first. Then changes wait in the queue until somebody resumes, or the process restarts.',
    label: 'Reason, for those who look',
    yes: 'Pause',
  });
  if (reason !== null) {
    await change('consumption/pause', {reason});
  }
}

async function resume() {
  await change('consumption/resume', {});
}

async function change(path, query) {
  try {
    await api.call('POST', path, {query});
    problem('control', null);
  } catch (failure) {
    problem('control', `Consumption stays as it is. ${api.sentence(failure)}`);
  }
  changed();
}
