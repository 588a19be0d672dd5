import { $, el, icon, on, redraw } from './dom.js';
import { t } from './words.js';
import { world, chatsOf, inChat, isPrivate, sees } from './world.js';
import { be, go, here, view } from './here.js';

// The list of people that one can be, and of the chats that a person has.

const tongues = { en: 'English', ru: 'русский' };
const opens = 'M4 8h10v12H4zm2 2v8h6v-8zm3-6h11v12h-4v-2h2V6h-7v1H9z';
const hue = id => (Math.abs(id) * 137) % 360;
const unread = new Map(); // by person and chat

export function face(id, name) {
  const f = el('span', { className: 'face', textContent: [...name][0] || '?', ariaHidden: 'true' });
  f.style.setProperty('--hue', hue(id));
  return f;
}

const hidden = m => (m.entities || []).filter(e => e.type === 'spoiler');

// preview is the beginning of a message, without what is hidden.
export function preview(m) {
  if (m.service) return m.service;
  let text = m.text;
  for (const e of hidden(m)) text = text.slice(0, e.offset) + '•'.repeat(e.length) + text.slice(e.offset + e.length);
  return (m.document ? '📄 ' + m.document + ' ' : '') + (m.photo ? '🖼 ' + t('photo') + ' ' : '') + text.split('\n')[0];
}

function showPeople() {
  redraw($('people'), [...world.people.values()].map(p => {
    const b = el('button', { type: 'button', onclick: () => be(p.id) },
      face(p.id, p.name), el('span', { className: 'name', textContent: p.name }), el('span', { className: 'lang', textContent: tongues[p.lang] || p.lang || '' }));
    b.dataset.key = 'p' + p.id;
    b.setAttribute('aria-pressed', String(p.id === here.as));
    const own = el('a', { href: `?as=${p.id}&lang=${p.lang === 'ru' ? 'ru' : 'en'}`, target: '_blank', rel: 'noopener', className: 'window', title: t('window', p.name) }, icon(opens));
    own.setAttribute('aria-label', t('window', p.name));
    own.dataset.key = 'w' + p.id;
    return el('div', { className: 'person' }, b, own);
  }));
}

function showChats() {
  redraw($('chats'), chatsOf(here.as).map(c => {
    const last = inChat(c.id, here.as).filter(m => !m.deleted).pop();
    const count = unread.get(here.as + ' ' + c.id) || 0;
    const badge = el('span', { className: 'unread', textContent: count || '' });
    if (count) badge.append(el('span', { className: 'unseen', textContent: ' ' + t('unread') }));
    const b = el('button', { type: 'button', onclick: () => { go(here.as, c.id); view('chat'); } },
      face(isPrivate(c) ? world.bot.id : c.id, c.title), el('span', { className: 'name', textContent: c.title }), badge,
      el('span', { className: 'last', textContent: last ? preview(last) : t('empty') }));
    b.dataset.key = 'c' + c.id;
    b.dataset.chat = c.id;
    if (c.id === here.chat) b.setAttribute('aria-current', 'true');
    return b;
  }));
}

function show() {
  showPeople();
  showChats();
}

on('world', news => {
  if (news.reset) unread.clear();
  else for (const m of news.fresh) {
    if (!m.bot) continue;
    for (const p of world.people.keys()) {
      const key = p + ' ' + m.chat;
      if (sees(p, m) && (p !== here.as || m.chat !== here.chat) && chatsOf(p).some(c => c.id === m.chat)) unread.set(key, (unread.get(key) || 0) + 1);
    }
  }
  show();
});
on('here', () => {
  unread.delete(here.as + ' ' + here.chat);
  show();
});
on('language', show);
