// SPDX-License-Identifier: Apache-2.0
// Elements from data. Text only ever becomes text nodes, so that nothing a station sends is markup.

/** An element with a class, and children that are elements or text. */
export function make(tag, className, ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

export function replace(parent, children) {
  parent.replaceChildren(...children);
}

let zone;

/** From now on times are shown in the site's zone, by its name as Europe/Berlin. */
export function useZone(name) {
  zone = name;
}

/** The time of day at the site; with the date when it was not today. */
export function clock(time) {
  if (!time) return '–';
  const at = new Date(time);
  const options = { hour12: false, timeZone: zone };
  const day = at.toLocaleDateString([], options);
  const today = new Date().toLocaleDateString([], options);
  return `${day === today ? '' : `${day} `}${at.toLocaleTimeString([], options)}`;
}

/** Each text once. */
export function unique(texts) {
  return [...new Set(texts)];
}

/** "4 s", "12 min", "3 h 5 min", "2 d 4 h" between a time and now. */
export function ago(time, now = Date.now()) {
  const seconds = Math.max(0, Math.round((now - new Date(time)) / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}
