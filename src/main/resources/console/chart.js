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

/**
 * Draws stages, one on the other, and a line where the target is.
 *
 * @param node where to draw
 * @param stages names of custom properties that have the stages' colours, the first stands lowest
 * @param axis how to say a value of the y axis
 * @param onHover called with the index of the step under the pointer, or null
 */
export function chart(node, stages, axis, onHover) {
  let plot = null;
  let data = null;
  let target = null;
  let span = null;

  function make() {
    plot?.destroy();
    plot = new uPlot(
      {
        width: Math.max(200, node.clientWidth),
        height: height(node),
        padding: [12, 24, 0, 0],
        legend: {show: false},
        cursor: {y: false, points: {show: false}, drag: {x: false, y: false}},
        scales: {x: {time: true, range: () => span}, y: {range: (self, low, high) => [0, top(high)]}},
        axes: [{...axisOf(), size: 28, values: (self, values) => values.map(timeOfDay)}, {...axisOf(), size: 62, values: (self, values) => values.map(axis)}],
        series: [{}, ...[...stages].reverse().map(bars)],
        hooks: {setCursor: [(self) => onHover(self.cursor.left >= 0 ? (self.cursor.idx ?? null) : null)], draw: [drawTarget]},
      },
      data,
      node,
    );
  }

  /** A target that is far above what is measured would leave nothing to see of it. */
  function top(high) {
    const most = Math.max(1, high ?? 1) * 1.15;
    return target !== null && target <= most * 3 ? Math.max(most, target * 1.1) : most;
  }

  function bars(name) {
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

  function drawTarget({ctx, bbox, valToPos, scales}) {
    if (target === null) {
      return;
    }
    const isAbove = target > scales.y.max;
    const y = isAbove ? bbox.top + 1 : valToPos(target, 'y', true);
    const label = `target ${axis(target)}${isAbove ? ' ↑' : ''}`;
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
    ctx.textBaseline = 'top';
    ctx.fillText(label, bbox.left + bbox.width - 4 * devicePixelRatio, y + 3 * devicePixelRatio);
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
     */
    update(times, values, targetMillis, reach) {
      target = targetMillis;
      span = reach;
      data = [times, ...stacked(values).reverse()];
      if (plot) {
        plot.setData(data);
      } else {
        make();
      }
    },
  };
}

/** Each stage on top of those before it. */
function stacked(values) {
  const sums = values[0].map(() => 0);
  return values.map((stage) => stage.map((value, index) => (value === null ? null : (sums[index] += value))));
}
