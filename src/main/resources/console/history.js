// The picture of the last minutes: how long each stage took, and how many changes went through.

import {byId, element, empty, show, svg} from './dom.js';
import {clock, duration, number} from './format.js';

/** A stage is what lies between two times of a change's way. */
const STAGES = [
  ['total', 'commit → searchable', 76],
  ['captured', 'commit → captured', 30],
  ['received', 'captured → received', 30],
  ['embedded', 'received → embedded', 30],
  ['searchable', 'embedded → searchable', 30],
];

const WIDTH = 480;
const MARGIN = 2;
const TABLE_ROWS = 12;

let latest = null;

/** What was measured of a stage; null where nothing was. */
const measured = (step, stage) => (step.stages?.[stage]?.count > 0 ? step.stages[stage] : null);

/** @param answer as `GET /freshness/history` has it; null where the service keeps none */
export function render(answer, minutes) {
  latest = answer;
  show(byId('history'), answer, () => picture(answer, minutes));
}

export const isShown = () => latest !== null;

function picture(answer, minutes) {
  if (!answer) {
    return empty('This service keeps no history of its lag. A newer version of Freshet does.');
  }
  const busy = answer.steps.filter((step) => step.events > 0);
  if (busy.length === 0) {
    return empty(
      `No change came in the last ${minutes} minutes. When one does, its way from the commit until it is searchable is drawn here.`,
    );
  }
  const time = timeScale(answer, minutes);
  const lag = lagScale(busy);
  return [
    element('p', {class: 'hint'}, summary(busy)),
    ...STAGES.map(([stage, label, height]) => stageRow(stage, label, height, busy, time, lag)),
    throughputRow(answer, busy, time),
    element(
      'p',
      {class: 'axis', 'aria-hidden': 'true'},
      element('span', {}, `${minutes} min ago`),
      element('span', {}, 'now'),
    ),
    element('p', {class: 'hint'}, `Each bar reaches from the median to the 95th percentile of ${answer.stepSeconds} seconds; the scale is logarithmic.`),
    figures(busy),
  ];
}

function summary(busy) {
  const last = busy.at(-1);
  const total = measured(last, 'total');
  return total === null
    ? `The newest changes came at ${clock(last.at)}.`
    : `At ${clock(last.at)} half of the changes were searchable within ${duration(total.p50Millis)} of their commit, and 95 in 100 ` +
        `within ${duration(total.p95Millis)}.`;
}

function timeScale(answer, minutes) {
  const end = Math.max(...answer.steps.map((step) => Date.parse(step.at))) + answer.stepSeconds * 1000;
  const start = end - minutes * 60_000;
  const width = (answer.stepSeconds * 1000 * WIDTH) / (end - start);
  return {x: (instant) => ((Date.parse(instant) - start) * WIDTH) / (end - start), width: Math.max(1.5, width - 1)};
}

/** Decades that hold all values; one scale for all stages, so that they can be compared. */
function lagScale(busy) {
  const all = busy
    .flatMap((step) => STAGES.map(([stage]) => measured(step, stage)))
    .flatMap((values) => (values ? [values.p50Millis, values.p95Millis] : []));
  const top = Math.max(2, Math.ceil(Math.log10(Math.max(1, ...all))));
  const share = (millis) => Math.log10(Math.max(1, millis)) / top;
  return {top, y: (millis, height) => height - MARGIN - share(millis) * (height - 2 * MARGIN)};
}

function stageRow(stage, label, height, busy, time, lag) {
  const steps = busy.filter((step) => measured(step, stage));
  const last = steps.length > 0 ? measured(steps.at(-1), stage) : null;
  const said = last
    ? `median ${duration(last.p50Millis)}, 95th percentile ${duration(last.p95Millis)}`
    : 'not known';
  return row(
    label,
    said,
    svg(
      'svg',
      {viewBox: `0 0 ${WIDTH} ${height}`, preserveAspectRatio: 'none', class: stage === 'total' ? 'chart high' : 'chart', 'aria-hidden': 'true'},
      stage === 'total' ? decades(lag, height) : null,
      svg('path', {class: 'base', d: `M0 ${height - MARGIN}H${WIDTH}`}),
      steps.map((step) => bar(step, step.stages[stage], height, time, lag)),
    ),
    stage === 'total' ? scaleLabels(lag) : null,
  );
}

