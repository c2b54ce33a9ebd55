// SPDX-License-Identifier: Apache-2.0
// The status page: the feed's state into the document, at most once a frame.
import { clock, make, replace, useZone } from './dom.js';
import { Feed } from './feed.js';
import { closedEntry, incidentCard } from './incident.js';
import { countsText, isStation, lineSections } from './stations.js';

const CLOSED_SHOWN = 10;
const RANK = ['critical', 'high', 'medium', 'low'];
const VALID_FOR_S = 15;

const state = { status: null, incidents: new Map(), closed: [], stations: new Map() };
const byId = (id) => document.getElementById(id);
let due = false;

function takeIncident(incident) {
  state.closed = state.closed.filter((other) => other.id !== incident.id);
  if (incident.state === 'closed') {
    state.incidents.delete(incident.id);
    state.closed = [incident, ...state.closed].slice(0, CLOSED_SHOWN);
  } else {
    state.incidents.set(incident.id, incident);
  }
}

function takeStations(stations) {
  for (const station of stations) state.stations.set(station.node, station);
}

function openIncidents() {
  return [...state.incidents.values()].sort((a, b) =>
    RANK.indexOf(a.priority) - RANK.indexOf(b.priority) || a.since.localeCompare(b.since));
}

function heading(incidents) {
  if (incidents.length === 0) return 'All is well';
  return incidents.length === 1 ? '1 open incident' : `${incidents.length} open incidents`;
}

function showHealth() {
  const validFor = (state.status?.valid_for_s ?? VALID_FOR_S) * 1000;
  const stale = feed.heardAt === null || Date.now() - feed.heardAt > validFor;
  const linkDown = state.status?.link && !state.status.link.up;
  document.body.classList.toggle('is-stale', stale);
  byId('stale').hidden = !stale && !linkDown;
  if (stale)
    byId('stale').textContent = feed.heardAt === null
      ? 'No data yet from the collector'
      : `No data since ${clock(feed.heardAt)}: the collector does not answer`;
  else if (linkDown)
    byId('stale').textContent = `No data since ${clock(state.status.link.since)}: no link to the broker`
      + ` (${state.status.link.reason})`;
}

function show() {
  due = false;
  showHealth();
  if (state.status === null) return;
  const incidents = openIncidents();
  const stations = [...state.stations.values()].filter(isStation);
  const word = state.status.andon;
  useZone(state.status.timezone);
  document.body.dataset.andon = word;
  document.title = `${word === 'green' ? '' : `${word.toUpperCase()} `}Stationwatch ${state.status.site ?? ''}`;
  byId('state').textContent = `${word.toUpperCase()} · ${heading(incidents)}`;
  byId('summary').textContent = `${state.status.site} · as of ${clock(state.status.as_of)}`;
  replace(byId('incidents'), incidents.map((incident, index) => incidentCard(incident, index > 0)));
  byId('counts').textContent = countsText(stations);
  replace(byId('lines'), lineSections(stations));
  byId('recent').hidden = state.closed.length === 0;
  replace(byId('closed'), state.closed.map(closedEntry));
  replace(byId('footer'), [make('span', '', `Stationwatch ${state.status.version ?? ''}`)]);
}

function showSoon() {
  if (due) return;
  due = true;
  requestAnimationFrame(show);
}

function onState({ status, incidents, stations }) {
  state.status = status;
  state.incidents.clear();
  state.closed = [];
  for (const incident of [...incidents].reverse()) takeIncident(incident);
  state.stations.clear();
  takeStations(stations);
  showSoon();
}

function onChange(kind, document) {
  if (kind === 'incident') takeIncident(document);
  else if (kind === 'stations') takeStations(document.stations);
  else state.status = { ...state.status, ...document };
  showSoon();
}

const feed = new Feed(onState, onChange);
feed.start();
// Staleness and ages move on without news.
setInterval(showHealth, 1000);
setInterval(showSoon, 10000);
