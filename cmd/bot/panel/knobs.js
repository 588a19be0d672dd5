import { $, el } from '../dom.js';
import { t } from '../words.js';
import { toast } from '../notice.js';
import { command, steps, vendor } from './vendor.js';

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

const login = () => (vendor.accounts[0] || { login: '' }).login;
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

function select(id, label, names) {
  const s = el('select', { id }, ...names.map(n => {
    const o = el('option', { value: n });
    o.dataset.t = n;
    return o;
  }));
  const word = el('span');
  word.dataset.t = label;
  return el('label', {}, word, ' ', s);
}

export function drawKnobs() {
  const title = el('summary');
  title.dataset.t = 'trouble';
  const arm = el('button', { type: 'submit', id: 'arm' });
  arm.dataset.t = 'arm';
  const form = el('form', {}, select('target', 'next_call', Object.keys(targets)), select('kind', 'will', Object.keys(kinds)), arm);
  form.onsubmit = async e => {
    e.preventDefault();
    const { func, match } = targets[$('target').value];
    await command('fault', { ...kinds[$('kind').value], func, match });
  };
  const buttons = Object.entries(knobs).map(([name, turn]) => {
    const b = el('button', { type: 'button', id: 'knob-' + name, onclick: async () => { if (await turn()) toast(t('did') + t('knob_' + name)); } });
    b.dataset.t = 'knob_' + name;
    return b;
  });
  return el('details', { id: 'knobs' }, title, form, el('ul', { id: 'armed' }), el('div', { className: 'buttons' }, ...buttons));
}

const nameOf = (table, like) => Object.keys(table).find(n => like(table[n])) || '';

function named(f) {
  const target = nameOf(targets, x => (x.func || '') === (f.func || '') && JSON.stringify(x.match || {}) === JSON.stringify(f.match || {}));
  const kind = nameOf(kinds, x => x.kind === f.kind && Boolean(x.effect) === Boolean(f.effect) && (!x.errorType || x.errorType === f.errorType));
  return `${target ? t(target) : f.func} → ${kind ? t(kind) : f.kind}`;
}

export function showFaults({ faults }) {
  $('armed').replaceChildren(...faults.map(f => {
    const off = el('button', { type: 'button', textContent: t('disarm'), onclick: () => command('remove', { id: f.id }) });
    return el('li', {}, el('span', {}, named(f), ' · ', el('span', { className: 'soft', textContent: t('hits', f.hits) })), off);
  }));
}
