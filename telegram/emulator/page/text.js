import { el } from './dom.js';
import { t, lang } from './words.js';
import { toast } from './notice.js';
import { act, world } from './world.js';
import { go, here, view } from './here.js';

// rich makes nodes of a text and its entities, whose offsets count like strings do
// here. Nothing of the text is ever read as HTML.
export function rich(text, entities, say) {
  const root = document.createDocumentFragment();
  fill(root, text, entities.slice().sort((a, b) => a.offset - b.offset || b.length - a.length), 0, text.length, say);
  return root;
}

function fill(parent, text, entities, from, to, say) {
  let at = from;
  let rest = entities;
  while (rest.length) {
    const [e, ...others] = rest;
    const start = Math.max(e.offset, at);
    const end = Math.min(e.offset + e.length, to);
    rest = others;
    if (start >= end) continue;
    parent.append(text.slice(at, start));
    const node = element(e, text.slice(start, end), say);
    fill(node.inner || node, text, others.filter(o => o.offset < end), start, end, say);
    parent.append(node);
    rest = others.filter(o => o.offset + o.length > end);
    at = end;
  }
  parent.append(text.slice(at, to));
}

const moment = new Intl.DateTimeFormat(lang, { dateStyle: 'long', timeStyle: 'short' });

function element(e, text, say) {
  switch (e.type) {
    case 'bold': return el('b');
    case 'italic': return el('i');
    case 'underline': return el('u');
    case 'strikethrough': return el('s');
    case 'blockquote':
    case 'expandable_blockquote': return el('blockquote');
    case 'text_link': return link(e.url, '');
    case 'url': return link(text, '');
    case 'date_time': { // in the reader's own zone; what was sent stands in for it elsewhere
      const at = new Date(e.unix_time * 1000);
      const time = el('time', { dateTime: at.toISOString(), title: text, textContent: moment.format(at) });
      time.inner = el('span');
      return time;
    }
    case 'code':
    case 'pre': {
      const code = el(e.type, { title: t('copy'), tabIndex: 0 });
      code.setAttribute('role', 'button');
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
      const a = el('a', { href: '#' });
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
export function link(url, label) {
  const a = el('a', { textContent: label, rel: 'noopener noreferrer', target: '_blank' });
  let u = null;
  try { u = new URL(url); } catch { return a; }
  if (!['http:', 'https:', 'tg:'].includes(u.protocol)) return a;
  a.href = u.href;
  if (u.hostname === 't.me' && u.pathname.slice(1).toLowerCase() === (world.bot.username || '').toLowerCase()) {
    a.onclick = ev => {
      ev.preventDefault();
      go(here.as);
      view('chat');
      act('send', { user: here.as, chat: here.as, text: ('/start ' + (u.searchParams.get('start') || '')).trim() });
    };
  } else if (u.hostname === 't.me' && u.pathname === '/share/url') {
    // A client asks whom to send it to; here it can be pasted into any chat.
    a.onclick = ev => { ev.preventDefault(); copy(u.searchParams.get('url') || ''); };
  }
  return a;
}

export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast(t('copied'));
  } catch (err) {
    toast(t('failed') + err.message);
  }
}
