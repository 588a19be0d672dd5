import { $, on } from './dom.js';
import { lang, setLang, t, translate } from './words.js';
import { connect, world } from './world.js';
import { here, settle, view } from './here.js';
import './list.js';
import './chat.js';

// The window around the panes: language, colors, and which panes are shown.

// ---- language ----

function showLang() {
  for (const b of $('langs').children) b.setAttribute('aria-pressed', String(b.dataset.lang === lang));
}
for (const b of $('langs').children) {
  b.onclick = () => {
    const q = new URLSearchParams(location.search);
    q.set('lang', b.dataset.lang);
    history.replaceState(null, '', '?' + q);
    setLang(b.dataset.lang);
  };
}

// ---- colors ----

const themes = ['auto', 'light', 'dark'];
let theme = themes.includes(localStorage.getItem('theme')) ? localStorage.getItem('theme') : 'auto';
function showTheme() {
  document.documentElement.dataset.theme = theme;
  $('theme').title = t('theme', t(theme));
  $('theme').setAttribute('aria-label', $('theme').title);
}
$('theme').onclick = () => {
  theme = themes[(themes.indexOf(theme) + 1) % themes.length];
  localStorage.setItem('theme', theme);
  showTheme();
};

// ---- panes ----

// panelShown opens or closes the pane beside the chats. Where there is room for
// one pane only, it is the one that is shown.
const narrow = () => matchMedia('(max-width: 700px)').matches;
const wide = () => matchMedia('(min-width: 1100px)').matches;
export function panelShown(open) {
  document.body.classList.toggle('with-panel', open);
  $('panel').hidden = !open;
  $('panel-button').setAttribute('aria-expanded', String(open));
  view(open ? 'panel' : 'chat');
}
$('panel-button').onclick = () => panelShown(narrow() || $('panel').hidden);
$('back').onclick = () => {
  if (!narrow() && !wide()) panelShown(false); // the list was behind it
  view('list');
  const b = $('chats').querySelector('[aria-current=true]');
  if (b) b.focus();
};

let panel;
async function loadPanel() {
  if (!world.panel || panel) return;
  panel = import('./panel/panel.js');
  $('panel-button').hidden = false;
  if (wide()) {
    const pane = document.body.dataset.view;
    panelShown(true);
    view(pane);
  }
}

on('language', () => { showLang(); showTheme(); });
on('world', news => {
  if (news.reset || !world.chats.has(here.chat)) settle();
  loadPanel();
});

if (here.chat) view('chat');
translate(document);
showLang();
showTheme();
connect();
