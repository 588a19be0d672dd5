'use strict';

// The page shows what the server streams and acts through /sim. The server sends
// things whole and in order, so showing one is always: replace what was there.

const words = {
  en: {
    chats: 'Chats', back: 'Back to the chats', as: 'as', messages: 'Messages', message: 'Message', send: 'Send',
    menu: 'Menu', commands: 'Commands', replying: 'Reply to', cancel: 'Cancel', offline: 'Connection lost, trying again…',
    hint: 'Nobody else is here: the page stands in for Telegram, and each chat is a person you can be.',
    bot: 'bot', deleted: 'message deleted', edited: 'edited', block: 'Stop bot', unblock: 'Restart bot', blocked: 'bot stopped',
    about: 'What can this bot do?', start: 'START', copied: 'Copied', spoiler: 'Hidden text, press to show', copy: 'Press to copy',
    reply: 'Reply', link: 'opens a link', copies: 'copies', members: n => n + (n === 1 ? ' member' : ' members'), group: 'group',
    failed: 'That did not work: ', protected: 'cannot be forwarded', photo: 'Photo', general: 'General', empty: 'No messages yet',
  },
  ru: {
    chats: 'Чаты', back: 'К списку чатов', as: 'как', messages: 'Сообщения', message: 'Сообщение', send: 'Отправить',
    menu: 'Меню', commands: 'Команды', replying: 'Ответ на', cancel: 'Отмена', offline: 'Связь потеряна, пробуем ещё раз…',
    hint: 'Больше здесь никого нет: страница заменяет Telegram, а каждый чат — человек, за которого можно писать.',
    bot: 'бот', deleted: 'сообщение удалено', edited: 'изменено', block: 'Остановить', unblock: 'Запустить снова', blocked: 'бот остановлен',
    about: 'Что умеет этот бот?', start: 'СТАРТ', copied: 'Скопировано', spoiler: 'Скрытый текст, нажмите, чтобы показать', copy: 'Нажмите, чтобы скопировать',
    reply: 'Ответить', link: 'открывает ссылку', copies: 'копирует', members: n => 'участников: ' + n, group: 'группа',
    failed: 'Не получилось: ', protected: 'нельзя переслать', photo: 'Фото', general: 'Общее', empty: 'Сообщений пока нет',
  },
};
const tongues = { en: 'English', ru: 'русский' };

const $ = id => document.getElementById(id);
const state = { bot: {}, people: new Map(), chats: new Map(), messages: new Map(), presses: new Map(), menus: new Map() };
let lang = localStorage.getItem('lang') || (navigator.language.startsWith('ru') ? 'ru' : 'en');
let current = 0; // id of the chat that is shown
let replyTo = 0;
const unread = new Map();
const acting = new Map(); // chat → person
const drafts = new Map();
const t = key => words[lang][key];

function el(tag, props = {}, ...children) {
  const e = Object.assign(document.createElement(tag), props);
  e.append(...children.filter(c => c !== null && c !== undefined && c !== ''));
  return e;
}

// Who acts, and where.
const chat = () => state.chats.get(current);
const isPrivate = c => c.type === 'private';
const people = c => (c.members || []).filter(id => state.people.has(id));
const me = (c = chat()) => c && (isPrivate(c) ? c.id : acting.get(c.id) || people(c)[0]);
const key = (c, id) => c + ' ' + id;
const inChat = id => [...(state.messages.get(id) || new Map()).values()];
const hue = id => (Math.abs(id) * 137) % 360;

