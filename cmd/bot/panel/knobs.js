import { el } from '../dom.js';
import { account, command, steps } from './vendor.js';
import { Arming, once, part } from './arm.js';
import { wrong } from './wrong.js';

// Trouble on demand.

const kinds = {
  k_lost: { kind: 'drop', effect: true },
  k_unsent: { kind: 'drop' },
  k_slow: { kind: 'hold', effect: true, delay: '20s' },
  k_502: { kind: 'status', status: 502 },
  k_html: { kind: 'html' },
  k_refused: { kind: 'reply', errorType: 'limit', errorText: 'The sandbox refuses' },
  k_session: { kind: 'reply', errorType: 'auth', errorText: 'Authorization required' },
  k_cut: { kind: 'cut_body' },
};
const targets = { step1: steps[0], step2: steps[1], step3: steps[2], price_read: { func: 'cart', match: { clicked_button: '' } }, any: {} };
const arming = new Arming('', targets, kinds);

const login = () => account().login;
const knobs = {
  dearer: () => command('prices', { percent: 10 }),
  cheaper: () => command('prices', { percent: -10 }),
  foreign: () => command('foreign', { login: login() }),
  empty: () => command('empty', { login: login() }),
  expire: () => command('expire', { login: login() }),
  slow_on: () => command('activation', { delay: 'never' }),
  slow_off: () => command('activation', { delay: '15s' }),
  rich: () => command('balance', { login: login(), amount: 100 }),
  poor: () => command('balance', { login: login(), amount: 1 }),
};

export function drawKnobs() {
  const buttons = Object.entries(knobs).map(([name, turn]) => once(name, turn));
  return part('knobs', 'trouble', ...arming.draw(), el('div', { className: 'buttons' }, ...buttons));
}

export function showFaults({ faults }) {
  arming.show(faults.filter(f => !wrong.kindOf(f)));
}
