// The last minutes: how long each stage took, and how many changes went through.

import {chart} from './chart.js';
import {byId, element, empty, show} from './dom.js';
import {age, clock, duration, number, rate} from './format.js';

/** A stage is what lies between two times of a change's way. */
const STAGES = [
  ['captured', 'commit → captured', '--stage-1'],
  ['received', 'captured → received', '--stage-2'],
  ['embedded', 'received → embedded', '--stage-3'],
  ['searchable', 'embedded → searchable', '--stage-4'],
];
const ALL = [['total', 'commit → searchable', null], ...STAGES];
const TABLE_ROWS = 12;

/** A first minute fills half of the picture. */
const LEAST_SECONDS = 120;

let latest = null;
let target = null;
let hovered = null;
let drawing = null;
let reach = null;

/** What was measured of a stage; null where nothing was. */
const measured = (step, stage) => (step?.stages?.[stage]?.count > 0 ? step.stages[stage] : null);

/** Within how many milliseconds a change is to be searchable. */
export function aim(targetMillis) {
  const before = target;
  target = targetMillis ?? target;
  if (before !== target && drawing && latest) {
    draw(latest);
  }
}

/** @param answer as `GET /freshness/history` has it; null where the service keeps none */
export function render(answer, minutes) {
  latest = answer;
  const busy = answer?.steps.filter((step) => step.events > 0) ?? [];
  byId('chart').hidden = busy.length === 0;
  if (busy.length > 0) {
    draw(answer, minutes);
  }
  show(byId('history'), answer, () => told(answer, busy, minutes));
}

/** Shows why the last minutes are not known; what was drawn of them before grows old. */
export function notKnown(text) {
  latest = null;
  byId('chart').hidden = true;
  show(byId('history'), text, () => empty(text));
}

function draw({steps, stepSeconds}, minutes = reach) {
  reach = minutes;
  drawing ??= chart(byId('chart'), STAGES.map(([, , color]) => color), duration, (index) => {
    hovered = index;
    const step = latest?.steps[index] ?? null;
    legend(step && step.events > 0 ? step : null);
  });
  const times = steps.map((step) => Date.parse(step.at) / 1000);
  const end = times.at(-1) + stepSeconds;
  const values = STAGES.map(([stage]) => steps.map((step) => (measured(step, 'total') ? (measured(step, stage)?.p50Millis ?? 0) : null)));
  const first = times.find((time, index) => steps[index].events > 0) - 3 * stepSeconds;
  drawing.update(times, values, target, [Math.max(end - minutes * 60, Math.min(first, end - LEAST_SECONDS)), end]);
}

function told(answer, busy, minutes) {
  if (!answer) {
    return empty('This service keeps no history of its lag. A newer version of Freshet does.');
  }
  if (busy.length === 0) {
    return empty(
      `No change came in the last ${minutes} minutes. When one does, its way from the commit until it is searchable is drawn here.`,
    );
  }
  const list = element('div', {id: 'legend'});
  queueMicrotask(() => legend(latest?.steps[hovered] ?? null));
  return [summary(busy), list, figures(busy)];
}

function summary(busy) {
  const last = busy.findLast((step) => measured(step, 'total')) ?? busy.at(-1);
  const total = measured(last, 'total');
  return total === null
    ? element('p', {class: 'hint'}, 'The newest changes came ', age(last.at), '.')
    : element(
        'p',
        {class: 'hint'},
        'Of the newest changes, ',
        age(last.at),
        `, half of the changes were searchable within ${duration(total.p50Millis)} of their commit, and 95 in 100 ` +
          `within ${duration(total.p95Millis)}.`,
      );
}

/** The figures of the step under the pointer, or of the newest one. */
function legend(step) {
  const list = byId('legend');
  const newest = latest?.steps.findLast((one) => one.events > 0);
  const chosen = step ?? newest;
  if (!list || !chosen) {
    return;
  }
  const most = Math.max(...latest.steps.map((one) => one.events));
  show(list, [chosen, step !== null, most], () => [
    element(
      'table',
      {},
      element(
        'thead',
        {},
        element(
          'tr',
          {},
          element('th', {scope: 'col'}, step ? `At ${clock(step.at)}` : 'The newest figures'),
          element('th', {scope: 'col', class: 'figure'}, 'median'),
          element('th', {scope: 'col', class: 'figure'}, '95th percentile'),
        ),
      ),
      element('tbody', {}, ALL.map((stage) => entry(stage, chosen))),
    ),
    element(
      'p',
      {class: 'hint'},
      `Changes per second: ${step ? 'then' : 'newest'} ${rate(chosen.events / latest.stepSeconds)}, most ${rate(most / latest.stepSeconds)}.`,
    ),
  ]);
}

function entry([stage, label, color], step) {
  const values = measured(step, stage);
  return element(
    'tr',
    {'data-stage': stage},
    element('th', {scope: 'row'}, color ? element('span', {class: `swatch ${color.slice(2)}`, 'aria-hidden': 'true'}) : null, label),
    element('td', {class: 'figure'}, duration(values?.p50Millis)),
    element('td', {class: 'figure'}, duration(values?.p95Millis)),
  );
}

/** The same for those who do not see the picture, or want the figures. */
function figures(busy) {
  const newest = busy.slice(-TABLE_ROWS).reverse();
  return element(
    'details',
    {'data-open': 'figures'},
    element('summary', {'data-focus': 'figures'}, 'The figures of the newest steps'),
    element(
      'div',
      {class: 'scroll', tabindex: 0, role: 'group', 'aria-label': 'The figures of the newest steps', 'data-focus': 'scroll'},
      element(
        'table',
        {},
        element(
          'thead',
          {},
          element('tr', {}, ['At', 'Changes', ...ALL.map(([, label]) => label)].map((name) => element('th', {scope: 'col'}, name))),
        ),
        element(
          'tbody',
          {},
          newest.map((step) =>
            element(
              'tr',
              {},
              element('th', {scope: 'row'}, age(step.at)),
              element('td', {class: 'figure'}, number(step.events)),
              ALL.map(([stage]) => element('td', {class: 'figure'}, duration(measured(step, stage)?.p50Millis))),
            ),
          ),
        ),
      ),
    ),
    element('p', {class: 'hint'}, 'Medians, newest first.'),
  );
}