async function act(what, body) {
  try {
    const r = await fetch('sim/' + what, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
    const answer = await r.json();
    if (!r.ok) throw new Error(answer.error);
    return answer;
  } catch (err) {
    toast(t('failed') + err.message);
    return null;
  }
}

// ---- the stream ----

let stream, retry;
function connect() {
  clearTimeout(retry);
  stream = new EventSource('sim/events');
  stream.onopen = () => { $('offline').hidden = true; };
  stream.onmessage = e => apply(JSON.parse(e.data));
  stream.onerror = () => {
    $('offline').hidden = false;
    if (stream.readyState === EventSource.CLOSED) retry = setTimeout(connect, 1000); // else the browser tries by itself
  };
}

function apply(v) {
  if (v.reset) {
    for (const m of [state.people, state.chats, state.messages, state.presses, state.menus, unread]) m.clear();
    $('log').replaceChildren();
  }
  state.bot = v.bot;
  for (const p of v.people || []) state.people.set(p.id, p);
  for (const c of v.chats || []) state.chats.set(c.id, c);
  for (const m of v.menus || []) state.menus.set(key(m.chat, m.user), m.commands);
  for (const m of v.messages || []) {
    if (!state.messages.has(m.chat)) state.messages.set(m.chat, new Map());
    const known = state.messages.get(m.chat);
    const isNew = !known.has(m.id);
    known.set(m.id, m);
    if (isNew && m.bot && m.chat !== current && !v.reset) unread.set(m.chat, (unread.get(m.chat) || 0) + 1);
  }
  const answered = [];
  for (const p of v.presses || []) {
    const before = state.presses.get(p.id);
    state.presses.set(p.id, p);
    if (!v.reset && p.answered && !(before && before.answered)) answered.push(p);
  }

  if (!state.chats.has(current)) {
    const wanted = Number(location.hash.slice(1));
    if (state.chats.has(wanted)) open(wanted, 'chat'); // where the page was before it was loaded again
    else open(state.chats.keys().next().value || 0);
  } else if (v.reset) {
    open(current, document.body.dataset.view);
  } else {
    const mine = (v.messages || []).filter(m => m.chat === current);
    if (mine.length) keepAtEnd(mine.some(m => m.from === me()), () => { for (const m of mine) put(m); });
    showHead();
  }
  showChats();
  showBusy();
  for (const p of answered) if (p.text && p.user === me() && p.chat === current) (p.alert ? alertBox : toast)(p.text);
}

// ---- the list of chats ----

function showChats() {
  const list = $('chats');
  const focused = document.activeElement && document.activeElement.dataset.chat;
  list.replaceChildren(...[...state.chats.values()].map(c => {
    const p = isPrivate(c) ? state.people.get(c.id) : null;
    const title = p ? p.name : c.title;
    const last = inChat(c.id).filter(m => !m.deleted).pop();
    const count = unread.get(c.id) || 0;
    const b = el('button', { type: 'button', onclick: () => open(c.id, 'chat') },
      el('span', { className: 'face', textContent: [...title][0] || '?', ariaHidden: 'true' }),
      el('span', { className: 'name' }, title, el('span', { className: 'lang', textContent: p ? tongues[p.lang] || p.lang || '' : t('group') })),
      count ? el('span', { className: 'unread', textContent: count }) : el('span'),
      el('span', { className: 'last', textContent: last ? preview(last) : t('empty') }));
    b.dataset.chat = c.id;
    b.firstChild.style.setProperty('--hue', hue(c.id));
    if (c.id === current) b.setAttribute('aria-current', 'true');
    return b;
  }));
  if (focused) {
    const again = list.querySelector(`[data-chat="${focused}"]`);
    if (again) again.focus();
  }
}

const hidden = m => (m.entities || []).filter(e => e.type === 'spoiler');
function preview(m) {
  if (m.service) return m.service;
  let text = m.text;
  for (const e of hidden(m)) text = text.slice(0, e.offset) + '•'.repeat(e.length) + text.slice(e.offset + e.length);
  return (m.document ? '📄 ' + m.document + ' ' : '') + (m.photo ? '🖼 ' + t('photo') + ' ' : '') + text.split('\n')[0];
}

// ---- the chat ----

function open(id, view) {
  if (current) drafts.set(current, $('input').value);
  const same = current === id;
  current = id;
  unread.delete(id);
  replying(0);
  if (view) document.body.dataset.view = view;
  if (id) history.replaceState(null, '', '#' + id);
  $('log').replaceChildren();
  for (const m of inChat(id)) put(m);
  if (!same) $('input').value = drafts.get(id) || '';
  grow();
  menu(false);
  showHead();
  showChats();
  showBusy();
  $('log').scrollTop = $('log').scrollHeight;
  if (view === 'chat' && matchMedia('(hover: hover)').matches) $('input').focus();
}

function showHead() {
  const c = chat();
  if (!c) return;
  const p = isPrivate(c) ? state.people.get(c.id) : null;
  $('title').textContent = c.title;
  $('subtitle').textContent = p
    ? `${p.name} → @${state.bot.username}` + (p.blocked ? ' · ' + t('blocked') : '')
    : t('members')((c.members || []).length);
  $('block').hidden = !p || !p.started;
  if (p) $('block').textContent = t(p.blocked ? 'unblock' : 'block');
  $('as-label').hidden = Boolean(p);
  if (!p) $('as').replaceChildren(...people(c).map(id => el('option', { value: id, textContent: state.people.get(id).name, selected: id === me() })));
  const fresh = p && !p.started;
  $('composer').hidden = fresh || c.closed;
  $('start').hidden = !fresh;
  $('start').textContent = t('start');
  $('menu-button').hidden = !commands().length;
  const about = $('log').querySelector('.about');
  if (about) about.remove();
  if (fresh && p.about) $('log').append(el('div', { className: 'about' }, el('b', { textContent: t('about') }), p.about));
}

// keepAtEnd lets the log follow its end, unless somebody reads further up.
function keepAtEnd(force, change) {
  const log = $('log');
  const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 80;
  change();
  if (atEnd || force) log.scrollTop = log.scrollHeight;
}

function put(m) {
  const id = 'm' + m.id;
  const old = $(id);
  const focused = old && old.contains(document.activeElement) ? document.activeElement : null;
  const next = draw(m);
  next.id = id;
  if (!old) {
    $('log').append(next);
    if (m.asksReply && inChat(m.chat).every(o => o.id <= m.id)) replying(m.id); // and nobody has answered yet
    return;
  }
  const shown = [...old.querySelectorAll('.spoiler.open')].length && old.querySelector('.text').textContent === next.querySelector('.text')?.textContent;
  old.replaceWith(next);
  if (shown) for (const s of next.querySelectorAll('.spoiler')) s.classList.add('open');
  if (focused) {
    const keys = [...next.querySelectorAll('.key')];
    const again = keys.find(k => k.dataset.data === focused.dataset.data) || keys[0];
    (again || $('input')).focus({ preventScroll: true });
  }
  if (m.deleted && replyTo === m.id) replying(0);
}

function draw(m) {
  if (m.service) return el('div', { className: 'service', textContent: m.service });
  const c = chat();
  const mine = m.from === me();
  const keys = m.keyboard || [];
  const box = el('div', { className: ['message', mine && 'mine', keys.length && 'keys', m.deleted && 'deleted'].filter(Boolean).join(' ') });
  const bubble = el('div', { className: 'bubble' });
  if (!isPrivate(c) && !mine) {
    const sender = el('div', { className: 'sender', textContent: m.name + (c.topics && m.thread ? ' · ' + c.topics[m.thread] : '') });
    sender.style.setProperty('--hue', hue(m.from));
    bubble.append(sender);
  }
  if (m.deleted) {
    bubble.append(t('deleted'));
    box.append(bubble);
    return box;
  }
  const quoted = m.replyTo && (state.messages.get(m.chat) || new Map()).get(m.replyTo);
  if (quoted && !quoted.service) bubble.append(el('div', { className: 'quote', textContent: quoted.deleted ? t('deleted') : quoted.name + ': ' + preview(quoted) }));
  if (m.document) bubble.append(el('div', { className: 'file' }, '📄 ', m.document));
  if (m.photo) bubble.append(el('div', { className: 'file' }, '🖼 ', t('photo')));
  const time = new Date(m.date).toLocaleTimeString(lang, { hour: '2-digit', minute: '2-digit' });
  const lock = m.protected ? el('span', { textContent: '🔒 ', title: t('protected') }) : '';
  bubble.append(el('div', { className: 'text' }, rich(m.text, m.entities || []),
    el('span', { className: 'meta' }, lock, (m.edited ? t('edited') + ' ' : '') + time)));
  box.append(bubble);
  if (!isPrivate(c) || m.asksReply) {
    box.append(el('button', { type: 'button', className: 'icon reply', textContent: '↩', ariaLabel: t('reply'), onclick: () => { replying(m.id); $('input').focus(); } }));
  }
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
  } else {
    e.dataset.data = b.data;
    e.dataset.message = m.id;
    e.onclick = () => act('tap', { user: me(), chat: m.chat, message: m.id, data: b.data });
  }
  return e;
}

