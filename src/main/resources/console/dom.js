// Builds what is shown. Texts become text nodes, whatever is in them: nothing here reads HTML.

export const byId = (id) => document.getElementById(id);

/**
 * An element. An attribute that is null or false is left out; one that is a function listens to the event of its name.
 * Children are elements or texts; null ones are left out.
 */
export function element(name, attributes = {}, ...children) {
  return filled(document.createElement(name), attributes, children);
}

export function svg(name, attributes = {}, ...children) {
  return filled(document.createElementNS('http://www.w3.org/2000/svg', name), attributes, children);
}

function filled(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') {
      node.addEventListener(name, value);
    } else if (value !== null && value !== undefined && value !== false) {
      node.setAttribute(name, value === true ? '' : value);
    }
  }
  node.append(...children.flat(2).filter((child) => child !== null && child !== undefined && child !== ''));
  return node;
}

const shown = new WeakMap();

/**
 * Shows what `build` returns in the node, unless the data are those that it shows already: what somebody reads,
 * selects or has in focus stays as it is. Otherwise what has the same `data-focus` keeps the focus and how far it was
 * scrolled, and what has the same `data-open` stays open.
 */
export function show(node, data, build) {
  const signature = JSON.stringify(data);
  if (shown.get(node) === signature) {
    return;
  }
  shown.set(node, signature);
  const before = kept(node);
  node.replaceChildren(...[build()].flat().filter((child) => child !== null));
  for (const details of node.querySelectorAll('[data-open]')) {
    details.open = before.open.has(details.dataset.open);
  }
  for (const one of node.querySelectorAll('[data-focus]')) {
    const [left, top] = before.scrolled.get(one.dataset.focus) ?? [0, 0];
    one.scrollLeft = left;
    one.scrollTop = top;
    if (one.dataset.focus === before.focused) {
      one.focus({preventScroll: true});
    }
  }
}

function kept(node) {
  const named = [...node.querySelectorAll('[data-focus]')];
  return {
    focused: named.find((one) => one === document.activeElement)?.dataset.focus,
    scrolled: new Map(named.map((one) => [one.dataset.focus, [one.scrollLeft, one.scrollTop]])),
    open: new Set([...node.querySelectorAll('[data-open][open]')].map((details) => details.dataset.open)),
  };
}

/** Sets a text only when it differs: a live region would say it again. */
export function say(node, text) {
  if (node.textContent !== text) {
    node.textContent = text;
  }
}

export const empty = (...children) => element('p', {class: 'empty'}, ...children);

/** Names and values; a value may be a text or an element. */
export function facts(pairs) {
  return element(
    'dl',
    {class: 'facts'},
    pairs
      .filter(([, value]) => value !== null && value !== undefined && value !== '')
      .map(([name, value]) => element('div', {}, element('dt', {}, name), element('dd', {}, value))),
  );
}
