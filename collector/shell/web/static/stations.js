// SPDX-License-Identifier: Apache-2.0
// The stations as tiles, line by line.
import { ago, make } from './dom.js';

const PRESENCES = ['on', 'off', 'presumed_off', 'silent', 'unknown', 'pending'];
const WORDS = { presumed_off: 'presumed off' };

export function isStation(node) {
  return node.role !== 'ROLE_SERVER';
}

export function countsText(stations) {
  const counts = new Map();
  for (const station of stations)
    counts.set(station.presence, (counts.get(station.presence) ?? 0) + 1);
  const parts = PRESENCES.filter((presence) => counts.has(presence))
    .map((presence) => `${counts.get(presence)} ${WORDS[presence] ?? presence}`);
  return `${stations.length} stations: ${parts.join(', ') || 'none yet'}`;
}

function word(outcome) {
  return outcome.replace('OUTCOME_', '').toLowerCase();
}

function tile(station) {
  const failed = station.last_fetch !== null && station.last_fetch !== 'OUTCOME_OK';
  const trouble = station.presence === 'on' && (failed || station.incident !== null);
  const name = station.labels.name ?? station.node;
  const state = failed && trouble ? word(station.last_fetch) : WORDS[station.presence] ?? station.presence;
  const element = make('li', `tile ${station.presence}${trouble ? ' trouble' : ''}`,
    state === 'on' ? name : `${name}: ${state}`);
  element.title = [station.node, station.last_heard && `heard ${ago(station.last_heard)} ago`,
    station.last_fetch && `last fetch ${word(station.last_fetch)}`, station.incident]
    .filter(Boolean).join(', ');
  return element;
}

export function lineSections(stations) {
  const lines = new Map();
  for (const station of stations) {
    const line = station.labels.line ?? '';
    if (!lines.has(line)) lines.set(line, []);
    lines.get(line).push(station);
  }
  return [...lines.keys()].sort((a, b) => a.localeCompare(b, undefined, { numeric: true }))
    .map((line) => {
      const members = lines.get(line);
      const on = members.filter((station) => station.presence === 'on').length;
      return make('div', 'line',
        make('h3', '', `${line === '' ? 'No line' : `Line ${line}`} · ${on} of ${members.length} on`),
        make('ul', 'tiles', ...members.map(tile)));
    });
}
