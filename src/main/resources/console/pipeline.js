// The pipeline as a picture: source, feed, indexing, store, search, each with its rate, its lag and its state.

import {byId, element, facts, say, show} from './dom.js';
import {age, bytes, count, duration, number, rate, NOT_KNOWN} from './format.js';
import {changes} from './history.js';
import {shape} from './shapes.js';

/** How far back the rates and lags reach. */
const LATELY_SECONDS = 60;

/** Which stage an alarm is about; the first list breaks it, the second only needs a look. */
const BROKEN = {
  'heartbeat-stopped': 'source',
  'source-restarted': 'source',
  'feed-disconnected': 'feed',
  'feed-blocked': 'feed',
  'feed-silent': 'feed',
  'consumption-ended': 'indexing',
  'consumption-stalled': 'indexing',
  'consumption-paused': 'indexing',
  'index-silent': 'store',
};
const WARNED = {
  'other-source': 'source',
  unrouted: 'feed',
  'log-retained': 'feed',
  'watermark-held': 'indexing',
  'watermark-inexact': 'indexing',
  'dead-letters': 'indexing',
  'canary-failing': 'search',
};
const SIGNS = {ok: 'tick', slow: 'triangle', warned: 'triangle', broken: 'bar', idle: 'dash', unknown: 'question'};

/** The cards by their stage: what somebody presses stays where it is. */
const cards = new Map();

let open = null;
let latest = {answer: null, history: null, ready: true};

/** Takes what is newly known, and draws. */
export function render(news) {
  latest = {...latest, ...news};
  if (latest.answer) {
    draw();
  }
}

function draw() {
  const stages = stagesOf(latest);
  for (const stage of stages) {
    if (!cards.has(stage.name)) {
      cards.set(stage.name, card(stage));
      byId('stages').append(cards.get(stage.name));
    }
    fill(cards.get(stage.name), stage);
  }
  const chosen = stages.find((stage) => stage.name === open);
  byId('stage-figures').hidden = !chosen;
  if (chosen) {
    show(byId('stage-figures'), [chosen.name, chosen.facts.map(([, value]) => value?.outerHTML ?? value)], () => [
      element('h3', {}, `${chosen.name.charAt(0).toUpperCase()}${chosen.name.slice(1)}`),
      facts(chosen.facts),
    ]);
  }
}

/** What is known of each stage, in the order in which a change passes them. */
function stagesOf({answer, history, ready}) {
  const lately = summary(history);
  const late = ['lagging', 'behind'].includes(answer.status?.word);
  const slowest = late ? lately.slowest : null;
  return [source(answer, lately), feed(answer, lately), indexing(answer, lately), store(answer, lately), search(answer, lately)].map(
    (stage) => ({...stage, state: stateOf(stage, answer, ready, slowest)}),
  );
}

function stateOf(stage, answer, ready, slowest) {
  const causes = (answer.alarms ?? []).map((alarm) => alarm.cause);
  const isDown = !ready && (stage.name === 'store' || stage.name === 'search');
  if (isDown || causes.some((cause) => BROKEN[cause] === stage.name)) {
    return 'broken';
  }
  if (stage.name === slowest) {
    return 'slow';
  }
  return causes.some((cause) => WARNED[cause] === stage.name) ? 'warned' : stage.usual;
}

/** The last minute: rates, and the worst of the steps' percentiles. */
function summary(history) {
  const steps = (history?.steps ?? []).slice(0, -1).slice(-LATELY_SECONDS / (history?.stepSeconds ?? 5));
  const seconds = steps.length * (history?.stepSeconds ?? 5);
  const perSecond = (value) => (seconds > 0 ? steps.reduce((sum, step) => sum + value(step), 0) / seconds : null);
  const most = (measured, figure) => Math.max(...measured.map((one) => one[figure]));
  const worst = (values) => {
    const measured = steps.map(values).filter((one) => one?.count > 0);
    return measured.length === 0
      ? null
      : {p50: most(measured, 'p50Millis'), p95: most(measured, 'p95Millis'), max: most(measured, 'maxMillis')};
  };
  const of = (stage) => worst((step) => step.stages?.[stage]);
  const lags = {source: of('captured'), feed: of('received'), indexing: of('embedded'), store: of('searchable')};
  const known = Object.entries(lags).filter(([, lag]) => lag);
  return {
    changes: perSecond(changes),
    documents: perSecond((step) => step.documents),
    searched: perSecond((step) => step.searches?.count ?? 0),
    search: worst((step) => step.searches),
    lags,
    slowest: known.length === 0 ? null : known.reduce((most, one) => (one[1].p95 > most[1].p95 ? one : most))[0],
  };
}

/** The figures of few changes are all the same. */
function took(lag) {
  if (!lag) {
    return null;
  }
  const most = `at most ${duration(lag.max)}`;
  return lag.p50 >= lag.p95 ? most : `half within ${duration(lag.p50)}, 95 in 100 within ${duration(lag.p95)}, ${most}`;
}

