import { $, el } from './dom.js';
import { t } from './words.js';
import { act, inChat, isPrivate, menuOf, message, world } from './world.js';
import { chat, here } from './here.js';
import { preview } from './list.js';

// Writing: the field, the menu of commands, and which message is answered.

let replyTo = 0;
let place = '';
const drafts = new Map();

// replying sets the message that is answered; 0 is none. only ends it for that one.
export function replying(id, only) {
  if (only && only !== replyTo) return;
  replyTo = id;
  const m = id && message(here.chat, id);
  $('replying').hidden = !m;
  $('reply-text').textContent = m ? preview(m) : '';
  $('input').placeholder = (m && m.placeholder) || t('message');
}

// reset makes the field that of the place where this window is now.
export function reset(asked) {
  const now = `${here.as} ${here.chat} ${here.topic}`;
  if (place !== now) {
    drafts.set(place, $('input').value);
    $('input').value = drafts.get(now) || '';
    place = now;
  }
  replying(asked);
  grow();
  menu(false);
}

export async function say(text) {
  const c = chat();
  if (!c || !text.trim()) return true;
  const body = { user: here.as, chat: c.id, text };
  const target = replyTo && message(c.id, replyTo);
  if (target) body.message = replyTo;
  else if (here.topic) body.thread = here.topic;
  const done = await act(target ? 'reply' : 'send', body);
  if (done && target) replying(0, target.id); // another one may have been chosen meanwhile
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
  if (input.scrollHeight) input.style.height = input.scrollHeight + 'px'; // 0 while it is hidden
}

function menu(shown, filter = '') {
  const c = chat();
  const box = $('menu');
  const list = c ? menuOf(c.id, here.as).filter(x => x.command.startsWith(filter)) : [];
  box.hidden = !shown || !list.length;
  $('menu-button').setAttribute('aria-expanded', String(!box.hidden));
  if (box.hidden) return;
  const suffix = isPrivate(c) ? '' : '@' + world.bot.username;
  box.replaceChildren(...list.map((x, i) => {
    const b = el('button', { type: 'button', tabIndex: -1, onclick: () => { $('input').value = ''; menu(false); say('/' + x.command + suffix); $('input').focus(); } },
      el('span', { textContent: x.description }), el('span', { className: 'command', textContent: '/' + x.command }));
    b.setAttribute('role', 'option');
    b.setAttribute('aria-selected', String(i === 0));
    return b;
  }));
}

const chosen = () => $('menu').querySelector('[aria-selected=true]');

function moveInMenu(step) {
  const all = [...$('menu').children];
  const next = (all.indexOf(chosen()) + step + all.length) % all.length;
  all.forEach((b, i) => b.setAttribute('aria-selected', String(i === next)));
  all[next].scrollIntoView({ block: 'nearest' });
}

// moveReply answers the message before or after the one that is answered.
function moveReply(step) {
  const all = inChat(here.chat, here.as).filter(m => !m.deleted && !m.service && !m.only && (!here.topic || m.thread === here.topic)).map(m => m.id);
  const at = replyTo ? all.indexOf(replyTo) : all.length;
  replying(all[at + step] || (step < 0 ? all[0] : 0));
}

$('composer').addEventListener('submit', e => { e.preventDefault(); submit(); });
new IntersectionObserver(grow).observe($('input')); // on a phone it is hidden at first
$('input').addEventListener('input', () => {
  grow();
  const typed = /^\/([a-z0-9_]*)$/.exec($('input').value);
  menu(Boolean(typed), typed ? typed[1] : '');
});
$('input').addEventListener('keydown', e => {
  const open = !$('menu').hidden;
  const arrow = { ArrowUp: -1, ArrowDown: 1 }[e.key];
  if (open && arrow) {
    e.preventDefault();
    moveInMenu(arrow);
  } else if (arrow && (e.ctrlKey || e.metaKey)) {
    e.preventDefault();
    moveReply(arrow);
  } else if (open && e.key === 'Tab' && !e.shiftKey) {
    e.preventDefault();
    $('input').value = chosen().querySelector('.command').textContent + ' ';
    menu(false);
  } else if (e.key === 'Escape') {
    if (open) menu(false);
    else replying(0);
  } else if (e.key === 'Enter' && !e.shiftKey && !e.isComposing) {
    e.preventDefault();
    if (open) chosen().click();
    else submit();
  }
});
$('menu-button').onclick = () => { menu($('menu').hidden); $('input').focus(); };
$('reply-off').onclick = () => { replying(0); $('input').focus(); };
