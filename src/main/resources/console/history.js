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
let isUneven = false;

/** What was measured of a stage; null where nothing was. */
const measured = (step, stage) => (step?.stages?.[stage]?.count > 0 ? step.stages[stage] : null);

const isMeasured = (step) => measured(step, 'total') !== null;

/** An older service counts heartbeats among them. */
export const changes = (step) => step.changes ?? step.events;

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
  const busy = answer?.steps.filter((step) => changes(step) > 0) ?? [];
  const drawn = answer?.steps.some(isMeasured) ?? false;
  byId('chart').hidden = !drawn;
  if (drawn) {
    draw(answer, minutes);
  }
  show(byId('history'), {answer, isUneven}, () => told(answer, busy, minutes));
}

/** Shows why the last minutes are not known; what was drawn of them before grows old. */
export function notKnown(text) {
  latest = null;
  byId('chart').hidden = true;
  show(byId('history'), text, () => empty(text));
}

function draw({steps, stepSeconds}, minutes = reach) {
  reach = minutes;
  drawing ??= chart(byId('chart'), STAGES.map(([, , color]) => color), (index) => {
    hovered = index;
    const step = latest?.steps[index] ?? null;
    legend(step && changes(step) > 0 ? step : null);
  });
  const times = steps.map((step) => Date.parse(step.at) / 1000);
  const end = times.at(-1) + stepSeconds;
  const values = STAGES.map(([stage]) => steps.map((step) => (isMeasured(step) ? (measured(step, stage)?.p50Millis ?? 0) : null)));
  const first = times.find((time, index) => isMeasured(steps[index])) - 3 * stepSeconds;
  isUneven = drawing.update(times, values, target, [Math.max(end - minutes * 60, Math.min(first, end - LEAST_SECONDS)), end]);
}

function told(answer, busy, minutes) {
  if (!answer) {
    return empty('This service keeps no history of its lag. A newer version of Freshet does.');
  }
  if (!answer.steps.some(isMeasured)) {
    return empty(
      busy.length === 0
        ? `No change came in the last ${minutes} minutes. When one does, its way from the commit until it is searchable is drawn here.`
        : `Rows came in the last ${minutes} minutes, but no change whose way is measured: rows that are read as they stand, changes that are tried again, and those that do not say when they were committed are left out. The way of the next change is drawn here.`,
    );
  }
  const list = element('div', {id: 'legend'});
  queueMicrotask(() => legend(latest?.steps[hovered] ?? null));
  const axis = isUneven ? element('p', {class: 'hint'}, 'The upper half of the picture stands for three times what the lower half does, so that small times show beside large ones.') : null;
  return [summary(answer), list, axis, figures(busy)];
}

function summary({steps}) {
  const last = steps.findLast(isMeasured);
  const total = measured(last, 'total');
  return element(
    'p',
    {class: 'hint'},
    'Of the newest changes, ',
    age(last.at),
    `, half of the changes were searchable within ${duration(total.p50Millis)} of their commit, and 95 in 100 ` +
      `within ${duration(total.p95Millis)}.`,
  );
}

/** The figures of the step under the pointer, or of the newest one in which something was measured. */
function legend(step) {
  const list = byId('legend');
  const newest = latest?.steps.findLast(isMeasured) ?? latest?.steps.findLast((one) => changes(one) > 0);
  const chosen = step ?? newest;
  if (!list || !chosen) {
    return;
  }
  const most = Math.max(...latest.steps.map(changes));
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
      `Changes per second: ${step ? 'then' : 'newest'} ${rate(changes(chosen) / latest.stepSeconds)}, most ${rate(most / latest.stepSeconds)}.`,
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
              element('td', {class: 'figure'}, number(changes(step))),
              ALL.map(([stage]) => element('td', {class: 'figure'}, duration(measured(step, stage)?.p50Millis))),
            ),
          ),
        ),
      ),
    ),
    element('p', {class: 'hint'}, 'Medians, newest first.'),
  );
}
