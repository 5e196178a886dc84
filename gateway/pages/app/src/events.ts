import type { Page } from './page';
import { withHints } from './page';

/** How a swarm is, as ?view=events says it. */
export interface Status {
  ready: boolean;
  trackers: number; trackers_asked: number; trackers_failed: number; dht_answers: number;
  known: number; dialing: number; connected: number; metadata_peers: number; seeds: number; unchoked: number;
  metadata_have?: number; metadata_size?: number;
  down?: number; up?: number; pieces?: number; pieces_have?: number; map?: string;
}

export interface Failure { title: string; detail: string; retry: boolean }

export interface Listener {
  status?(s: Status): void;
  info?(): void;
  failed?(f: Failure): void;
  end?(f: Failure): void;
}

/** Listens to what the server says of the torrent while the page is to be seen. */
export function listen(page: Page, path: string, to: Listener): () => void {
  let source: EventSource | null = null, over = false, hide = 0;
  const open = () => {
    if (source || over) return;
    source = new EventSource(withHints(page, path, 'view=events'));
    const on = <T>(event: string, take?: (data: T) => void) => source?.addEventListener(event, (e) => take?.(JSON.parse((e as MessageEvent<string>).data) as T));
    on('status', to.status?.bind(to));
    on('info', to.info?.bind(to));
    on('failed', to.failed?.bind(to));
    on<Failure>('end', (f) => { close(); over = true; to.end?.(f); });
  };
  const close = () => { source?.close(); source = null; };
  document.addEventListener('visibilitychange', () => {
    clearTimeout(hide);
    if (document.hidden) hide = window.setTimeout(close, 30_000); else open();
  });
  addEventListener('pagehide', close);
  addEventListener('pageshow', (e) => { if (e.persisted) open(); });
  open();
  return () => { over = true; close(); };
}
