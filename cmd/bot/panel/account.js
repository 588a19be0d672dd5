import { $, el } from '../dom.js';
import { t } from '../words.js';

// What the vendor has of an account: money, cart, servers.

const euros = m => '€' + Number(m.amount).toFixed(2);
const states = { 1: '🔵', '2': '🟢', '5_open': '🟡', '5_close': '🟠', 3: '⚪' };

function list(title, rows, nothing) {
  return [el('dt', { textContent: t(title) }), el('dd', {}, ...(rows.length ? rows.map(r => el('div', { textContent: r })) : [el('span', { className: 'soft', textContent: t(nothing) })]))];
}

export function showAccounts({ accounts }) {
  $('accounts').replaceChildren(...accounts.map(a => {
    const cart = (a.cart || []).map(i => `#${i.lineItem} · ${i.serverName || '–'} · ${euros(i.charge)}` + (i.promo ? ' · 🎟 ' + i.promo : ''));
    const state = s => s.status === '1' ? t(s.unpaid ? 'unpaid' : 'ordered') : s.ipv4 && s.status !== '5_open' ? s.ipv4 : s.power;
    const servers = (a.services || []).map(s => `${states[s.status] || '⚫'} ${s.name || s.id} · ${state(s)}`);
    const balance = [euros(a.balance)].concat(a.shown ? t('shown', euros(a.shown)) : []);
    if (a.stale) cart.push(t('stale'));
    return el('div', { className: 'account' },
      el('h4', { textContent: t('account', a.login) }),
      el('dl', {}, ...list('balance', balance, 'nothing'), ...list('taken', [euros(a.taken)], 'nothing'),
        ...list('cart', cart, 'nothing'), ...list('services', servers, 'none'), ...(a.users ? list('logins', a.users, 'none') : [])));
  }));
}
