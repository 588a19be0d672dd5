import { $, el, on } from '../dom.js';
import { lang, t, translate } from '../words.js';
import { inChat, isPrivate, world } from '../world.js';
import { go, here, view } from '../here.js';
import { panelShown } from '../main.js';
import { anew, vendor } from './vendor.js';

// A guide shows a tour: it presses and writes as a person would, slowly enough to
// watch, and says what to look at. It can be paused, stepped and stopped.

const ended = new Error('the tour was ended');
const patience = 60000; // milliseconds that something may take to show

let now = null; // the guide of the tour that runs
let speed = Number(new URLSearchParams(location.search).get('speed')) || 1;

// ---- what a tour is written with ----

class Guide {
  constructor(title) {
    this.title = title;
    this.paused = false;
    this.over = false;
    this.text = null;
    this.wake = () => {};
    this.world = 0; // its number, once this window shows it
  }

  // anew has a world made in which nobody has done anything yet, and is somebody in it.
  async anew() {
    this.text = { en: 'A clean demo is being made for the tour…', ru: 'Для экскурсии готовится чистое демо…' };
    showText();
    if ($('alert').open) $('alert').close();
    const before = resets;
    const made = await anew(lang);
    if (!made) throw ended;
    await this.until(() => resets > before && vendor.world >= made.world && vendor.bot.up, t('up'));
    this.world = vendor.world;
    this.people = [...world.people.values()];
    this.team = [...world.chats.values()].find(c => !isPrivate(c) && !c.topics);
    this.be(this.people.find(p => p.lang === lang) || this.people[0]);
  }

  // be goes on as somebody, in their own chat with the bot or in another one.
  be(person, chat) {
    this.person = person;
    go(person.id, chat && chat.id);
    view('chat');
  }

  // word picks from a word in English and in Russian the one that the bot uses.
  word(en, ru) { return this.person.lang === 'ru' ? ru : en; }

  // seconds writes a time for the vendor as long as the tour's speed makes it.
  seconds(n) { return n / speed + 's'; }

  // say tells what happens, in English and in Russian, and lets people read.
  async say(en, ru) {
    this.text = { en, ru };
    showText();
    await this.rest(1200 + 50 * this.text[lang].length);
  }

  // look says what to look at and shows where. find returns the element.
  async look(find, en, ru) {
    const e = await this.until(find, en);
    show(e);
    point(find);
    await this.say(en, ru);
    point(null);
  }

  // press presses a button of the chat by a part of what is written on it.
  async press(label) { await this.click(() => key(label), label); }

  // click presses whatever find returns.
  async click(find, what) {
    const e = await this.until(find, what);
    show(e);
    point(find);
    await this.rest(1100);
    const target = await this.until(find, what); // what was found first may have been drawn anew
    point(null);
    target.click();
  }

  // write types a text into the chat and sends it.
  async write(text) {
    view('chat');
    const input = await this.until(() => !$('composer').hidden && $('input'), t('message'));
    point(() => input);
    for (let i = 1; i <= text.length; i += text.length > 40 ? 4 : 1) {
      input.value = text.slice(0, i);
      await this.rest(45);
    }
    input.value = text;
    input.dispatchEvent(new Event('change'));
    await this.rest(300);
    point(null);
    const before = inChat(here.chat, here.as).length;
    $('send').click();
    await this.until(() => inChat(here.chat, here.as).length > before, text);
  }

  // sees waits until the bot's newest message has one of these texts or buttons,
  // and returns which.
  async sees(...texts) {
    return this.until(() => {
      const last = newest();
      return last && texts.find(x => last.textContent.includes(x));
    }, texts.join(', '));
  }

  // until waits for something that is true.
  async until(find, what) {
    for (const began = Date.now(); ;) {
      if (this.over) throw ended;
      const found = find();
      if (found) return found;
      if (Date.now() - began > patience) throw new Error(what);
      await new Promise(done => setTimeout(done, 40));
    }
  }

  // rest lets time pass at the tour's speed, and holds it while it is paused.
  async rest(ms) {
    if (this.over) throw ended;
    await new Promise(done => {
      this.wake = done;
      if (!this.paused) setTimeout(done, ms / speed);
    });
    if (this.over) throw ended;
  }

  backstage() {
    if (!matchMedia('(max-width: 700px)').matches) panelShown(true);
  }

  pause(paused) {
    this.paused = paused;
    if (!paused) this.wake();
    showControls();
  }

  step() {
    if (!this.paused) this.pause(true);
    this.wake();
  }

  end() {
    this.over = true;
    this.wake();
  }
}

// ---- what it looks for on the page ----

const newest = () => [...document.querySelectorAll('#log .message.bot:not(.deleted)')].pop();

