import { $, el } from '../dom.js';
import { t } from '../words.js';
import { toast } from '../notice.js';
import { account, command, steps, vendor } from './vendor.js';
import { Arming, once, part, press } from './arm.js';

// A vendor that answers wrongly: what it says and what it does are not the same.

const short = {
  errorType: 'insufficient_funds', errorParam: '5.76', errorParamName: 'amount',
  errorText: 'Insufficient funds to complete the operation. Required amount 5.76. Your current balance: 0.00, credit limit 0.00 EUR',
};
const kinds = {
  w_error: { kind: 'reply', effect: true, errorType: 'value', errorText: 'The sandbox says no, and has done it' },
  w_poor: { kind: 'reply', effect: true, ...short },
  w_session: { kind: 'reply', effect: true, expire: true, errorType: 'auth', errorText: 'Authorization required' },
  w_403: { kind: 'status', effect: true, status: 403 },
  w_460: { kind: 'status', effect: true, status: 460 },
  w_done_form: { kind: 'pretend', effect: true, shape: 'form' },
  w_done_empty: { kind: 'pretend', effect: true, shape: 'empty' },
  w_ok: { kind: 'pretend', shape: 'ok' },
  w_form: { kind: 'pretend', shape: 'form' },
  w_payment: { kind: 'pretend', shape: 'payment' },
  w_address: { kind: 'pretend', shape: 'address' },
  w_empty: { kind: 'pretend', shape: 'empty' },
  w_later: { kind: 'later', delay: '30s' },
  w_later_error: { kind: 'later', delay: '30s', errorType: 'value', errorText: 'The sandbox says no, and does it later' },
  w_later_ok: { kind: 'later', delay: '30s', shape: 'ok' },
};
const resize = { func: 'service.changepricelist.getmoney', match: { sok: 'ok' } };
export const wrong = new Arming('wrong-', { step3: steps[2], step1: steps[0], step2: steps[1], resize }, kinds);

// Ways to behave that stay until they are taken back: what of the vendor's
// behaviour each sets, and what it is without. A fact that is '' is as it is expected.
const ways = {
  rows: ['facts.rows', 'one', ''],
  pays_cart: ['facts.confirm-scope', 'cart', ''],
  surcharge: ['facts.taken', 'more', ''],
  later: ['surchargeAfter', 20, 0],
  misnamed: ['rowsMisnamed', true, false],
  zero: ['totalIsZero', true, false],
  unpaid: ['confirmDoesNotPay', true, false],
  listed: ['facts.listed-in-cart', 'listed', ''],
  nameless: ['facts.server-name', 'dropped', ''],
  numbered: ['facts.server-name', 'changed', ''],
  phone_user: ['phoneUnverified', true, false],
  phone_rows: ['rowsNeedPhone', true, false],
  books: ['booksClosed', true, false],
};
const of = (field, value) => field.startsWith('facts.') ? { facts: { [field.slice(6)]: value } } : { [field]: value };
const isOn = name => {
  const [field, on] = ways[name];
  return (field.startsWith('facts.') ? vendor.behaviour.facts?.[field.slice(6)] : vendor.behaviour[field]) === on;
};

function turn(name) {
  const [field, on, off] = ways[name];
  return command('behave', { behaviour: of(field, isOn(name) ? off : on) });
}

// onUnpaid does something with the oldest unpaid order.
async function onUnpaid(what) {
  const { login, services } = account();
  const server = services.find(s => s.unpaid);
  if (!server) return toast(t('no_unpaid'));
  return command(what, { login, service: server.id });
}

async function rolledBack() {
  const { login } = account();
  const row = await command('foreign', { login });
  return row && command('roll-back', { login, lineItem: row.lineItem });
}

const second = 'colleague'; // the login and the password of the second user
const knobs = {
  freeze: () => command('freeze', { login: account().login, delay: '2m' }),
  freeze_pay: () => command('freeze', { login: account().login, delay: '2m', atConfirm: true }),
  thaw: () => command('thaw', { login: account().login }),
  lag_on: () => command('behave', { behaviour: { facts: { 'balance-when': 'later' }, laterBy: 60 } }),
  lag_off: () => command('behave', { behaviour: { facts: { 'balance-when': '' }, laterBy: 0 } }),
  rolled_back: rolledBack,
  pay_order: () => onUnpaid('pay'),
  cancel_order: () => onUnpaid('cancel'),
  second: () => command('user', { login: second, password: second, of: account().login }),
};

export function drawWrong() {
  const head = el('h4');
  head.dataset.t = 'ways';
  return part(
    'wrong', 'wrong', ...wrong.draw(),
    el('div', { className: 'buttons' }, ...Object.entries(knobs).map(([name, f]) => once(name, f))),
    head, el('div', { className: 'buttons' }, ...Object.keys(ways).map(name => press(name, () => turn(name)))),
  );
}

export function showWrong({ faults }) {
  wrong.show(faults.filter(f => wrong.kindOf(f)));
  for (const name of Object.keys(ways)) $('knob-' + name).setAttribute('aria-pressed', isOn(name));
}
