import { $, el, on } from '../dom.js';
import { lang, t, translate } from '../words.js';
import { world } from '../world.js';
import { start } from './guide.js';
import { crash, order, promo, team } from './scripts.js';

// The list of tours, below the chats. A link works in a window of its own, too.

const tours = { order, promo, crash, team };

const address = name => `?tour=${name}&lang=${lang}`;

function begin(name) {
  if (tours[name]) start(t('tour_' + name), tours[name]);
}

export function drawTours() {
  const title = el('h2', { id: 'tours-title' });
  title.dataset.t = 'tours';
  const links = Object.keys(tours).map(name => {
    const a = el('a', { href: address(name), id: 'tour-' + name, onclick: e => {
      if (e.ctrlKey || e.metaKey || e.shiftKey) return;
      e.preventDefault();
      begin(name);
    } }, el('span', { textContent: '▶', ariaHidden: 'true' }), el('span'));
    a.lastChild.dataset.t = 'tour_' + name;
    on('language', () => { a.href = address(name); });
    return el('li', {}, a);
  });
  const login = el('p', { className: 'soft' });
  login.dataset.t = 'demo_login';
  const box = el('section', { id: 'tours' }, login, title, el('ul', {}, ...links));
  box.setAttribute('aria-labelledby', title.id);
  $('below-chats').replaceChildren(box);
  translate(box);
  on('language', () => translate(box));

  const q = new URLSearchParams(location.search);
  const asked = q.get('tour');
  if (!asked) return;
  q.delete('tour'); // so that loading the page again does not begin it again
  history.replaceState(null, '', '?' + q);
  if (world.people.size) begin(asked);
}
