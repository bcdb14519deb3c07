// Says times, durations and numbers to people.

import {element} from './dom.js';

export const NOT_KNOWN = 'not known';

/** How much later it is at the service than here, in milliseconds. */
let ahead = 0;

/** Learns the service's time from an answer's Date header, which counts whole seconds. */
export function learnTime(header) {
  const difference = Date.parse(header ?? '') + 500 - Date.now();
  if (Number.isFinite(difference)) {
    ahead = Math.abs(difference) > 2000 ? difference : 0;
  }
}

export const now = () => Date.now() + ahead;

/** One unit, two significant digits where that helps. */
export function duration(millis) {
  if (millis === null || millis === undefined) {
    return NOT_KNOWN;
  }
  if (millis < 1000) {
    return `${Math.round(millis)} ms`;
  }
  const units = [[60, 's'], [60, 'min'], [48, 'h'], [Infinity, 'days']];
  let value = millis / 1000;
  for (const [size, unit] of units) {
    if (value < size) {
      return `${value < 10 && unit === 's' ? value.toFixed(1) : Math.floor(value)} ${unit}`;
    }
    value /= unit === 'h' ? 24 : size;
  }
  return NOT_KNOWN;
}

/** The time from one instant to another, or null where it cannot be known. */
export function between(from, to) {
  const millis = Date.parse(to ?? '') - Date.parse(from ?? '');
  return Number.isFinite(millis) ? millis : null;
}

const ago = (instant) => {
  const millis = now() - Date.parse(instant);
  return millis < 1000 ? 'just now' : `${duration(millis)} ago`;
};

/** A time that counts on as long as it is shown; the exact one is its title. */
export function age(instant, fraction = 0) {
  return instant
    ? element('time', {datetime: instant, title: clock(instant, fraction), 'data-age': true}, ago(instant))
    : NOT_KNOWN;
}

export function refreshAges() {
  for (const time of document.querySelectorAll('time[data-age]')) {
    const text = ago(time.dateTime);
    if (time.textContent !== text) {
      time.textContent = text;
    }
  }
}

/** The time of day here, with the date when it is not today. */
export function clock(instant, fraction = 0) {
  const date = new Date(instant);
  const pad = (number, length = 2) => String(number).padStart(length, '0');
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => pad(part)).join(':');
  const millis = fraction ? `.${pad(date.getMilliseconds(), 3)}` : '';
  const day = `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())} `;
  return (date.toDateString() === new Date(now()).toDateString() ? '' : day) + time + millis;
}

export const number = (value) => (Number.isFinite(value) ? value.toLocaleString('en') : NOT_KNOWN);

/** A number with its noun. */
export const count = (value, one, many = `${one}s`) => `${number(value)} ${value === 1 ? one : many}`;

/** How many a second. */
export function rate(perSecond) {
  if (perSecond === null || perSecond === undefined) {
    return '–';
  }
  return perSecond === 0 ? '0' : perSecond < 0.05 ? '< 0.1' : perSecond < 10 ? perSecond.toFixed(1) : number(Math.round(perSecond));
}

/** A size, in the largest unit that leaves something before the point. */
export function bytes(value) {
  const units = ['bytes', 'KB', 'MB', 'GB', 'TB'];
  let size = value;
  let unit = 0;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit++;
  }
  return `${unit === 0 || size >= 100 ? number(Math.round(size)) : size.toFixed(1)} ${units[unit]}`;
}

/** How far behind the source the index is, by the service's `lagMillis`: 0 where nothing waits. */
export function behind(lagMillis) {
  if (lagMillis === null || lagMillis === undefined) {
    return 'lag not known';
  }
  return lagMillis === 0 ? 'and nothing waits' : `${duration(lagMillis)} behind`;
}
