import { $, el } from '../dom.js';
import { t } from '../words.js';
import { kill } from './vendor.js';

// The bot as a process, and the button that ends it.

export function drawBot() {
  const b = el('button', { type: 'button', id: 'kill', className: 'danger', onclick: kill });
  b.dataset.t = 'kill';
  const hint = el('p', { id: 'kill-hint', className: 'hint' });
  hint.dataset.t = 'kill_hint';
  b.setAttribute('aria-describedby', hint.id);
  const state = el('p', { id: 'bot-state' });
  state.setAttribute('role', 'status');
  return [el('div', { className: 'line' }, state, b), hint];
}

export function showBot({ bot }) {
  const word = bot.up ? 'up' : bot.pid ? 'starting' : 'down';
  const more = [bot.pid && t('pid', bot.pid), t('starts', bot.starts), bot.up && bot.backMs && t('back_after', bot.backMs)];
  const text = [t(word), ...more.filter(Boolean)].join(' · ');
  if ($('bot-state').textContent === text) return;
  $('bot-state').className = word;
  $('bot-state').textContent = text;
}
