// The operator's page: it asks the API every two seconds while it is seen.
const every = 2000;
const rows = 200; // of a table
const el = id => document.getElementById(id);
let token = sessionStorage.getItem('token') || '';
let before = null; // the counts of the last answer, and when it came
let timer = 0;

async function ask(path, method = 'GET') {
  const headers = token ? { Authorization: 'Bearer ' + token } : {};
  const answer = await fetch('api/v1/' + path, { method, headers, cache: 'no-store' });
  if (answer.ok) return answer.status === 204 ? null : answer.json();
  const problem = await answer.json().catch(() => ({}));
  const error = new Error(problem.detail || 'The server answers ' + answer.status + '.');
  error.status = answer.status;
  throw error;
}

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
function size(n) {
  let i = 0;
  for (; n >= 1024 && i < units.length - 1; i++) n /= 1024;
  return (i && n < 10 ? n.toFixed(1) : Math.round(n)) + ' ' + units[i];
}
const rate = n => n > 0 ? size(n) + '/s' : '–';
const width = (a, b) => (b > 0 ? 100 * a / b : 0) + '%';
const share = (a, b) => b > 0 ? Math.floor(100 * a / b) + ' %' : '–';

function cell(content) {
  const td = document.createElement('td');
  td.append(...[content].flat());
  return td;
}

// fill replaces the rows of a table, and keeps the focus on the button that has it.
function fill(id, list, row, none) {
  const body = el(id).tBodies[0], held = document.activeElement?.dataset?.key;
  const trs = list.slice(0, rows).map(x => {
    const tr = document.createElement('tr');
    tr.append(...row(x).map(cell));
    return tr;
  });
  if (list.length > rows) trs.push(note(el(id), (list.length - rows) + ' more'));
  if (!list.length) trs.push(note(el(id), none));
  body.replaceChildren(...trs);
  if (held) body.querySelector(`[data-key="${CSS.escape(held)}"]`)?.focus();
}

function note(table, text) {
  const tr = document.createElement('tr'), td = cell(text);
  td.className = 'none';
  td.colSpan = table.tHead.rows[0].cells.length;
  tr.append(td);
  return tr;
}

function button(t, label, path, method, done, pressed) {
  const b = document.createElement('button');
  b.textContent = label;
  b.dataset.key = label[0] + t.infohash + path;
  b.setAttribute('aria-label', label + ' ' + (t.name || t.infohash));
  if (pressed !== undefined) b.setAttribute('aria-pressed', pressed);
  b.onclick = async () => {
    b.disabled = true;
    el('error').hidden = true;
    delete el('error').dataset.stays;
    try {
      const answer = await ask('cache/torrents/' + t.infohash + path, method);
      el('state').textContent = done(answer);
    } catch (e) {
      fail(e);
      el('error').dataset.stays = true; // until the next button: a look would take it away at once
    }
    show();
  };
  return b;
}

function fail(e) {
  el('error').textContent = e.message;
  el('error').hidden = false;
}

// speeds gives bytes a second since the last answer, of each torrent.
function speeds(torrents, now) {
  const counts = new Map(torrents.map(t => [t.infohash, [t.downloaded, t.uploaded, t.served]]));
  const of = hash => {
    const old = before?.counts.get(hash), is = counts.get(hash);
    return old && now > before.at ? is.map((n, i) => Math.max(0, n - old[i]) * 1000 / (now - before.at)) : [0, 0, 0];
  };
  const all = new Map(torrents.map(t => [t.infohash, of(t.infohash)]));
  before = { at: now, counts };
  return all;
}

