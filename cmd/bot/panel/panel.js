import './words.js';
import { $, el, icon, on } from '../dom.js';
import { t, translate } from '../words.js';
import { panelShown } from '../main.js';
import { connect, vendor } from './vendor.js';
import { showAccounts } from './account.js';
import { showCalls } from './calls.js';
import { drawBot, showBot } from './bot.js';
import { drawKnobs, showFaults } from './knobs.js';
import { drawWrong, showWrong } from './wrong.js';
import { drawTours } from './tours.js';

// What stands beside the chats: the bot as a process, and the vendor.

document.head.append(el('link', { rel: 'stylesheet', href: 'panel/panel.css' }));

const cross = 'm5.5 4 6.500 6.500L18.500 4 20 5.500 13.500 12l6.500 6.500-1.500 1.500L12 13.500 5.500 20 4 18.500l6.500-6.500L4 5.500z';

function section(id, title, ...inside) {
  const head = el('h3', { id: id + '-title' });
  head.dataset.t = title;
  const s = el('section', { id }, head, ...inside);
  s.setAttribute('aria-labelledby', head.id);
  return s;
}

function draw() {
  const close = el('button', { type: 'button', className: 'icon', onclick: () => { panelShown(false); $('panel-button').focus(); } }, icon(cross));
  close.dataset.tLabel = 'close';
  const title = el('h2');
  title.dataset.t = 'panel';
  const only = el('label', { className: 'check' }, el('input', { type: 'checkbox', id: 'only-order', onchange: () => showCalls(vendor) }), el('span'));
  only.lastChild.dataset.t = 'only_order';
  const calls = el('ol', { id: 'calls-list', tabIndex: 0 });
  calls.setAttribute('aria-live', 'off');
  calls.dataset.tLabel = 'calls';
  $('panel').replaceChildren(
    el('header', {}, title, close),
    section('bot', 'process', ...drawBot()),
    section('account', 'vendor', el('div', { id: 'accounts' })),
    drawKnobs(),
    drawWrong(),
    section('calls', 'calls', only, calls),
  );
  translate($('panel'));
}

function show() {
  showBot(vendor);
  showAccounts(vendor);
  showFaults(vendor);
  showWrong(vendor);
  showCalls(vendor);
}

draw();
drawTours();
on('vendor', show);
on('language', () => { translate($('panel')); show(); });
$('panel').setAttribute('aria-label', t('panel'));
connect();
