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

export function clock(time) {
  return time ? new Date(time).toLocaleTimeString([], { hour12: false }) : '–';
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
