import { $ } from './dom.js';

// What the bot answers to a press, and what the page itself has to say.

let timer;
export function toast(text) {
  const box = $('toast');
  box.textContent = text;
  box.classList.add('shown');
  clearTimeout(timer);
  timer = setTimeout(() => { box.textContent = ''; box.classList.remove('shown'); }, 4000);
}

export function alertBox(text) {
  $('alert-text').textContent = text;
  if (!$('alert').open) $('alert').showModal();
}
