// SPDX-License-Identifier: Apache-2.0
// One incident as a card that can be read from across a hall.
import { ago, clock, make, unique } from './dom.js';

const TIMELINE_SHOWN = 12;

function row(list, name, value, className) {
  if (!value) return;
  list.append(make('dt', '', name), make('dd', className, value));
}

function section(title, tag, entries) {
  if (entries.length === 0) return null;
  return make('div', '', make('h3', '', title),
    make(tag, '', ...entries.map((entry) => make('li', '', entry))));
}

function scopeText(scope) {
  const labels = Object.entries(scope.by_label ?? {}).map(([label, count]) => `${label}: ${count}`);
  const lines = labels.length > 0 ? ` (${labels.join(', ')})` : '';
  return `${scope.affected} of ${scope.total} stations, ${scope.confirmed} with evidence of their own${lines}`;
}

function facts(incident) {
  const list = make('dl', '');
  row(list, 'Cause', incident.cause);
  row(list, 'Why', incident.why?.text);
  row(list, 'Since', `${clock(incident.since)} (${ago(incident.since)})`);
  row(list, 'Scope', scopeText(incident.scope));
  row(list, 'Owner', incident.owner);
  row(list, 'Action', incident.action, 'action');
  row(list, 'Consequence', incident.consequence);
  row(list, 'Acknowledged', incident.acknowledged?.by &&
    `${incident.acknowledged.by}, ${clock(incident.acknowledged.at)} ${incident.acknowledged.comment}`);
  row(list, 'Repaired', incident.resolved_at && clock(incident.resolved_at));
  return list;
}

/** `brief`: without the lists, so that the worst incident keeps the wall. */
export function incidentCard(incident, brief) {
  const percent = (probability) => `${Math.round(probability * 100)} %`;
  return make('article', `incident ${incident.priority}`,
    make('h2', '', incident.headline),
    make('p', 'quiet', `${incident.code} · ${incident.component} · ${incident.state.replaceAll('_', ' ')} · `
      + `${percent(incident.confidence)} sure · ${incident.id}`),
    facts(incident),
    ...(brief ? [] : details(incident, percent)));
}

function details(incident, percent) {
  return [
    section('Ruled out', 'ul', unique(
      incident.ruled_out.map((entry) => `${entry.path}: ${entry.because}`))),
    section('Could also be', 'ul', incident.alternatives.map(
      (entry) => `${entry.code} ${entry.component} (${percent(entry.probability)})`)),
    section('Evidence', 'ul', incident.evidence.map(
      (entry) => [entry.node, entry.text].filter(Boolean).join(': '))),
    section('Timeline', 'ol', incident.timeline.slice(-TIMELINE_SHOWN).map(
      (entry) => `${clock(entry.at)} ${entry.text}`)),
  ];
}

export function closedEntry(incident) {
  const link = make('a', '', 'report');
  link.href = `/api/v1/incidents/${encodeURIComponent(incident.id)}/report`;
  return make('li', '', `${clock(incident.since)} ${incident.headline} – ${incident.component}, `, link);
}
