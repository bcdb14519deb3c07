// The shapes that stand beside colours, for those who see no difference between these.

import {svg} from './dom.js';

const ROUND = 'M12 1a11 11 0 1 0 0 22a11 11 0 1 0 0-22z';
const SQUARE = 'M7.5 1h9L23 7.5v9L16.5 23h-9L1 16.5v-9z';
const TRIANGLE = 'M12 2L23 22H1z';

/** The ground, and what is drawn on it. */
const SHAPES = {
  tick: [ROUND, 'M6.8 12.4l3.5 3.5l7-7.4'],
  triangle: [TRIANGLE, 'M12 9v6M12 18.2v.3'],
  stack: [TRIANGLE, 'M12 9.6v.1M9.5 14h5M7 18h10'],
  bar: [SQUARE, 'M7 12h10'],
  cross: [SQUARE, 'M8 8l8 8M16 8l-8 8'],
  dash: [ROUND, 'M7.5 12h9'],
  question: [ROUND, 'M9 9.3a3 3 0 1 1 4.4 2.7q-1.4.8-1.4 2.2M12 17.6v.2'],
  lock: [ROUND, 'M8 11h8v5.5H8zM9.5 11V9a2.5 2.5 0 0 1 5 0v2'],
};

export function shape(name) {
  const [ground, sign] = SHAPES[name];
  return svg(
    'svg',
    {viewBox: '0 0 24 24', class: 'shape', 'aria-hidden': 'true'},
    svg('path', {class: 'ground', d: ground}),
    svg('path', {class: 'sign', d: sign}),
  );
}