function source({source: seen, freshness}, lately) {
  const heard = seen?.lastHeardAt;
  return {
    name: 'source',
    usual: !heard ? 'idle' : freshness?.silentSince ? 'idle' : 'ok',
    said: heard ? ['heard ', heard] : ['nothing heard yet'],
    rate: lately.changes,
    unit: 'changes',
    lag: lately.lags.source,
    facts: [
      ['Database', seen?.owner],
      ['Heard last', heard ? age(heard) : 'not since the start'],
      ['Commit → captured, in the last minute', took(lately.lags.source)],
      ['Epoch', String(seen?.epoch ?? NOT_KNOWN)],
      ['Went back', seen?.restartSeenAt ? age(seen.restartSeenAt) : null],
      ['Other sources', seen?.others?.map((other) => `${other.source} (${count(other.changes, 'change')})`).join(', ')],
      ['Keys that are not covered', seen?.uncoveredKeys?.join(' ')],
    ],
  };
}

function feed({feed: now}, lately) {
  const {retained, unrouted} = now ?? {};
  return {
    name: 'feed',
    usual: now?.connected === false ? 'broken' : now?.waiting === null ? 'unknown' : 'ok',
    said: [now?.connected === false ? 'not connected' : now?.waiting > 0 ? `${number(now.waiting)} waiting` : 'connected'],
    rate: lately.changes,
    unit: 'changes',
    lag: lately.lags.feed,
    facts: [
      ['Connection', now?.description],
      ['Waiting', now?.waiting === null ? NOT_KNOWN : number(now?.waiting)],
      ['Captured → received, in the last minute', took(lately.lags.feed)],
      ['Kept in the source’s log', retained ? `${bytes(retained.bytes)} for the slot ${retained.slot} (wal_status ${retained.status})` : null],
      ['Everything settled until', retained?.settledUntil ? age(retained.settledUntil) : null],
      ['Blocked', now?.blocked],
      ['No binding takes', unrouted ? `${count(unrouted.waiting, 'message')}. ${unrouted.wayOut}` : null],
      ['Dead letters', now?.deadLetters === null ? NOT_KNOWN : number(now?.deadLetters)],
      ['Remarks', now?.remarks?.join(' ')],
    ],
  };
}

function indexing({consumption, freshness}, lately) {
  return {
    name: 'indexing',
    usual: consumption?.state === 'running' ? 'ok' : 'broken',
    said: [consumption?.state ?? NOT_KNOWN],
    rate: lately.changes,
    unit: 'changes',
    lag: lately.lags.indexing,
    facts: [
      ['Consumption', consumption?.state],
      ['Since', consumption?.since ? age(consumption.since) : null],
      ['Reason', consumption?.reason],
      ['In flight', number(consumption?.inFlight)],
      ['Received → embedded, in the last minute', took(lately.lags.indexing)],
      ['Failed documents', freshness?.failedDocuments === null ? NOT_KNOWN : number(freshness?.failedDocuments)],
    ],
  };
}

function store({tables, tablesAsOf}, lately) {
  const sum = (value) => (tables ?? []).reduce((all, table) => all + value(table), 0);
  return {
    name: 'store',
    usual: tables ? 'ok' : 'unknown',
    said: [tables ? count(sum((table) => table.documents), 'document') : NOT_KNOWN],
    rate: lately.documents,
    unit: 'documents',
    lag: lately.lags.store,
    facts: [
      ['Documents', tables ? number(sum((table) => table.documents)) : NOT_KNOWN],
      ['Segments', tables ? number(sum((table) => table.segments)) : NOT_KNOWN],
      ['Failed', tables ? number(sum((table) => table.failed)) : null],
      ['Counted', tablesAsOf ? age(tablesAsOf) : null],
      ['Embedded → searchable, in the last minute', took(lately.lags.store)],
    ],
  };
}

function search({searchModes, waiters}, lately) {
  const can = searchModes ?? ['vector', 'keyword', 'hybrid'];
  return {
    name: 'search',
    usual: can.length === 0 ? 'idle' : 'ok',
    said: [can.length === 0 ? 'not by this sink' : can.join(', ')],
    rate: lately.searched,
    unit: 'searches',
    lag: lately.search,
    facts: [
      ['Modes', can.join(', ') || 'none: the active sink cannot search'],
      ['A search, in the last minute', took(lately.search) ?? 'none'],
      ['Calls that wait for a change', number(waiters)],
    ],
  };
}

const MARKS = {slow: 'slowest', broken: 'stopped', warned: 'look'};

function card({name, unit}) {
  return element(
    'li',
    {'data-stage': name},
    element(
      'button',
      {
        type: 'button',
        class: 'stage-card',
        'aria-controls': 'stage-figures',
        click: () => {
          open = open === name ? null : name;
          draw();
        },
      },
      element('span', {class: 'name'}, element('span', {class: 'sign'}), element('strong', {}, name), element('span', {class: 'mark'})),
      element('span', {class: 'said'}),
      element(
        'span',
        {class: 'pair'},
        element('span', {class: 'rate', title: `${unit} a second, over the last minute`}, element('span'), element('small', {}, ' /s')),
        element('span', {class: 'lag', title: 'the 95th percentile of the last minute'}, element('small'), element('span')),
      ),
    ),
  );
}

function fill(node, {name, state, said, rate: perSecond, lag}) {
  const part = (selector) => node.querySelector(selector);
  node.dataset.state = state;
  part('button').setAttribute('aria-expanded', String(open === name));
  show(part('.sign'), state, () => shape(SIGNS[state]));
  say(part('.mark'), MARKS[state] ?? '');
  show(part('.said'), said, () => [element('span', {}, said[0]), said[1] ? age(said[1]) : null]);
  say(part('.rate > span'), rate(perSecond));
  say(part('.lag > small'), lag ? 'p95 ' : '');
  say(part('.lag > span'), lag ? duration(lag.p95) : '–');
}
