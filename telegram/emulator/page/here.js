import { tell } from './dom.js';
import { lang } from './words.js';
import { world, chatsOf, isPrivate } from './world.js';

// Who this window is, and where: it stands in the address, so that every window has
// its own and keeps it when it is loaded again.
const asked = new URLSearchParams(location.search);
export const here = { as: Number(asked.get('as')) || 0, chat: Number(asked.get('chat')) || 0, topic: Number(asked.get('topic')) || 0 };

export const chat = () => world.chats.get(here.chat);

// go makes this window a person in a chat, of a topic if it is a forum.
export function go(as, chatID = as, topic = 0) {
  Object.assign(here, { as, chat: chatID, topic });
  const q = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(here)) value ? q.set(name, value) : q.delete(name);
  history.replaceState(null, '', '?' + q);
  tell('here');
}

// be changes who this window is: in the same chat when that person is there, too.
export function be(as) {
  const c = chat();
  go(as, c && !isPrivate(c) && chatsOf(as).includes(c) ? c.id : as);
}

// settle finds a place in the world for a window that has none.
export function settle() {
  const all = [...world.people.values()];
  if (!world.people.has(here.as)) here.as = (all.find(p => p.lang === lang) || all[0] || { id: 0 }).id;
  const there = chatsOf(here.as).some(c => c.id === here.chat);
  go(here.as, there ? here.chat : here.as, there ? here.topic : 0);
}

// view shows one of the panes where there is room for one only.
export function view(pane) {
  document.body.dataset.view = pane;
}
