import { $, el, icon, on, redraw } from './dom.js';
import { t, lang } from './words.js';
import { act, inChat, isPrivate, menuOf, message, sees, world } from './world.js';
import { chat, go, here } from './here.js';
import { face, preview } from './list.js';
import { alertBox, toast } from './notice.js';
import { copy, link, rich } from './text.js';
import { replying, reset, say } from './composer.js';

// The chat that is open: its head, its messages and their keyboards.

const answer = 'M10 9V4L2 12l8 8v-5c6 0 9.500 2 12 6-.8-6-4-12-12-12z';

const asksMe = m => m.asksReply && !m.deleted && (!m.asked || m.asked.includes(here.as));
const inTopic = m => !here.topic || m.thread === here.topic || m.id === here.topic;
const shown = () => inChat(here.chat, here.as).filter(inTopic);

function open() {
  $('log').replaceChildren(...shown().map(draw));
  showHead();
  showTopics();
  showBusy();
  $('log').scrollTop = $('log').scrollHeight;
  const last = shown().filter(m => !m.service).pop();
  reset(last && asksMe(last) ? last.id : 0);
}

let typing;
let starting = false; // START was pressed: the focus goes on to the field as soon as it is there
function showHead() {
  const c = chat();
  if (!c) return;
  const p = isPrivate(c) ? world.people.get(c.id) : null;
  const people = (c.members || []).filter(id => world.people.has(id));
  const until = Math.max(0, ...[...c.typing].filter(([thread]) => !here.topic || thread === here.topic).map(([, at]) => at));
  const writes = until > Date.now();
  clearTimeout(typing);
  if (writes) typing = setTimeout(showHead, until - Date.now() + 50);
  $('title').textContent = c.title;
  $('subtitle').textContent = writes ? t('typing') : p
    ? `@${world.bot.username}` + (p.blocked ? ' · ' + t('blocked') : '')
    : t('members', people.length + 1);
  $('subtitle').classList.toggle('typing', writes);
  $('block').hidden = !p || !p.started;
  if (p) $('block').textContent = t(p.blocked ? 'unblock' : 'block');
  const fresh = Boolean(p && !p.started);
  $('composer').hidden = fresh || Boolean(c.closed);
  $('start').hidden = !fresh;
  if (starting && !fresh) {
    starting = false;
    $('input').focus();
  }
  $('menu-button').hidden = !menuOf(c.id, here.as).length;
  const about = $('log').querySelector('.about');
  if (about) about.remove();
  if (fresh && p.about) $('log').append(el('div', { className: 'about' }, el('b', { textContent: t('about') }), p.about));
}

function showTopics() {
  const c = chat();
  const topics = c && c.topics ? Object.entries(c.topics).map(([id, title]) => [Number(id), title]) : [];
  $('topics').hidden = !topics.length;
  redraw($('topics'), [[0, t('everything')], ...topics].map(([id, title]) => {
    const b = el('button', { type: 'button', textContent: title, onclick: () => go(here.as, here.chat, id) });
    b.dataset.key = 't' + id;
    if (id === here.topic) b.setAttribute('aria-current', 'true');
    return b;
  }));
}

// A log that comes to be shown, on a phone where only one pane is, or that gets smaller, for
// a keyboard is opened, stays at its end, too.
let high = 0;
let read = true; // up to its end
$('log').addEventListener('scroll', () => {
  const log = $('log');
  if (log.clientHeight === high) read = log.scrollHeight - log.scrollTop - log.clientHeight < 80;
});
new ResizeObserver(() => {
  const log = $('log');
  if (log.clientHeight && (!high || read)) log.scrollTop = log.scrollHeight;
  high = log.clientHeight;
}).observe($('log'));

// keepAtEnd lets the log follow its end, unless somebody reads further up.
function keepAtEnd(force, change) {
  const log = $('log');
  const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 80;
  change();
  if (atEnd || force) log.scrollTop = log.scrollHeight;
}

function put(m) {
  const old = $('m' + m.id);
  const next = draw(m);
  if (!old) {
    $('log').append(next);
    if (asksMe(m) && shown().every(o => o.id <= m.id)) replying(m.id); // and nobody has answered yet
    return;
  }
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  const revealed = old.querySelector('.spoiler.open') && old.querySelector('.text').textContent === next.querySelector('.text')?.textContent;
  old.replaceWith(next);
  if (revealed) for (const s of next.querySelectorAll('.spoiler')) s.classList.add('open');
  if (focused) {
    const keys = [...next.querySelectorAll('.key')];
    const again = keys.find(k => k.dataset.data === focused.dataset.data) || keys[0];
    (again || $('input')).focus({ preventScroll: true });
  }
  if (m.deleted) replying(0, m.id);
}

