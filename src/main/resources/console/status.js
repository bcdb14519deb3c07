// How fresh the index is now: the one word, what is wrong and the way out, and the figures.

import * as api from './api.js';
import {ask} from './dialogs.js';
import {byId, element, say, show} from './dom.js';
import {age, count, number, NOT_KNOWN} from './format.js';
import {shape} from './shapes.js';
import {verdict} from './verdict.js';

const trouble = new Map();
const own = {asked: false, keyNeeded: false, unreachable: false, answeredAt: null, indexDown: false};

let changed = () => {};
let answered = null;
let goneIcon = null;

/** @param options.changed called when consumption was paused or resumed */
export function start(options) {
  changed = options.changed;
  paint();
  keepIcon();
}

/** While the service is gone, nobody hands out the icon that says so. */
async function keepIcon() {
  try {
    const answer = await fetch('console/icon-stuck.svg');
    goneIcon = answer.ok ? `data:image/svg+xml,${encodeURIComponent(await answer.text())}` : null;
  } catch {
    // Then the icon stays as it is.
  }
}

/** Says that something is wrong, or, without a text, that it is well again. */
export function problem(id, text, {since = null, remedy = null} = {}) {
  if (text) {
    trouble.set(id, {text, since, remedy});
  } else {
    trouble.delete(id);
  }
  paint();
}

/** Whether a key is needed: then nothing else is shown. */
export function lock(locked) {
  own.keyNeeded = locked;
  document.body.classList.toggle('locked', locked);
  paint();
}

/** Whether no answer comes: then that is the one thing that is true. */
export function away(unreachable, answeredAt = null) {
  own.unreachable = unreachable;
  own.answeredAt = answeredAt;
  document.body.classList.toggle('away', unreachable);
  for (const column of document.querySelectorAll('fieldset.column')) {
    column.disabled = unreachable;
  }
  paint();
}

/** Whether no answer came to the last question. */
export const isAway = () => own.unreachable;

/** Says why the service does not tell how fresh it is. What it told before may no longer be true. */
export function notKnown(text) {
  own.asked = true;
  answered = null;
  alarms([]);
  document.body.classList.add('unknown');
  problem('freshness', text);
}

/** Shows what `GET /freshness` answered. */
export function render(answer) {
  own.asked = true;
  document.body.classList.remove('unknown');
  document.body.classList.toggle('reader', answer.mayChange === false);
  trouble.delete('freshness');
  answered = answer.status ?? null;
  alarms(answer.alarms ?? []);
  say(byId('version'), answer.version ?? '');
  figures(answer, answer.freshness ?? {});
  paint();
}

/** Shows what the readiness check answered. */
export function renderReadiness({ready, body}) {
  const reasons = Object.values(body?.details ?? {})
    .filter((part) => part.status === 'DOWN')
    .map((part) => part.details?.reason ?? part.details?.description ?? part.details?.error ?? part.name);
  own.indexDown = !ready;
  problem('index', ready ? null : `The index does not answer, so searches fail. ${reasons.join(' ')}`.trim());
}

/** Says that it is not known whether the index answers. */
export function readinessNotKnown(text) {
  problem('index', `Whether the index answers is not known. ${text}`);
}

/** The service says what is wrong, since when, and what to do; nothing is found out here. */
function alarms(raised) {
  for (const id of [...trouble.keys()].filter((known) => known.startsWith('alarm:'))) {
    trouble.delete(id);
  }
  for (const {cause, since, description, remedy} of raised) {
    trouble.set(`alarm:${cause}`, {text: asSentence(description), since, remedy: asSentence(remedy)});
  }
}

const asSentence = (text) => text.charAt(0).toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? '' : '.');

function paint() {
  const now = verdict(own, answered);
  headline(now);
  const lines = troubles();
  const told = !now.reason || lines.some((line) => line.text === asSentence(now.reason));
  say(byId('reason'), told ? '' : asSentence(now.reason));
  say(byId('way-out'), told || !now.remedy ? '' : asSentence(now.remedy));
  show(byId('problems'), lines, () => lines.map(line));
}

/** In an outage, what was shown before may no longer be true. */
function troubles() {
  if (own.unreachable || own.keyNeeded) {
    return [trouble.get('unreachable')].filter((one) => one && !own.keyNeeded);
  }
  const told = new Map(trouble);
  if (told.has('alarm:index-silent')) {
    told.delete('index');
  }
  return [...told.values()];
}

function line({text, since, remedy}) {
  return element(
    'p',
    {class: 'problem'},
    element('strong', {}, text),
    remedy ? element('span', {}, ` ${remedy}`) : null,
    since ? element('span', {class: 'since'}, ' Since ', age(since), '.') : null,
  );
}

function headline({word, title, figure, tone, shape: sign, icon}) {
  byId('status').dataset.tone = tone;
  byId('status').dataset.word = word;
  show(byId('headline'), {title, figure, sign}, () => [
    shape(sign),
    element('span', {class: 'word'}, title),
    figure ? element('span', {class: 'dot'}, ' · ') : null,
    figure ? element('span', {class: figure.length > 8 ? 'measure long' : 'measure'}, figure) : null,
  ]);
  // Its figure changes too often to be read out.
  say(byId('word'), own.asked || own.unreachable || own.keyNeeded ? `Freshet: ${title}` : '');
  document.title = `${[title, figure].filter(Boolean).join(' · ')} – Freshet`;
  const link = document.querySelector('link[rel=icon]');
  const address = own.unreachable && goneIcon ? goneIcon : `console/${icon}`;
  if (link.getAttribute('href') !== address) {
    link.setAttribute('href', address);
  }
}

function figures(answer, now) {
  const {consumption, feed, watermark} = answer;
  const waiting = now.pending ?? feed?.waiting ?? null;
  const dead = now.deadLettered ?? feed?.deadLetters ?? null;
  // Ages count on by themselves.
  const {waiters, mayChange} = answer;
  show(byId('figures'), {now, consumption, feed, watermark, waiters, mayChange}, () => [
    figure('Searchable up to', watermarkValue(now), ...watermarkHints(now, watermark)),
    figure(
      'Waiting',
      waiting === null ? NOT_KNOWN : count(waiting, 'message'),
      waiting > 0 ? 'queued and in flight' : null,
      answer.waiters > 0 ? `${count(answer.waiters, 'call')} waiting` : null,
    ),
    figure('Given up', deadLetters(dead)),
    figure(
      'Consumption',
      [consumption?.state ?? NOT_KNOWN, answer.mayChange === false ? null : control(consumption)],
      answer.mayChange === false ? 'the key in use may only read' : null,
    ),
  ]);
}

function figure(name, value, ...hints) {
  return element(
    'div',
    {},
    element('dt', {}, name),
    element('dd', {class: 'value'}, ...[value].flat()),
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
    now.asOfTime ? element('span', {}, 'committed ', age(now.asOfTime)) : null,
    now.exact === false ? 'not exact: others may hold changes' : null,
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
    return dead === 0 ? 'nothing' : NOT_KNOWN;
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
    count(dead, 'change'),
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
    text: 'The batch in flight ends first. Then changes wait until somebody resumes, or the process restarts.',
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
