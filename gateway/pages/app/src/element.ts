// <btgw-player src="https://gateway/btih/…/film.mkv"> for pages of other sites: the player of btgw's own pages, with
// its subtitles and its repairs. It needs nothing but this script.
import { h } from './dom';
import type { Listing } from './listing';
import { Player } from './player';
import { subtitlesOf } from './subtitles';
import css from './element.css';

class BtgwPlayer extends HTMLElement {
  static observedAttributes = ['src'];
  private player: Player | null = null;

  connectedCallback(): void { this.load(); }
  disconnectedCallback(): void { this.player?.close(); this.player = null; }
  attributeChangedCallback(): void { if (this.isConnected) this.load(); }

  /** The video, for scripts of the page around it. */
  get video(): HTMLVideoElement | null { return this.player?.video ?? null; }

  private load(): void {
    this.player?.close();
    const src = this.getAttribute('src');
    const root = this.shadowRoot ?? this.attachShadow({ mode: 'open' });
    root.replaceChildren();
    if (!src) return;
    const url = new URL(src, document.baseURI).href;
    const said = h('p', { role: 'alert', part: 'message' });
    const type = this.getAttribute('type') ?? typeOf(url);
    const player = this.player = new Player({
      url, type, media: type.startsWith('audio/') ? 'audio' : 'video', crossOrigin: true,
      said: (message) => { said.textContent = message; this.dispatchEvent(new CustomEvent('btgw-message', { detail: message })); },
      ended: () => this.dispatchEvent(new Event('ended')),
    });
    root.append(h('style', null, css), player.element, said);
    if (this.hasAttribute('autoplay') || this.hasAttribute('muted')) { player.video.muted = this.hasAttribute('muted'); void player.start(); }
    else player.element.addEventListener('mediaplayrequest', () => { if (!player.video.src) void player.start(); }, { capture: true });
    if (type.startsWith('video/')) void this.subtitles(url, player);
  }

  /** Finds the subtitles beside the film. */
  private async subtitles(url: string, player: Player): Promise<void> {
    const found = /^(.*\/(?:btih|btmh)\/[^/]+\/)[^?]*(\?.*)?$/.exec(url);
    if (!found) return;
    const hints = found[2]?.slice(1) ?? '', add = (u: string, q: string) => `${u}?${[q, hints].filter(Boolean).join('&')}`;
    try {
      const answer = await fetch(add(found[1]!, 'format=json'));
      const list = await answer.json() as Listing, path = new URL(url).pathname;
      const film = list.files.find((f) => f.href === path);
      if (film) for (const s of subtitlesOf(list.files, film, (href) => add(new URL(href, url).href, 'format=vtt'))) player.addSubtitle(s);
    } catch { /* it plays without */ }
  }
}

/** A media type by the extension, as far as it matters to how a file is played. */
function typeOf(url: string): string {
  const types: Record<string, string> = {
    mkv: 'video/x-matroska', webm: 'video/webm', mp4: 'video/mp4', m4v: 'video/mp4', mov: 'video/quicktime', ts: 'video/mp2t', m2ts: 'video/mp2t', avi: 'video/x-msvideo',
    mp3: 'audio/mpeg', m4a: 'audio/mp4', flac: 'audio/flac', ogg: 'audio/ogg', opus: 'audio/ogg', wav: 'audio/wav', ac3: 'audio/ac3', eac3: 'audio/eac3',
  };
  return types[/\.([a-z0-9]+)$/i.exec(new URL(url).pathname)?.[1]?.toLowerCase() ?? ''] ?? 'video/mp4';
}

if (!customElements.get('btgw-player')) customElements.define('btgw-player', BtgwPlayer);
