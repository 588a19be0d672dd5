import { $, el } from '../dom.js';
import { t } from '../words.js';
import { toast } from '../notice.js';
import { command } from './vendor.js';

// What the parts of the panel that make trouble are drawn with.

// part is a foldable part of the panel with a title.
export function part(id, name, ...inside) {
  const title = el('summary');
  title.dataset.t = name;
  return el('details', { id, className: 'trouble' }, title, ...inside);
}

// press is a button of which the word is known by its id.
export function press(name, onclick) {
  const b = el('button', { type: 'button', id: 'knob-' + name, onclick });
  b.dataset.t = 'knob_' + name;
  return b;
}

// once is a button that does something and says so.
export const once = (name, turn) => press(name, async () => { if (await turn()) toast(t('did') + t('knob_' + name)); });

function select(id, label, names) {
  const s = el('select', { id }, ...names.map(n => {
    const o = el('option', { value: n });
    o.dataset.t = n;
    return o;
  }));
  const word = el('span');
  word.dataset.t = label;
  return el('label', {}, word, ' ', s);
}

const same = (a, b, ...keys) => keys.every(k => (a[k] || '') === (b[k] || ''));
const nameOf = (table, like) => Object.keys(table).find(n => like(table[n])) || '';

// Arming is a form that has a fault of some kind hit the next call to some target,
// and the list of what was armed so. prefix makes its ids its own.
export class Arming {
  constructor(prefix, targets, kinds) {
    Object.assign(this, { prefix, targets, kinds });
  }

  draw() {
    const id = name => this.prefix + name;
    const arm = el('button', { type: 'submit', id: id('arm') });
    arm.dataset.t = 'arm';
    const form = el('form', {}, select(id('target'), 'next_call', Object.keys(this.targets)), select(id('kind'), 'will', Object.keys(this.kinds)), arm);
    form.onsubmit = async e => {
      e.preventDefault();
      const { func, match } = this.targets[$(id('target')).value];
      await command('fault', { ...this.kinds[$(id('kind')).value], func, match });
    };
    return [form, el('ul', { id: id('armed'), className: 'armed' })];
  }

  // kindOf names the kind of a fault; '' if it is none of these.
  kindOf(f) { return nameOf(this.kinds, x => same(x, f, 'kind', 'effect', 'expire', 'shape', 'status', 'errorType')); }

  show(faults) {
    $(this.prefix + 'armed').replaceChildren(...faults.map(f => {
      const target = nameOf(this.targets, x => same(x, f, 'func') && JSON.stringify(x.match || {}) === JSON.stringify(f.match || {}));
      const kind = this.kindOf(f);
      const text = `${target ? t(target) : f.func} → ${kind ? t(kind) : f.kind}`;
      const off = el('button', { type: 'button', textContent: t('disarm'), onclick: () => command('remove', { id: f.id }) });
      return el('li', {}, el('span', {}, text, ' · ', el('span', { className: 'soft', textContent: t('hits', f.hits) })), off);
    }));
  }
}
