// Starts the console, and asks the service again and again: everything while somebody looks, else only how fresh it is.

import * as api from './api.js';
import {listen} from './dialogs.js';
import {byId, empty, say, show} from './dom.js';
import * as deadLetters from './deadletters.js';
import * as documentPanel from './document.js';
import {clock, refreshAges} from './format.js';
import * as history from './history.js';
import * as jobs from './jobs.js';
import * as pipeline from './pipeline.js';
import * as place from './place.js';
import * as playground from './playground.js';
import * as recent from './recent.js';
import * as search from './search.js';
import * as status from './status.js';
import * as tables from './tables.js';

const EVERY_MILLIS = 2500;
const HIDDEN_EVERY_MILLIS = 30_000;
const HISTORY_EVERY = 2;
const HISTORY_MINUTES = 10;

let keyNeeded = false;
let keepsHistory = true;
let indexed = null;
let answeredAt = null;
let answers = false;
let isReady = true;
let turn = 0;
let timer = null;

/** What is known of how much is indexed: a number of documents, or null. */
const indexIsEmpty = () => indexed === 0;

const isSeen = () => document.visibilityState === 'visible';

async function refresh() {
  clearTimeout(timer);
  if (!keyNeeded) {
    await Promise.allSettled(isSeen() ? questions() : titleQuestions());
  }
  clearTimeout(timer);
  timer = setTimeout(refresh, isSeen() ? EVERY_MILLIS : HIDDEN_EVERY_MILLIS);
}

function questions() {
  const told = refreshStatus();
  // In an outage the page says so once, and keeps what it shows.
  const isOutage = () => told.then(status.isAway);
  const asked = [told, refreshReadiness(isOutage), documentPanel.refresh(), recent.refresh(isOutage)];
  jobs.refresh(isOutage); // The index answers it, which may take long: nothing else waits for it.
  if (turn++ % HISTORY_EVERY === 0 && keepsHistory) {
    asked.push(refreshHistory(isOutage));
  }
  return asked;
}

/** What the title and the icon of a tab need that nobody looks at. */
function titleQuestions() {
  const told = refreshStatus();
  return isReady ? [told] : [told, refreshReadiness(() => told.then(status.isAway))];
}

async function refreshStatus() {
  try {
    const answer = await api.get('freshness');
    if (answer === null || typeof answer !== 'object') {
      throw new Error('what answers is not Freshet');
    }
    answeredAt = Date.now();
    status.render(answer);
    reached();
    pipeline.render({answer});
    history.aim(answer.targetMillis);
    search.offer(answer.searchModes);
    tables.render(answer.tables, answer.ignoredTables);
    jobs.offer(answer.tables);
    const before = indexed;
    indexed = answer.tables ? answer.tables.reduce((sum, table) => sum + table.documents, 0) : null;
    if (before !== indexed && (before ?? 0) * (indexed ?? 0) === 0) {
      search.idle();
    }
    if (isSeen()) {
      askFurther(answer);
    }
  } catch (failure) {
    answers = false;
    if (failure instanceof api.Unreachable) {
      unreachable();
    } else {
      if (failure.status !== 401) {
        const since = answeredAt ? ` The tables below are from ${clock(answeredAt)}.` : '';
        status.notKnown(`Freshness is not known. ${api.sentence(failure)}${since}`);
      }
      reached();
    }
  }
}

/** Asks for what follows from how fresh the service is. */
function askFurther(answer) {
  if (!answers) {
    answers = true;
    cameBack();
  }
  deadLetters.noticeCount(answer.freshness?.deadLettered ?? answer.feed?.deadLetters ?? null);
  const largest = (answer.tables ?? []).reduce((most, table) => (table.documents > (most?.documents ?? 0) ? table : most), null);
  if (largest) {
    search.learnExamples(largest.table);
  }
}

/** The service answers for the first time, or again: what could not be asked before can be now. */
function cameBack() {
  if (byId('playground').hidden) {
    playground.start();
  }
  deadLetters.refresh();
}

function reached() {
  status.away(false);
  status.problem('unreachable', null);
}

