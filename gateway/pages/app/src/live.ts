import { h } from './dom';
import { count, rate } from './format';
import type { Status } from './events';

/** The picture of what is here: a strip of parts. */
export function strip(): { element: HTMLElement; draw(map: string | undefined): void } {
  const element = h('div', { class: 'strip', role: 'img', 'aria-label': 'What is here' });
  element.hidden = true;
  return {
    element,
    draw(map) {
      element.hidden = !map;
      if (!map) return;
      const all = [...map].filter((c) => c === '2').length, some = [...map].filter((c) => c !== '0').length;
      element.setAttribute('aria-label', all === map.length ? 'All of it is here' : `${Math.round(100 * all / map.length)} % of it is here${some > all ? ', and parts of more' : ''}`);
      const colours: Record<string, string> = { 0: 'transparent', 1: 'var(--some)', 2: 'var(--all)' };
      const runs = [...map.matchAll(/(.)\1*/g)].map((run) => `${colours[run[1]!] ?? 'transparent'} ${100 * run.index / map.length}% ${100 * (run.index + run[0].length) / map.length}%`);
      element.style.backgroundImage = `linear-gradient(to right, ${runs.join(', ')})`;
    },
  };
}

/** How a swarm is, in one line. */
export function swarmLine(s: Status, what = ''): string {
  const parts: string[] = [];
  if (s.map) {
    const all = [...s.map].filter((c) => c === '2').length;
    parts.push(all === s.map.length ? `all ${what || 'of it'} is here` : `${Math.floor(100 * all / s.map.length)} % ${what ? what + ' ' : ''}here`);
  }
  if (s.connected) parts.push(`${count(s.connected, 'peer')}${s.seeds ? ` (${s.seeds} with all of it)` : ''}`);
  else if (s.known) parts.push(`${count(s.known, 'peer')} known, none connected`);
  if (s.down) parts.push(`↓ ${rate(s.down)}`);
  if (s.up) parts.push(`↑ ${rate(s.up)}`);
  return parts.join(' · ');
}

/** What is waited for while nothing comes, in words. */
export function waitingFor(s: Status): string {
  if (!s.ready) {
    if (s.metadata_size) return `the list of files (${Math.floor(100 * (s.metadata_have ?? 0) / s.metadata_size)} % of it is here)`;
    if (s.metadata_peers || s.connected) return 'the list of files from peers';
    if (s.known) return 'a peer to connect to';
    return 'peers to be found';
  }
  if (!s.connected) return s.known || s.dialing ? 'a peer to connect to' : 'peers to be found';
  if (!s.unchoked) return 'a peer to let us download';
  return 'data from peers';
}

/** The steps of the search for a torrent, for a page that has nothing else to show yet. */
export function steps(): { element: HTMLElement; show(s: Status): void } {
  const rows: Record<string, HTMLElement> = {};
  const list = h('ul', { class: 'steps' });
  const row = (key: string, text: string, state: 'done' | 'now' | 'bad' | '') => {
    let item = rows[key];
    if (!item) { item = rows[key] = h('li'); list.append(item); }
    if (item.textContent !== text) item.textContent = text;
    item.className = state;
  };
  return {
    element: list,
    show(s) {
      const answered = s.trackers_asked - s.trackers_failed;
      row('trackers', s.trackers === 0 ? 'No tracker is named by the link' : `${s.trackers_asked} of ${count(s.trackers, 'tracker')} asked${answered > 0 ? `, ${answered} answered` : ''}${s.trackers_failed ? `, ${s.trackers_failed} failed` : ''}`,
        s.trackers === 0 ? '' : answered > 0 ? 'done' : s.trackers_failed >= s.trackers ? 'bad' : 'now');
      row('dht', s.dht_answers ? `${count(s.dht_answers, 'node')} of the DHT answered` : 'Nodes of the DHT are being asked', s.dht_answers ? 'done' : 'now');
      row('peers', s.known ? `${count(s.known, 'peer')} found` : 'No peer found so far', s.known ? 'done' : 'now');
      row('connected', s.connected ? `${count(s.connected, 'peer')} connected` : s.dialing ? `${count(s.dialing, 'peer')} being connected to` : 'None connected so far', s.connected ? 'done' : s.dialing ? 'now' : '');
      row('metadata', s.ready ? 'The list of files is here' : s.metadata_size ? `The list of files is coming: ${Math.floor(100 * (s.metadata_have ?? 0) / s.metadata_size)} %` : s.metadata_peers ? `${count(s.metadata_peers, 'peer')} with the list of files` : 'The list of files has not come yet', s.ready ? 'done' : s.metadata_peers ? 'now' : '');
    },
  };
}