function draw(m) {
  if (m.service) return el('div', { id: 'm' + m.id, className: 'service', textContent: m.service });
  const c = chat();
  const mine = m.from === here.as;
  const keys = m.keyboard || [];
  const kinds = ['message', mine && 'mine', m.bot && 'bot', keys.length && 'keys', m.deleted && 'deleted', m.only && 'only'];
  const box = el('div', { id: 'm' + m.id, className: kinds.filter(Boolean).join(' '), hidden: m.deleted });
  const bubble = el('div', { className: 'bubble' });
  box.append(bubble);
  if (!isPrivate(c) && !mine) {
    box.classList.add('faced');
    box.prepend(face(m.from, m.name));
    const place = c.topics && m.thread && !here.topic ? ' · ' + c.topics[m.thread] : '';
    bubble.append(el('div', { className: 'sender', textContent: m.name + place }));
    bubble.firstChild.style.setProperty('--hue', (m.from * 137) % 360);
  } else {
    bubble.append(el('span', { className: 'unseen', textContent: m.name + ': ' }));
  }
  if (m.deleted) return box; // nothing of it is seen, as in Telegram
  if (m.only) bubble.append(el('div', { className: 'alone', textContent: '👁 ' + t('only') }));
  const quoted = m.replyTo && message(m.chat, m.replyTo);
  if (quoted && !quoted.service) bubble.append(el('div', { className: 'quote', textContent: quoted.deleted ? t('deleted') : quoted.name + ': ' + preview(quoted) }));
  if (m.document) bubble.append(el('div', { className: 'file' }, '📄 ', m.document));
  if (m.picture) bubble.append(el('img', { className: 'picture', src: m.picture, alt: t('photo'), width: 1000, height: 640 }));
  else if (m.photo) bubble.append(el('div', { className: 'file' }, '🖼 ', t('photo')));
  const time = new Date(m.date).toLocaleTimeString(lang, { hour: '2-digit', minute: '2-digit' });
  const lock = m.protected ? el('span', { textContent: '🔒 ', title: t('protected') }) : '';
  bubble.append(el('div', { className: 'text' }, rich(m.text, m.entities || [], say),
    el('span', { className: 'meta' }, lock, (m.edited ? t('edited') + ' ' : '') + time)));
  const reply = el('button', { type: 'button', className: 'icon reply', ariaLabel: t('reply', m.name), onclick: () => { replying(m.id); $('input').focus(); } }, icon(answer));
  if (!m.only) bubble.append(reply);
  if (!m.only) bubble.ondblclick = e => { if (!e.target.closest('a, code, pre, .spoiler')) reply.click(); };
  for (const row of keys) box.append(el('div', { className: 'row' }, ...row.map(b => button(m, b))));
  return box;
}

function button(m, b) {
  const look = 'key ' + (b.style || '');
  if (b.url) {
    const a = link(b.url, b.label);
    a.className = look;
    a.append(el('span', { className: 'mark', textContent: '↗', title: t('link') }));
    return a;
  }
  const e = el('button', { type: 'button', className: look, textContent: b.label });
  if (b.copy) {
    e.append(el('span', { className: 'mark sheets', title: t('copies') }));
    e.onclick = () => copy(b.copy);
  } else if (b.off) {
    e.disabled = true;
  } else {
    e.dataset.data = b.data;
    e.dataset.message = m.id;
    e.onclick = () => act('tap', { user: here.as, chat: m.chat, message: m.id, data: b.data });
  }
  return e;
}

// showBusy marks the buttons whose press the bot has not answered yet.
function showBusy() {
  const busy = new Set();
  for (const p of world.presses.values()) {
    if (!p.answered && p.user === here.as && p.chat === here.chat && Date.now() - Date.parse(p.at) < 15000) busy.add(p.message + ' ' + p.data);
  }
  for (const e of document.querySelectorAll('.key[data-data]')) {
    if (busy.has(e.dataset.message + ' ' + e.dataset.data)) e.setAttribute('aria-busy', 'true');
    else e.removeAttribute('aria-busy');
  }
}
setInterval(showBusy, 5000);

on('here', open);
on('language', open);
on('world', news => {
  if (news.reset || !chat()) return; // the place is settled first
  const mine = news.messages.filter(m => m.chat === here.chat && inTopic(m) && sees(here.as, m));
  if (mine.length) keepAtEnd(mine.some(m => m.from === here.as), () => mine.forEach(put));
  showHead();
  showTopics();
  showBusy();
  for (const p of news.answered) if (p.text && p.user === here.as && p.chat === here.chat) (p.alert ? alertBox : toast)(p.text);
});

$('block').onclick = () => act('block', { user: here.as, blocked: !world.people.get(here.as).blocked });
$('start').onclick = () => { starting = true; say('/start'); };
