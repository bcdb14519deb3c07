// Calls the service. Every failure is a Problem, or Unreachable where no answer came.

import {learnTime} from './format.js';

const KEY = 'freshet.key';

/** How long an ordinary call may take. */
const PATIENCE_MILLIS = 15_000;

/** Tells `key-needed`, with the reason. */
export const events = new EventTarget();

export class Unreachable extends Error {}

/** An answer that is no success, as RFC 9457 describes it. */
export class Problem extends Error {
  constructor(status, body, retryAfter) {
    super(body?.detail ?? `the service answered with status ${status}`);
    this.status = status;
    this.parameter = body?.parameter ?? null;
    this.freshness = body?.freshness ?? null;
    this.retryAfterSeconds = Number(retryAfter) || null;
  }

  /** Whether the service is too old to know this call or this parameter. */
  get isUnknownCall() {
    return (
      this.status === 404 || this.status === 405 || (this.status === 400 && /there is no parameter/.test(this.message))
    );
  }
}

export const key = {
  get: () => sessionStorage.getItem(KEY),
  set: (value) => sessionStorage.setItem(KEY, value),
  forget: () => sessionStorage.removeItem(KEY),
};

/**
 * Sends a request and answers with the JSON of its answer, or null where it has none.
 *
 * @param query parameters; those without a value are left out
 * @param content sent as JSON
 */
export async function call(method, path, {query = {}, content, signal, patience = PATIENCE_MILLIS} = {}) {
  const response = await send(method, path + queryString(query), signal, patience, content);
  const body = await json(response);
  if (response.ok) {
    return body;
  }
  if (response.status === 401) {
    events.dispatchEvent(new CustomEvent('key-needed', {detail: key.get() ? 'unknown' : 'absent'}));
  }
  throw new Problem(response.status, body, response.headers.get('Retry-After'));
}

export const get = (path, options) => call('GET', path, options);

/** The health check: its answer, also when it is not well. */
export async function readiness() {
  const response = await send('GET', 'health/readiness', undefined, PATIENCE_MILLIS);
  return {ready: response.ok, body: await json(response)};
}

export const documentPath = (table, documentKey) =>
  `documents/${encodeURIComponent(table)}/${encodeURIComponent(documentKey)}`;

async function send(method, path, signal, patience, content) {
  const signals = [AbortSignal.timeout(patience), signal].filter(Boolean);
  const headers = {Accept: 'application/json'};
  if (key.get()) {
    headers['X-API-Key'] = key.get();
  }
  if (content !== undefined) {
    headers['Content-Type'] = 'application/json';
  }
  try {
    const body = content === undefined ? undefined : JSON.stringify(content);
    const response = await fetch(path, {method, headers, body, cache: 'no-store', signal: AbortSignal.any(signals)});
    learnTime(response.headers.get('Date'));
    return response;
  } catch (failure) {
    if (signal?.aborted) {
      throw failure;
    }
    throw new Unreachable(
      failure.name === 'TimeoutError' ? 'Freshet did not answer in time.' : 'Freshet does not answer.',
    );
  }
}

async function json(response) {
  try {
    return parse(await response.text());
  } catch {
    return null; // No content, or what something between here and the service answered.
  }
}

/** Reads JSON; an integer that a JavaScript number cannot hold stays the text that it was. */
export function parse(text) {
  return JSON.parse(text, (name, value, context) =>
    Number.isInteger(value) && !Number.isSafeInteger(value) && context?.source ? context.source : value,
  );
}

function queryString(query) {
  const given = Object.entries(query).filter(([, value]) => value !== null && value !== undefined && value !== '');
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`;
}

/** What went wrong, in a sentence for people. */
export function sentence(failure) {
  if (failure instanceof Unreachable) {
    return failure.message;
  }
  if (failure.status === 401) {
    return 'An API key is needed.';
  }
  if (failure.status === 403) {
    return 'This needs an admin key; the one in use may only read.';
  }
  const text = failure.message;
  return text.charAt(0).toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? '' : '.');
}