function figures(torrents, speed, clients, cache) {
  const sum = f => torrents.reduce((n, t) => n + f(t), 0);
  const list = {
    'Down': rate(sum(t => speed.get(t.infohash)[0])), 'Up': rate(sum(t => speed.get(t.infohash)[1])), 'Served': rate(sum(t => speed.get(t.infohash)[2])),
    'Torrents': torrents.length, 'Peers': sum(t => t.swarm.connected), 'Streams': clients.reduce((n, c) => n + c.streams, 0),
    'Clients': clients.length, 'Cache hits': share(cache.memory_hits + cache.disk_hits, cache.memory_hits + cache.disk_hits + cache.misses),
  };
  el('figures').replaceChildren(...Object.entries(list).map(([name, value]) => {
    const div = document.createElement('div'), dt = document.createElement('dt'), dd = document.createElement('dd');
    dt.textContent = name;
    dd.textContent = value;
    div.append(dt, dd);
    return div;
  }));
}

async function show() {
  clearTimeout(timer);
  try {
    const [{ torrents }, cache, { torrents: cached }, { prefetches }, { clients }] = await Promise.all(
      ['torrents', 'cache', 'cache/torrents', 'cache/prefetches', 'clients'].map(path => ask(path)));
    const speed = speeds(torrents, performance.now());
    el('login').hidden = true;
    el('all').hidden = false;
    if (!el('error').dataset.stays) el('error').hidden = true;
    figures(torrents, speed, clients, cache);
    fill('torrents', torrents, t => [t.name || t.infohash, t.have_info ? share(t.pieces_have, t.pieces) : 'no metadata', t.swarm.connected, t.readers,
      ...speed.get(t.infohash).map(rate)], 'None is in use.');
    el('used').style.width = width(cache.disk_bytes, cache.disk_limit);
    el('pinned').style.width = width(cache.pinned_bytes, cache.disk_limit);
    el('line').textContent = size(cache.disk_bytes) + (cache.disk_limit ? ' of ' + size(cache.disk_limit) + ' on disk' : '') + ', ' + size(cache.pinned_bytes) +
      ' of it pinned; ' + size(cache.memory_bytes) + ' in memory; ' + cache.evictions + ' pieces evicted since the start' + (cache.degraded ? '. The disk fails.' : '.');
    const coming = new Map(prefetches.filter(p => p.state === 'running').map(p => [p.infohash, p]));
    fill('cache', cached, t => {
      const p = coming.get(t.infohash);
      return [t.name || t.infohash, size(t.disk_bytes), t.pieces ? t.pieces_have + ' of ' + t.pieces : '–', [
        button(t, t.pinned ? 'Unpin' : 'Pin', '/pin', t.pinned ? 'DELETE' : 'PUT', () => t.pinned ? 'Unpinned.' : 'Pinned.', t.pinned),
        p ? button(t, 'Stop at ' + share(p.done, p.bytes), '/prefetch', 'DELETE', () => 'The prefetch has ended.')
          : button(t, 'Fetch all', '/prefetch', 'POST', () => 'It is being fetched.'),
        button(t, 'Verify', '/verify', 'POST', a => a.right + ' pieces are right, ' + a.wrong + ' were wrong.'),
        button(t, 'Evict', '', 'DELETE', () => 'Evicted.'),
      ]];
    }, 'Nothing is cached.');
    fill('clients', clients, c => [c.client, c.streams], 'Nobody reads now.');
    const ready = await fetch('readyz', { cache: 'no-store' });
    if (!el('state').dataset.ready || !ready.ok) el('state').textContent = ready.ok ? 'Ready.' : 'It takes no new requests.';
    el('state').dataset.ready = ready.ok;
  } catch (e) {
    if (e.status === 401) {
      el('login').hidden = false;
      el('all').hidden = true;
      if (token) fail(e);
      token = '';
      return;
    }
    fail(e.status ? e : new Error('The server does not answer.'));
  }
  timer = document.hidden ? 0 : setTimeout(show, every);
}

el('login').onsubmit = e => {
  e.preventDefault();
  token = el('token').value.trim();
  sessionStorage.setItem('token', token);
  el('error').hidden = true;
  show();
};
document.addEventListener('visibilitychange', () => document.hidden ? clearTimeout(timer) : show());
show();