// showBusy marks the buttons whose press the bot has not answered yet.
function showBusy() {
  const busy = new Set();
  for (const p of state.presses.values()) {
    if (!p.answered && p.user === me() && p.chat === current && Date.now() - Date.parse(p.at) < 15000) busy.add(p.message + ' ' + p.data);
  }
  for (const e of document.querySelectorAll('.key[data-data]')) {
    if (busy.has(e.dataset.message + ' ' + e.dataset.data)) e.setAttribute('aria-busy', 'true');
    else e.removeAttribute('aria-busy');
  }
}
setInterval(showBusy, 5000);

// ---- text ----

// rich makes nodes of a text and its entities, whose offsets count like strings do
// here. Nothing of the text is ever read as HTML.
function rich(text, entities) {
  const root = document.createDocumentFragment();
  fill(root, text, entities.slice().sort((a, b) => a.offset - b.offset || b.length - a.length), 0, text.length);
  return root;
}

function fill(parent, text, entities, from, to) {
  let at = from;
  let rest = entities;
  while (rest.length) {
    const [e, ...others] = rest;
    const start = Math.max(e.offset, at);
    const end = Math.min(e.offset + e.length, to);
    rest = others;
    if (start >= end) continue;
    parent.append(text.slice(at, start));
    const node = element(e, text.slice(start, end));
    fill(node.inner || node, text, others.filter(o => o.offset < end), start, end);
    parent.append(node);
    rest = others.filter(o => o.offset + o.length > end);
    at = end;
  }
  parent.append(text.slice(at, to));
}

