// The changes that could not be indexed: look, try again, give up.

import * as api from './api.js';
import {ask, look} from './dialogs.js';
import {byId, element, empty, facts, say, show} from './dom.js';
import {age, clock, count, number} from './format.js';
import {remedy} from './remedies.js';

const MOST = 100;

let openDocument = () => {};
let changed = () => {};
let lastCount;
let all = 0;

/**
 * @param options.open shows a document: called with its table and key
 * @param options.changed called when a replay or a discard changed something
 */
export function start(options) {
  openDocument = options.open;
  changed = options.changed;
  byId('refresh-dead-letters').addEventListener('click', refresh);
  byId('replay-all').addEventListener('click', replayAll);
}

/** Looks again when there are more or fewer than before. */
export function noticeCount(waiting) {
  if (waiting !== lastCount) {
    lastCount = waiting;
    refresh();
  }
}

export async function refresh() {
  try {
    render(await api.get('dead-letters', {query: {limit: MOST}}));
  } catch (failure) {
    byId('replay-all').hidden = true;
    show(byId('dead-letters'), api.sentence(failure), () =>
      empty(`The dead letters cannot be listed now. ${api.sentence(failure)}`),
    );
  }
}

function render({deadLetters, waiting, complete}) {
  all = Math.max(waiting, deadLetters.length);
  byId('replay-all').hidden = deadLetters.length === 0;
  say(byId('replay-all'), all === 1 ? 'Replay it …' : `Replay all ${number(all)} …`);
  show(byId('dead-letters'), {deadLetters, waiting, complete}, () => {
    if (deadLetters.length === 0) {
      return empty('None. A change that can never be indexed would wait here, with its reason and what to do.');
    }
    const listed = complete && waiting === deadLetters.length;
    return [
      element('ul', {class: 'letters'}, deadLetters.map(entry)),
      listed ? null : empty(`The oldest ${number(deadLetters.length)} of ${number(waiting)} are listed.`),
    ];
  });
}

function entry(letter) {
  const name = letter.table ? `${letter.table}${letter.key === null ? '' : `/${letter.key}`}` : 'a message that cannot be read';
  const known = letter.table !== null && letter.key !== null;
  const button = (verb, action) =>
    element(
      'button',
      {
        type: 'button',
        class: 'changing',
        'aria-label': `${verb.replace(' …', '')} ${name}`,
        'data-focus': `${verb} ${letter.id}`,
        click: () => action(letter, name),
      },
      verb,
    );
  return element(
    'li',
    {},
    element(
      'div',
      {class: 'heading'},
      element(
        'h3',
        {},
        known
          ? element(
              'button',
              {
                type: 'button',
                class: 'link',
                'data-focus': `open ${letter.id}`,
                click: () => openDocument(letter.table, letter.key),
              },
              name,
            )
          : name,
      ),
      element('span', {class: 'actions'}, button('Look', lookAt), button('Replay', replay), button('Discard …', discard)),
    ),
    element('p', {}, element('strong', {}, letter.reason), letter.detail ? `: ${letter.detail}` : ''),
    element('p', {class: 'remedy'}, remedy(letter.reason)),
    element(
      'p',
      {class: 'hint'},
      [letter.operation ?? 'operation not known', letter.lsn ? `LSN ${letter.lsn}` : null, count(letter.bytes, 'byte')]
        .filter(Boolean)
        .join(' · '),
      ' · given up ',
      age(letter.failedAt),
    ),
  );
}

async function lookAt(letter, name) {
  try {
    const {headers, body, bodyEncoding} = await api.get(`dead-letters/${encodeURIComponent(letter.id)}`);
    await look(
      `Dead letter of ${name}`,
      element(
        'div',
        {},
        facts([
          ['Routing key', letter.routingKey],
          ['First received', clock(letter.receivedAt)],
          ...Object.entries(headers),
        ]),
        element('h3', {}, bodyEncoding === 'utf-8' ? 'Body' : `Body (${bodyEncoding})`),
        element('pre', {tabindex: 0, 'aria-label': 'Body'}, pretty(body)),
      ),
    );
  } catch (failure) {
    tell(api.sentence(failure));
  }
}

function pretty(body) {
  try {
    return JSON.stringify(api.parse(body), null, 2);
  } catch {
    return body || '(empty)';
  }
}

async function replay(letter, name) {
  await change(async () => replayed(name, await api.call('POST', 'dead-letters/replay', {query: {id: letter.id}, patience: 120_000})));
}

async function replayAll() {
  const answer = await ask({
    title: all === 1 ? 'Replay the dead letter?' : `Replay all ${number(all)} dead letters?`,
    text: `${all === 1 ? 'It' : 'Each of the ' + number(all)} is tried again, oldest first, up to freshet.dead-letters.replay-count at once. What is indexed in a newer version stays; what fails again waits here with its new reason.`,
    yes: all === 1 ? 'Replay it' : `Replay all ${number(all)}`,
  });
  if (answer !== null) {
    await change(async () => replayed('All', await api.call('POST', 'dead-letters/replay', {patience: 600_000})));
  }
}

function replayed(name, report) {
  const parts = [
    [report.succeeded, 'indexed now'],
    [report.stale, 'older than what is indexed, which stays'],
    [report.ignored, 'without a bearing on the index'],
    [report.failed, 'failed again, with the reason below'],
  ];
  const said = parts.filter(([figure]) => figure > 0).map(([figure, what]) => `${number(figure)} ${what}`);
  return `Replayed ${name}: ${said.join(', ') || 'there was none to replay'}.`;
}

async function discard(letter, name) {
  const answer = await ask({
    title: 'Discard this dead letter?',
    text: `The change of ${name} is given up for good: nothing brings it back but a newer change of the same row.`,
    yes: 'Discard for good',
  });
  if (answer !== null) {
    await change(async () => {
      await api.call('DELETE', `dead-letters/${encodeURIComponent(letter.id)}`);
      return `Discarded the dead letter of ${name}.`;
    });
  }
}

async function change(action) {
  tell('Working …');
  try {
    tell(await action());
    lastCount = undefined;
  } catch (failure) {
    tell(api.sentence(failure));
  }
  await refresh();
  if (document.activeElement === document.body) {
    byId('dead-letters-title').focus(); // The button that was pressed is gone with its entry.
  }
  changed();
}

function tell(text) {
  say(byId('dead-letters-status'), text);
}
