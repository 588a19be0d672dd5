// Short words for the document.

export const $ = id => document.getElementById(id);

export function el(tag, props = {}, ...children) {
  const e = Object.assign(document.createElement(tag), props);
  e.append(...children.filter(c => c !== null && c !== undefined && c !== ''));
  return e;
}

// icon draws a path of 24 by 24, which says nothing to those who do not see it.
export function icon(path) {
  const ns = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(ns, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  const p = document.createElementNS(ns, 'path');
  p.setAttribute('d', path);
  svg.append(p);
  return svg;
}

// redraw puts children in place of what was there, and leaves the focus on the one
// with the same data-key.
export function redraw(parent, children) {
  const focused = parent.contains(document.activeElement) && document.activeElement.dataset.key;
  parent.replaceChildren(...children);
  const again = focused && parent.querySelector(`[data-key="${CSS.escape(focused)}"]`);
  if (again) again.focus({ preventScroll: true });
}

// tell lets everybody know that something is different: "world" of what the server
// sent, "here" of who is where in this window, "language" of the page's words.
export const tell = (what, detail) => document.dispatchEvent(new CustomEvent(what, { detail }));
export const on = (what, run) => document.addEventListener(what, e => run(e.detail));
