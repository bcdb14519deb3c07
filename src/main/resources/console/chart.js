// The stages over time, stacked, by uPlot (vendor/uplot.js).

const {uPlot} = window;

/** Lower where it is narrow. */
const height = (node) => (node.clientWidth > 480 ? 280 : 220);

const pad = (value) => String(value).padStart(2, '0');

/** The time of day; the seconds only where minutes do not tell steps apart. */
const timeOfDay = (seconds) => {
  const date = new Date(seconds * 1000);
  return `${pad(date.getHours())}:${pad(date.getMinutes())}${date.getSeconds() ? `:${pad(date.getSeconds())}` : ''}`;
};

/** Colours as the style sheet has them, in the scheme that is in use. */
const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** What stands at the y axis: round for people, and each another text. */
const ROUND = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 20, 30].map((value) => value * SECOND),
  ...[1, 2, 5, 10, 20, 30].map((value) => value * MINUTE),
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].map((value) => value * HOUR),
];

/** Labels of the y axis are at least so far apart. */
const LABEL_PIXELS = 26;

const ABOVE_PIXELS = 22;
const BELOW_PIXELS = 28;
const AROUND_PIXELS = ABOVE_PIXELS + BELOW_PIXELS;

/** A bar is at least so high, to be seen at all. */
const LEAST_PIXELS = 3;

/** Where one value is so many times the median, a square root lets the others show. */
const UNEVEN = 8;

function named(millis) {
  if (millis === 0) {
    return '0';
  }
  const [size, unit] = millis < SECOND ? [1, 'ms'] : millis < MINUTE ? [SECOND, 's'] : millis < 2 * HOUR ? [MINUTE, 'min'] : [HOUR, 'h'];
  return `${Number((millis / size).toFixed(1))} ${unit}`;
}

/**
 * Draws stages, one on the other, and a line where the target is.
 *
 * @param node where to draw
 * @param stages names of custom properties that have the stages' colours, the first stands lowest
 * @param onHover called with the index of the step under the pointer, or null
 */
export function chart(node, stages, onHover) {
  let plot = null;
  let data = null;
  let target = null;
  let span = null;
  let most = 1;
  let isUneven = false;

  /** Where a value stands: uPlot's own scale is linear. */
  const placed = (millis) => (isUneven ? Math.sqrt(millis) : millis);
  const valueAt = (place) => (isUneven ? place * place : place);

  function make() {
    plot?.destroy();
    plot = new uPlot(
      {
        width: Math.max(200, node.clientWidth),
        height: height(node),
        padding: [ABOVE_PIXELS, 24, 0, 0],
        legend: {show: false},
        cursor: {y: false, points: {show: false}, drag: {x: false, y: false}},
        scales: {x: {time: true, range: () => span}, y: {range: () => [0, placed(top())]}},
        axes: [
          {...axisOf(), size: BELOW_PIXELS, space: 70, values: (self, values) => values.map(timeOfDay)},
          {...axisOf(), size: 62, splits: () => labels(height(node) - AROUND_PIXELS), values: (self, places) => places.map((place) => named(Math.round(valueAt(place))))},
        ],
        series: [{}, ...[...stages].reverse().map(series)],
        hooks: {setCursor: [(self) => onHover(self.cursor.left >= 0 ? (self.cursor.idx ?? null) : null)], draw: [drawTarget]},
      },
      data,
      node,
    );
  }

  /** A target that is far above what is measured would leave nothing to see of it. */
  function top() {
    const enough = Math.max(1, most) * 1.15;
    return target !== null && target <= enough * 3 ? Math.max(enough, target * 1.1) : enough;
  }

  /** Round values from the top down, each with room for its text. */
  function labels(pixels) {
    const places = [];
    const step = ROUND.find((value) => (top() / value) * LABEL_PIXELS <= pixels) ?? ROUND.at(-1);
    const values = isUneven ? ROUND : Array.from({length: Math.floor(top() / step)}, (none, index) => (index + 1) * step);
    const apart = (LABEL_PIXELS / pixels) * placed(top());
    for (const value of values.toReversed()) {
      const place = placed(value);
      if (value <= top() && place >= apart && (places[0] ?? Infinity) - place >= apart) {
        places.unshift(place);
      }
    }
    return [0, ...places];
  }

  /** Each stage on top of those before it. */
  function bars(values) {
    const sums = stacked(values);
    const totals = sums.at(-1);
    const measured = totals.filter((total) => total !== null).sort((one, other) => one - other);
    most = measured.at(-1) ?? 1;
    isUneven = most > UNEVEN * Math.max(1, measured[Math.floor((measured.length - 1) / 2)] ?? 1);
    const least = (LEAST_PIXELS / (height(node) - AROUND_PIXELS)) * placed(top());
    const highest = sums.length - 1;
    return sums.map((stage, index) =>
      stage.map((sum) => (sum === null ? null : index === highest ? Math.max(placed(sum), least) : placed(sum))),
    );
  }

  function series(name) {
    return {fill: color(name), stroke: color(name), width: 0, points: {show: false}, paths: uPlot.paths.bars({size: [0.86, 14], gap: 0})};
  }

  function axisOf() {
    return {
      stroke: color('--hint'),
      font: '11px system-ui, sans-serif',
      grid: {stroke: color('--line'), width: 1},
      ticks: {show: false},
      gap: 6,
    };
  }

  function drawTarget({ctx, bbox, valToPos}) {
    if (target === null) {
      return;
    }
    const isAbove = target > top();
    const y = isAbove ? bbox.top + 1 : valToPos(placed(target), 'y', true);
    // Above the picture, where no bar stands.
    const label = `╌╌ target ${named(target)}${isAbove ? ' ↑' : ''}`;
    ctx.save();
    ctx.strokeStyle = ctx.fillStyle = color('--target');
    ctx.lineWidth = 1.5 * devicePixelRatio;
    ctx.setLineDash([6 * devicePixelRatio, 4 * devicePixelRatio]);
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
    ctx.font = `600 ${11 * devicePixelRatio}px system-ui, sans-serif`;
    ctx.textAlign = 'right';
    ctx.textBaseline = 'bottom';
    ctx.fillText(label, bbox.left + bbox.width, bbox.top - 5 * devicePixelRatio);
    ctx.restore();
  }

  new ResizeObserver(() => plot?.setSize({width: Math.max(200, node.clientWidth), height: height(node)})).observe(node);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => plot && make());

  return {
    /**
     * @param times in seconds
     * @param values of each stage at each time; null where nothing was measured
     * @param targetMillis where the target is; null where it is not known
     * @param reach the first and the last time of the x axis
     * @returns whether the y axis is a square root's
     */
    update(times, values, targetMillis, reach) {
      target = targetMillis;
      span = reach;
      data = [times, ...bars(values).reverse()];
      if (plot) {
        plot.setData(data);
      } else {
        make();
      }
      return isUneven;
    },
  };
}

function stacked(values) {
  const sums = values[0].map(() => 0);
  return values.map((stage) => stage.map((value, index) => (value === null ? null : (sums[index] += value))));
}
