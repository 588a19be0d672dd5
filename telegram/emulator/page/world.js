import { $, tell } from './dom.js';
import { t } from './words.js';
import { toast } from './notice.js';
import { share } from './stream.js';

// What the server streams, and acting through it. It sends things whole and in
// order, so taking one is always: replace what was there.
export const world = {
  bot: {}, panel: false,
  people: new Map(), chats: new Map(), messages: new Map(), presses: new Map(), menus: new Map(),
};

export const isPrivate = c => c.type === 'private';
export const inChat = (id, as) => [...(world.messages.get(id) || new Map()).values()].filter(m => sees(as, m));
export const sees = (as, m) => !m.only || m.only === as;
export const message = (chat, id) => (world.messages.get(chat) || new Map()).get(id);
export const menuOf = (chat, person) => world.menus.get(chat + ' ' + person) || [];

// chatsOf lists the chats that a person is in.
export const chatsOf = person => [...world.chats.values()].filter(c => (c.members || []).includes(person));

// act does something as a person; it returns null and says why when it cannot be.
export async function act(what, body) {
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

export function connect() {
  share('sim/events', 'sim/state', take, lost => { $('offline').hidden = !lost; });
}

function take(v) {
  const news = { reset: v.reset, fresh: [], messages: v.messages || [], answered: [] };
  if (v.reset) for (const m of [world.people, world.chats, world.messages, world.presses, world.menus]) m.clear();
  world.bot = v.bot;
  world.panel = v.panel;
  for (const p of v.people || []) world.people.set(p.id, p);
  for (const c of v.chats || []) {
    const until = Object.entries(c.typing || {}).map(([thread, left]) => [Number(thread), Date.now() + left]);
    world.chats.set(c.id, { ...c, typing: new Map(until) });
  }
  for (const m of v.menus || []) world.menus.set(m.chat + ' ' + m.user, m.commands);
  for (const m of news.messages) {
    if (!world.messages.has(m.chat)) world.messages.set(m.chat, new Map());
    const known = world.messages.get(m.chat);
    if (!known.has(m.id)) news.fresh.push(m);
    known.set(m.id, m);
  }
  for (const p of v.presses || []) {
    const before = world.presses.get(p.id);
    world.presses.set(p.id, p);
    if (!v.reset && p.answered && !(before && before.answered)) news.answered.push(p);
  }
  tell('world', news);
}
