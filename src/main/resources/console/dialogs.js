// Questions that are asked before something is changed for good.

import {byId, say} from './dom.js';

/**
 * Asks. Resolves to null when it was declined, else to what was written (an empty text where nothing was asked for).
 */
export function ask({title, text, yes, label = null}) {
  const dialog = byId('question');
  say(byId('question-title'), title);
  say(byId('question-text'), text);
  say(byId('question-yes'), yes);
  const input = byId('question-input');
  const field = byId('question-label');
  field.hidden = label === null;
  say(field.querySelector('span'), label ?? '');
  input.value = '';
  dialog.returnValue = 'no';
  return opened(dialog, label === null ? byId('question-yes') : input).then((answer) =>
    answer === 'yes' ? input.value.trim() : null,
  );
}

/** Shows something until it is closed. */
export function look(title, content) {
  say(byId('look-title'), title);
  byId('look-content').replaceChildren(content);
  return opened(byId('look'), byId('look').querySelector('button'));
}

function opened(dialog, first) {
  const before = document.activeElement;
  dialog.showModal();
  first.focus();
  return new Promise((resolve) => {
    dialog.addEventListener(
      'close',
      () => {
        if (before?.isConnected) {
          before.focus();
        }
        resolve(dialog.returnValue);
      },
      {once: true},
    );
  });
}

/** Enter in the question's field is a yes; the first submit button of the form would be the other one. */
export function listen() {
  byId('question-input').addEventListener('keydown', (event) => {
    if (event.key === 'Enter') {
      event.preventDefault();
      byId('question').close('yes');
    }
  });
}
