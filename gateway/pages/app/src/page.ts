/** What the server says of this page, in the attributes of its body. */
export interface Page {
  page: 'start' | 'torrent' | 'player';
  root: string; // relative reference to the root of the server
  self: string; // path of what the page is about
  query: string; // the hints of the request, with their question mark
  hash: string;
  base: string; // path of the torrent, with a slash at its end
  path: string[]; // of the file or directory
  media: 'video' | 'audio' | '';
  uploads: boolean;
  hidden: boolean; // what is cached is not told
  known: boolean;
}

export function readPage(): Page {
  const d = document.body.dataset;
  return {
    page: (d.page ?? 'start') as Page['page'], root: d.root ?? './', self: d.self ?? '', query: d.query ?? '', hash: d.hash ?? '', base: d.base ?? '',
    path: d.path ? JSON.parse(d.path) as string[] : [], media: (d.media ?? '') as Page['media'],
    uploads: d.uploads === 'true', hidden: d.hidden === 'true', known: d.known === 'true',
  };
}

/** A path with a query, and the hints of the page behind it. */
export function withHints(page: Page, path: string, query = ''): string {
  const hints = page.query.slice(1);
  const all = [query, hints].filter(Boolean).join('&');
  return all ? `${path}?${all}` : path;
}

/** The absolute URL of a path. */
export const absolute = (path: string): string => new URL(path, location.href).href;