function decades(lag, height) {
  return Array.from({length: lag.top}, (nothing, index) =>
    svg('path', {class: 'grid', d: `M0 ${lag.y(10 ** (index + 1), height)}H${WIDTH}`}),
  );
}

function scaleLabels(lag) {
  return element('span', {class: 'scale', 'aria-hidden': 'true'}, element('span', {}, duration(10 ** lag.top)), element('span', {}, '1 ms'));
}

function bar(step, values, height, time, lag) {
  const upper = lag.y(values.p95Millis, height);
  const lower = lag.y(values.p50Millis, height);
  const x = time.x(step.at);
  return svg(
    'g',
    {},
    svg('title', {}, `${clock(step.at)}: median ${duration(values.p50Millis)}, 95th percentile ${duration(values.p95Millis)}`),
    svg('rect', {class: 'range', x, y: upper, width: time.width, height: Math.max(1, lower - upper)}),
    svg('rect', {class: 'median', x, y: lower - 1, width: time.width, height: 2}),
  );
}

function throughputRow(answer, busy, time) {
  const height = 36;
  const most = Math.max(...busy.map((step) => step.events));
  const rate = (step) => step.events / answer.stepSeconds;
  return row(
    'changes per second',
    `newest ${rateText(rate(busy.at(-1)))}, most ${rateText(most / answer.stepSeconds)}`,
    svg(
      'svg',
      {viewBox: `0 0 ${WIDTH} ${height}`, preserveAspectRatio: 'none', class: 'chart', 'aria-hidden': 'true'},
      svg('path', {class: 'base', d: `M0 ${height - MARGIN}H${WIDTH}`}),
      busy.map((step) => {
        const size = Math.max(1, (step.events / most) * (height - 2 * MARGIN));
        return svg(
          'g',
          {},
          svg('title', {}, `${clock(step.at)}: ${rateText(rate(step))} a second`),
          svg('rect', {class: 'median', x: time.x(step.at), y: height - MARGIN - size, width: time.width, height: size}),
        );
      }),
    ),
    null,
  );
}

const rateText = (rate) => (rate < 10 ? rate.toFixed(1) : number(Math.round(rate)));

function row(label, said, chart, scale) {
  return element(
    'div',
    {class: 'stage'},
    element('p', {}, element('span', {class: 'label'}, label), element('span', {class: 'figure'}, said)),
    element('div', {class: 'plot'}, chart, scale),
  );
}

/** The same for those who do not see the picture, or want the figures. */
function figures(busy) {
  const newest = busy.slice(-TABLE_ROWS).reverse();
  return element(
    'details',
    {'data-open': 'figures'},
    element('summary', {'data-focus': 'figures'}, 'The newest figures'),
    element(
      'div',
      {class: 'scroll', tabindex: 0, role: 'group', 'aria-label': 'The newest figures', 'data-focus': 'scroll'},
      element(
        'table',
        {},
        element(
          'thead',
          {},
          element('tr', {}, ['At', 'Changes', ...STAGES.map(([, label]) => label)].map((name) => element('th', {scope: 'col'}, name))),
        ),
        element(
          'tbody',
          {},
          newest.map((step) =>
            element(
              'tr',
              {},
              element('th', {scope: 'row'}, clock(step.at)),
              element('td', {class: 'figure'}, number(step.events)),
              STAGES.map(([stage]) => element('td', {class: 'figure'}, duration(measured(step, stage)?.p50Millis))),
            ),
          ),
        ),
      ),
    ),
    element('p', {class: 'hint'}, 'Medians, newest first.'),
  );
}