// key is the newest button with just that text, or else with that text in it.
function key(label) {
  const all = [...document.querySelectorAll('#log .key')].reverse();
  return all.find(k => k.textContent === label) || all.find(k => k.textContent.includes(label));
}

// button is the newest button of the chat with that text on it.
export const button = key;

// card is the bot's newest message.
export const card = () => newest();

// call is the vendor's newest call of a step of an order.
export const call = step => [...document.querySelectorAll(`.call[data-step="${step}"]`)].pop();

export const bot = () => vendor.bot;

// pane is what scrolls around an element, if anything does.
const pane = e => e.closest('#log, #panel');

// show brings an element into sight: all of it, or its beginning.
function show(e) {
  showPane(e);
  const around = pane(e);
  const long = around && e.offsetHeight > around.clientHeight;
  e.scrollIntoView({ block: long ? 'start' : 'nearest' });
}

function showPane(e) {
  if (e.closest('#panel')) {
    if ($('panel').hidden) panelShown(true);
    view('panel');
  } else if (e.closest('main')) view('chat');
}

let resets = 0; // how often the chats were sent whole
on('world', news => { if (news.reset) resets++; });

// A tour that another window begins ends this one: its world is gone.
on('vendor', () => { if (now && now.world && now.world !== vendor.world) stop(); });

// ---- the bar and the ring ----

let target = null;
function point(find) {
  target = find;
  if (!$('ring')) {
    document.body.append(el('div', { id: 'ring', popover: 'manual', ariaHidden: 'true' }));
    follow();
  }
  $('ring').hidePopover();
  if (find) $('ring').showPopover(); // above whatever has been opened since
}

function follow() {
  const ring = $('ring');
  if (!ring) return;
  const e = target && target();
  const box = e && e.getBoundingClientRect();
  ring.hidden = !box || !box.width;
  if (!ring.hidden) {
    const gap = 4;
    const sight = (pane(e) || document.documentElement).getBoundingClientRect(); // what is longer is not ringed beyond it
    const top = Math.max(box.top - gap, sight.top);
    const bottom = Math.min(box.bottom + gap, sight.bottom);
    Object.assign(ring.style, {
      left: box.left - gap + 'px', top: top + 'px', width: box.width + 2 * gap + 'px', height: Math.max(0, bottom - top) + 'px',
    });
  }
  requestAnimationFrame(follow);
}

function showText() {
  if ($('tour') && now) $('tour-text').textContent = now.text ? now.text[lang] : '';
}

function showControls() {
  if (!$('tour') || !now) return;
  $('tour-pause').textContent = t(now.paused ? 'resume' : 'pause');
}

function drawBar() {
  if ($('tour')) $('tour').remove();
  const button = (id, word, run) => {
    const b = el('button', { type: 'button', id, onclick: run });
    b.dataset.t = word;
    return b;
  };
  const pace = el('select', { id: 'tour-speed', onchange: e => { speed = Number(e.target.value); } },
    ...[...new Set([0.5, 1, 2, 4, speed])].sort((a, b) => a - b).map(s => el('option', { value: s, textContent: s + '×', selected: s === speed })));
  pace.dataset.tLabel = 'speed';
  const text = el('p', { id: 'tour-text' });
  text.setAttribute('role', 'status');
  const bar = el('section', { id: 'tour' }, text,
    el('div', { id: 'tour-controls' },
      button('tour-pause', 'pause', () => now.pause(!now.paused)),
      button('tour-step', 'step', () => now.step()),
      pace,
      button('tour-stop', 'stop', () => stop())));
  bar.dataset.tLabel = 'tour';
  document.body.prepend(bar);
  translate(bar);
}

function close() {
  point(null);
  for (const id of ['tour', 'ring']) if ($(id)) $(id).remove();
}

// stop ends the tour that runs.
export function stop() {
  if (now) now.end();
  now = null;
  close();
}

// start shows a tour, in place of one that runs.
export async function start(title, script) {
  stop();
  const guide = new Guide(title);
  now = guide;
  drawBar();
  try {
    await guide.anew();
    await script(guide);
    guide.text = { en: '', ru: '' };
    finish(guide, t('ended'));
  } catch (err) {
    if (err !== ended) finish(guide, t('stuck') + err.message);
  }
}

// finish leaves the last words until they are closed.
function finish(guide, words) {
  if (now !== guide) return;
  point(null);
  $('tour-text').textContent = words;
  for (const id of ['tour-pause', 'tour-step', 'tour-speed']) $(id).remove();
  $('tour-stop').dataset.t = 'close';
  $('tour-stop').textContent = t('close');
  $('tour').dataset.over = words === t('ended') ? 'well' : 'stuck';
  now = null;
}

on('language', () => {
  if (!$('tour')) return;
  translate($('tour'));
  showText();
  showControls();
});