function element(e, text) {
  switch (e.type) {
    case 'bold': return el('b');
    case 'italic': return el('i');
    case 'underline': return el('u');
    case 'strikethrough': return el('s');
    case 'blockquote':
    case 'expandable_blockquote': return el('blockquote');
    case 'text_link': return link(e.url, '');
    case 'url': return link(text, '');
    case 'code':
    case 'pre': {
      const code = el(e.type, { title: t('copy'), tabIndex: 0 });
      pressable(code, () => { if (!code.closest('.spoiler:not(.open)')) copy(text); });
      return code;
    }
    case 'spoiler': {
      const s = el('span', { className: 'spoiler', tabIndex: 0, title: t('spoiler') });
      s.setAttribute('role', 'button');
      s.setAttribute('aria-label', t('spoiler'));
      s.inner = el('span');
      s.append(s.inner);
      pressable(s, () => {
        s.classList.add('open');
        for (const a of ['role', 'aria-label', 'title', 'tabindex']) s.removeAttribute(a);
      }, true);
      return s;
    }
    case 'bot_command': {
      const a = el('a', { href: '#' + current });
      a.onclick = ev => { ev.preventDefault(); say(text); };
      return a;
    }
    default: return el('span');
  }
}

function pressable(e, run, capture) {
  e.addEventListener('click', ev => { if (capture && !e.classList.contains('open')) ev.stopPropagation(); run(); }, capture);
  e.addEventListener('keydown', ev => { if (ev.target === e && (ev.key === 'Enter' || ev.key === ' ')) { ev.preventDefault(); run(); } });
}

// link opens elsewhere; a link to the bot itself starts it here, as a client does.
function link(url, label) {
  const a = el('a', { textContent: label, rel: 'noopener noreferrer', target: '_blank' });
  let u = null;
  try { u = new URL(url); } catch { return a; }
  if (!['http:', 'https:', 'tg:'].includes(u.protocol)) return a;
  a.href = u.href;
  if (u.hostname === 't.me' && u.pathname.slice(1).toLowerCase() === (state.bot.username || '').toLowerCase()) {
    a.onclick = ev => {
      ev.preventDefault();
      const user = me();
      open(user, 'chat');
      act('send', { user, chat: user, text: ('/start ' + (u.searchParams.get('start') || '')).trim() });
    };
  }
  return a;
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast(t('copied'));
  } catch (err) {
    toast(t('failed') + err.message);
  }
}

let toastTimer;
function toast(text) {
  const box = $('toast');
  box.textContent = text;
  box.classList.add('shown');
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { box.textContent = ''; box.classList.remove('shown'); }, 4000);
}

function alertBox(text) {
  $('alert-text').textContent = text;
  if (!$('alert').open) $('alert').showModal();
}

// ---- writing ----

function replying(id) {
  replyTo = id;
  const m = id && (state.messages.get(current) || new Map()).get(id);
  $('replying').hidden = !m;
  $('reply-text').textContent = m ? preview(m) : '';
  $('input').placeholder = (m && m.placeholder) || t('message');
}

