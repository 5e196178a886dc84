/** Players outside of the browser that open a URL: by schemes of their own, or by a playlist. */
export function playerLinks(url: string): { label: string; href: string }[] {
  const agent = navigator.userAgent, links: { label: string; href: string }[] = [];
  const escaped = encodeURIComponent(url);
  if (/Android/.test(agent)) {
    const { protocol, host, pathname, search } = new URL(url);
    links.push({ label: 'Open in a player app', href: `intent://${host}${pathname}${search}#Intent;action=android.intent.action.VIEW;scheme=${protocol.slice(0, -1)};type=video/*;end` });
    return links;
  }
  if (/iPhone|iPad/.test(agent)) {
    links.push({ label: 'Open in VLC', href: `vlc-x-callback://x-callback-url/stream?url=${escaped}` });
    links.push({ label: 'Open in Infuse', href: `infuse://x-callback-url/play?url=${escaped}` });
    return links;
  }
  links.push({ label: 'Open in VLC', href: `vlc://${url}` });
  links.push({ label: 'Open in mpv', href: `mpv://play/${btoa(url).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')}` });
  if (/Mac OS X/.test(agent)) links.push({ label: 'Open in IINA', href: `iina://weblink?url=${escaped}` });
  if (/Windows/.test(agent)) links.push({ label: 'Open in PotPlayer', href: `potplayer://${url}` });
  return links;
}
