import { $, el } from '../dom.js';
import { t } from '../words.js';
import { stepOf } from './vendor.js';

// Each call of the vendor's API as it happens. The three of an order stand out.

const open = new Set(); // numbers of the calls that are unfolded
const drawn = new Map(); // number → what it was drawn from

function state(c) {
  if (!c.finished) return ['waits', t('waits')];
  if (!c.status) return ['bad', t('lost')];
  const refused = /"error":\s*{/.test(c.response.slice(0, 600));
  return [c.status === 200 && !c.fault && !refused ? 'good' : 'bad', refused ? '✗' : String(c.status)];
}

function took(c) {
  return c.finished && c.ended ? t('ms', Math.max(0, Date.parse(c.ended) - Date.parse(c.time))) : '';
}

function pretty(text) {
  try { return JSON.stringify(JSON.parse(text), null, 2); } catch { return text; }
}

function draw(c) {
  const step = stepOf(c);
  const [kind, word] = state(c);
  const details = el('details', { open: open.has(c.number) },
    el('summary', {},
      step ? el('span', { className: 'badge', textContent: step }) : '',
      el('span', { className: 'func', textContent: c.func }),
      step ? el('span', { className: 'what', textContent: t('step' + step) }) : '',
      el('span', { className: 'took', textContent: took(c) }),
      el('span', { className: 'state ' + kind, textContent: word })),
    el('h4', { textContent: t('request') }),
    el('pre', { tabIndex: 0, textContent: c.fields.map(f => `${f.name}=${f.value}`).join('\n') }),
    el('h4', { textContent: t('response') }),
    el('pre', { tabIndex: 0, textContent: c.finished ? pretty(c.response) || t('lost') : t('waits') }));
  details.ontoggle = () => details.open ? open.add(c.number) : open.delete(c.number);
  const li = el('li', { id: 'call' + c.number, className: step ? 'call step' : 'call' }, details);
  li.dataset.step = step;
  return li;
}

export function showCalls({ calls }) {
  for (const n of open) if (!calls.has(n)) open.delete(n); // those of a world that is gone
  const list = $('calls-list');
  const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
  const only = $('only-order').checked;
  const wanted = [...calls.values()].sort((a, b) => a.number - b.number).filter(c => !only || stepOf(c)).slice(-200);
  const ids = new Set(wanted.map(c => 'call' + c.number));
  for (const li of [...list.children]) if (!ids.has(li.id)) li.remove();
  // What has not changed is not moved: a press on what moves is lost.
  let at = list.firstElementChild;
  for (const c of wanted) {
    const from = document.documentElement.lang + JSON.stringify(c);
    const old = $('call' + c.number);
    if (old && drawn.get(c.number) === from) {
      if (old === at) at = at.nextElementSibling;
      else list.insertBefore(old, at);
      continue;
    }
    drawn.set(c.number, from);
    if (old && old === at) at = at.nextElementSibling;
    if (old) old.remove();
    list.insertBefore(draw(c), at);
  }
  if (!wanted.length) list.append(el('li', { className: 'soft', textContent: t('no_calls') }));
  if (atEnd) list.scrollTop = list.scrollHeight;
}
