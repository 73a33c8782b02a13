// The document's elements. Everything shown is set as text.

export const find = (selector, within = document) => within.querySelector(selector);
export const all = (selector, within = document) => [...within.querySelectorAll(selector)];

export const element = (name, text, className = "") =>
  Object.assign(document.createElement(name), { textContent: text, className });