/** Only the question how fresh the service is decides this: another call may be slow, and says so where it is. */
function unreachable() {
  keepsHistory = true; // It may come back as another version.
  const since = answeredAt ? ` What you see is from ${clock(answeredAt)}.` : '';
  status.away(true, answeredAt);
  status.problem('unreachable', `Freshet does not answer at ${location.host}. Trying again every few seconds.${since}`);
}

/** @param isOutage tells whether the service answers nothing at all */
async function refreshReadiness(isOutage) {
  try {
    const readiness = await api.readiness();
    isReady = readiness.ready;
    status.renderReadiness(readiness);
    pipeline.render({ready: readiness.ready});
  } catch (failure) {
    if (!(await isOutage())) {
      status.readinessNotKnown(api.sentence(failure));
    }
  }
}

/** @param isOutage tells whether the service answers nothing at all */
async function refreshHistory(isOutage) {
  try {
    const answer = await api.get('freshness/history', {query: {minutes: HISTORY_MINUTES}});
    pipeline.render({history: answer});
    history.render(answer, HISTORY_MINUTES);
  } catch (failure) {
    if (failure.isUnknownCall) {
      keepsHistory = false;
      history.render(null, HISTORY_MINUTES);
    } else if (!(await isOutage())) {
      pipeline.render({history: null});
      history.notKnown(`How long changes took is not known now. ${api.sentence(failure)}`);
    }
  }
}

function listenToService() {
  api.events.addEventListener('key-needed', ({detail}) => askForKey(detail === 'unknown'));
}

function askForKey(isUnknown) {
  keyNeeded = true;
  api.key.forget();
  byId('forget-key').hidden = true;
  status.lock(true);
  if (isUnknown) {
    say(byId('key-reason'), 'The service does not know this key. Compare it with the one that you were given.');
  }
  for (const id of ['dead-letters', 'history', 'tables', 'jobs', 'hits']) {
    show(byId(id), {withoutKey: Date.now()}, () => empty('Nothing is shown without an API key.'));
  }
  if (byId('key-panel').hidden) {
    byId('key-panel').hidden = false;
    byId('key').focus();
  }
}

function listenToKeyForm() {
  byId('key-form').addEventListener('submit', (event) => {
    event.preventDefault();
    const given = byId('key').value.trim();
    byId('key').value = '';
    if (!/^[\x21-\x7e]+$/.test(given)) {
      say(byId('key-reason'), 'This is no key: a key has no spaces, and no letters beyond ASCII.');
      return;
    }
    api.key.set(given);
    keyNeeded = false;
    status.lock(false);
    byId('key-panel').hidden = true;
    byId('forget-key').hidden = false;
    byId('q').focus();
    restart();
  });
  byId('forget-key').hidden = !api.key.get();
  byId('forget-key').addEventListener('click', () => {
    api.key.forget();
    location.reload();
  });
}

function restart() {
  turn = 0;
  answers = false;
  refresh();
  search.run();
}

/** `/` goes to the search box; Escape leaves what is open, the innermost first. */
function listenToKeyboard() {
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) {
      return;
    }
    const typing = event.target.matches?.('input, textarea, select');
    if (event.key === '/' && !typing) {
      event.preventDefault();
      byId('q').focus();
      byId('q').select();
    } else if (event.key === 'Escape' && event.target === byId('q')) {
      event.preventDefault();
      byId('q').value = '';
    } else if (event.key === 'Escape' && documentPanel.isOpen()) {
      documentPanel.close();
    }
  });
}

listenToService();
listenToKeyForm();
listenToKeyboard();
listen();
status.start({changed: refresh});
deadLetters.start({open: documentPanel.open, changed: refresh});
recent.start({open: documentPanel.open, listed: search.retell});
jobs.start({open: documentPanel.open});
search.start({open: documentPanel.open, isEmpty: indexIsEmpty});
documentPanel.start();
place.onChange(() => {
  search.followAddress();
  documentPanel.followAddress();
});
document.addEventListener('visibilitychange', refresh);
setInterval(refreshAges, 1000);
refresh();
