// The search and the document in view stand in the address, so that a link shows the same.

const NAMES = ['q', 'mode', 'k', 'in', 'filter', 'table', 'key', 'tx', 'lsn', 'follow'];
const USUAL = {mode: 'vector', k: '10'};

/** What the address says; each name has a text, empty where nothing is said. */
export function read() {
  const given = new URLSearchParams(location.hash.slice(1));
  return Object.fromEntries(NAMES.map((name) => [name, given.get(name) ?? USUAL[name] ?? '']));
}

/** Changes some of it. What changed goes to the history, so that Back works; unless it takes the place of the latest. */
export function write(changes, {replace = false} = {}) {
  const next = {...read(), ...changes};
  const said = NAMES.filter((name) => next[name] && next[name] !== USUAL[name]).map((name) => [name, next[name]]);
  const hash = said.length === 0 ? '' : `#${new URLSearchParams(said)}`;
  if (hash !== location.hash) {
    const address = location.pathname + location.search + hash;
    if (replace) {
      history.replaceState(null, '', address);
    } else {
      history.pushState(null, '', address);
    }
  }
}

/** Calls when somebody goes back or forth, or changes the address. */
export function onChange(listener) {
  addEventListener('popstate', listener);
}