async function say(text) {
  const c = chat();
  if (!c || !text.trim()) return true;
  const target = replyTo && (state.messages.get(c.id) || new Map()).get(replyTo);
  const body = { user: me(), chat: c.id, text };
  if (target) body.message = replyTo;
  const done = await act(target ? 'reply' : 'send', body);
  if (done) replying(0);
  return Boolean(done);
}

async function submit() {
  const input = $('input');
  const text = input.value;
  input.value = '';
  grow();
  menu(false);
  if (!await say(text) && !input.value) { input.value = text; grow(); }
}

function grow() {
  const input = $('input');
  input.style.height = 'auto';
  input.style.height = input.scrollHeight + 'px';
}

const commands = () => (chat() && state.menus.get(key(current, me()))) || [];

function menu(shown, filter = '') {
  const box = $('menu');
  const list = commands().filter(c => c.command.startsWith(filter));
  box.hidden = !shown || !list.length;
  $('menu-button').setAttribute('aria-expanded', String(!box.hidden));
  if (box.hidden) return;
  const suffix = isPrivate(chat()) ? '' : '@' + state.bot.username;
  box.replaceChildren(...list.map((c, i) => {
    const b = el('button', { type: 'button', tabIndex: -1, onclick: () => { $('input').value = ''; menu(false); say('/' + c.command + suffix); $('input').focus(); } },
      el('span', { textContent: c.description }), el('span', { className: 'command', textContent: '/' + c.command }));
    b.setAttribute('role', 'option');
    b.setAttribute('aria-selected', String(i === 0));
    return b;
  }));
}

function moveInMenu(step) {
  const all = [...$('menu').children];
  const at = all.findIndex(b => b.getAttribute('aria-selected') === 'true');
  const next = (at + step + all.length) % all.length;
  all.forEach((b, i) => b.setAttribute('aria-selected', String(i === next)));
  all[next].scrollIntoView({ block: 'nearest' });
}

function translate() {
  document.documentElement.lang = lang;
  for (const e of document.querySelectorAll('[data-t]')) e.textContent = t(e.dataset.t);
  for (const e of document.querySelectorAll('[data-t-label]')) e.setAttribute('aria-label', t(e.dataset.tLabel));
  for (const e of document.querySelectorAll('[data-t-placeholder]')) e.placeholder = t(e.dataset.tPlaceholder);
  for (const b of document.querySelectorAll('[data-lang]')) b.setAttribute('aria-pressed', String(b.dataset.lang === lang));
}

$('composer').addEventListener('submit', e => { e.preventDefault(); submit(); });
$('input').addEventListener('input', () => {
  grow();
  const typed = /^\/([a-z0-9_]*)$/.exec($('input').value);
  menu(Boolean(typed), typed ? typed[1] : '');
});
$('input').addEventListener('keydown', e => {
  const shown = !$('menu').hidden;
  if (shown && (e.key === 'ArrowDown' || e.key === 'ArrowUp')) {
    e.preventDefault();
    moveInMenu(e.key === 'ArrowDown' ? 1 : -1);
  } else if (shown && e.key === 'Tab' && !e.shiftKey) {
    e.preventDefault();
    $('input').value = $('menu').querySelector('[aria-selected=true] .command').textContent + ' ';
    menu(false);
  } else if (e.key === 'Escape') {
    menu(false);
    replying(0);
  } else if (e.key === 'Enter' && !e.shiftKey && !e.isComposing) {
    e.preventDefault();
    const chosen = shown && $('menu').querySelector('[aria-selected=true]');
    if (chosen) chosen.click();
    else submit();
  }
});
$('menu-button').addEventListener('click', () => { menu($('menu').hidden); $('input').focus(); });
$('reply-off').addEventListener('click', () => { replying(0); $('input').focus(); });
$('start').addEventListener('click', async () => { await say('/start'); $('input').focus(); });
$('back').addEventListener('click', () => {
  document.body.dataset.view = 'list';
  const b = $('chats').querySelector('[aria-current=true]');
  if (b) b.focus();
});
$('block').addEventListener('click', () => act('block', { user: me(), blocked: !state.people.get(me()).blocked }));
$('as').addEventListener('change', e => { acting.set(current, Number(e.target.value)); open(current); });
for (const b of document.querySelectorAll('[data-lang]')) {
  b.addEventListener('click', () => {
    lang = b.dataset.lang;
    localStorage.setItem('lang', lang);
    translate();
    if (current) open(current);
  });
}

translate();
connect();
