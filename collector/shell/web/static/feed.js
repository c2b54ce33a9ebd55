// SPDX-License-Identifier: Apache-2.0
// The live feed: the state once at every connection, then its changes; and how old the news is.

const RETRY_MS = 5000;

async function read(path) {
  const response = await fetch(path, { cache: 'no-store' });
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.json();
}

/**
 * Calls onState({status, incidents, stations}) with whole documents, onChange(kind, document) with
 * changes, and keeps heardAt.
 */
export class Feed {
  constructor(onState, onChange) {
    this.onState = onState;
    this.onChange = onChange;
    this.heardAt = null;
    this.loading = false;
  }

  start() {
    const source = new EventSource('/api/v1/events');
    source.addEventListener('open', () => this.load());
    source.addEventListener('error', () => {
      // After an answer that is no stream (too many readers) the browser does not try again.
      if (source.readyState === EventSource.CLOSED) setTimeout(() => this.start(), RETRY_MS);
    });
    source.addEventListener('reload', () => this.load());
    for (const kind of ['incident', 'status', 'stations']) {
      source.addEventListener(kind, (event) => {
        this.heardAt = Date.now();
        this.onChange(kind, JSON.parse(event.data));
      });
    }
  }

  async load() {
    if (this.loading) return;
    this.loading = true;
    try {
      const [status, incidents, stations] = await Promise.all([
        read('/api/v1/status'), read('/api/v1/incidents?limit=10'), read('/api/v1/stations')]);
      this.heardAt = Date.now();
      this.onState({ status, incidents: incidents.incidents, stations: stations.stations });
    } catch (error) {
      console.warn(error.message); // the page says how old its data is
    } finally {
      this.loading = false;
    }
  }
}
