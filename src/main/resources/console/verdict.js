// Fresh or not, in one word. The service decides it; this adds only what the service cannot know of itself.

import {clock} from './format.js';

/** What each word looks like: its colour, its shape, and the page's icon. */
const LOOKS = {
  fresh: ['fresh', 'tick', 'icon-fresh.svg'],
  lagging: ['late', 'triangle', 'icon-late.svg'],
  behind: ['late', 'stack', 'icon-late.svg'],
  stuck: ['stuck', 'bar', 'icon-stuck.svg'],
  quiet: ['quiet', 'dash', 'icon-quiet.svg'],
  unknown: ['quiet', 'question', 'icon-quiet.svg'],
  'no answer': ['stuck', 'cross', 'icon-stuck.svg'],
  locked: ['quiet', 'lock', 'icon-quiet.svg'],
};

/**
 * The verdict to show: what concerns the reader most comes first.
 *
 * @param own.keyNeeded whether the service wants a key
 * @param own.unreachable whether no answer comes
 * @param own.answeredAt when the last one came; null where none did
 * @param own.indexDown whether the readiness check says that the index does not answer
 * @param answered `status` of `GET /freshness`; null where there is none
 */
export function verdict(own, answered) {
  if (own.keyNeeded) {
    return looking('locked', {title: 'An API key is needed'});
  }
  if (own.unreachable) {
    return looking('no answer', {figure: own.answeredAt ? `since ${clock(own.answeredAt)}` : null});
  }
  if (own.indexDown && answered?.word !== 'stuck') {
    return looking('stuck', {figure: 'the index does not answer'});
  }
  if (!answered) {
    return looking('unknown', {title: own.asked ? 'UNKNOWN' : 'Asking the service …'});
  }
  return looking(answered.word in LOOKS ? answered.word : 'unknown', answered);
}

function looking(word, {title = word.toUpperCase(), figure = null, reason = null, remedy = null}) {
  const [tone, shape, icon] = LOOKS[word];
  return {word, title, figure, reason, remedy, tone, shape, icon};
}
