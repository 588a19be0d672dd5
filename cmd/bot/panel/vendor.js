import { tell } from '../dom.js';
import { t } from '../words.js';
import { toast } from '../notice.js';
import { share } from '../stream.js';

// What the panel's stream says: which world this is, the bot's process, the vendor's
// accounts, what was armed, how the vendor behaves, and the calls.
export const vendor = { world: 0, bot: {}, accounts: [], faults: [], behaviour: {}, calls: new Map() };

export const account = () => vendor.accounts[0] || { login: '', cart: [], services: [] };

export function connect() {
  share('panel/events', 'panel/state', v => {
    if (v.reset) vendor.calls.clear();
    for (const c of v.calls || []) vendor.calls.set(c.number, c);
    Object.assign(vendor, { world: v.world, bot: v.bot, accounts: v.accounts || [], faults: v.faults || [], behaviour: v.behaviour });
    tell('vendor');
  });
}

async function post(path, body) {
  try {
    const r = await fetch('panel/' + path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
    const text = await r.text();
    if (!r.ok) throw new Error(text.trim());
    return text ? JSON.parse(text) : {};
  } catch (err) {
    toast(t('failed') + err.message);
    return null;
  }
}

// command asks the vendor's control API for something.
export const command = (what, body = {}) => post('sandbox/' + what, body);

// anew makes a world in which nothing has happened yet, and tells its number.
export const anew = lang => post('anew?lang=' + lang, {});

// kill ends the bot's process.
export const kill = () => post('kill', {});

// The calls of an order, in their order; what they are recognised by is what the
// trouble maker needs, too.
export const steps = [
  { name: 'step1', func: 'v2.instances.order.param', match: { sok: 'ok' } },
  { name: 'step2', func: 'cart', match: { clicked_button: 'apply_promocode' } },
  { name: 'step3', func: 'cartorder.create.confirm', match: {} },
];

export const field = (call, name) => (call.fields.find(f => f.name === name) || { value: '' }).value;

// stepOf tells which call of an order a call is, from 1; 0 is none.
export function stepOf(call) {
  return 1 + steps.findIndex(s => s.func === call.func && Object.entries(s.match).every(([k, v]) => field(call, k) === v));
}
