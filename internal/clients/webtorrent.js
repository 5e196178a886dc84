// A WebTorrent client that a Go test drives by its arguments (webtorrent.go): the
// folder of the library, and options as JSON. It prints a line when it is ready, and
// one when it has everything. It ends when its standard input does.
'use strict'
const [library, text] = process.argv.slice(1)
const WebTorrent = require(library)
const options = JSON.parse(text)

process.stdin.resume()
process.stdin.on('end', () => process.exit(0))
const client = new WebTorrent({
  torrentPort: options.port,
  dhtPort: options.dhtPort,
  dht: options.bootstrap ? { bootstrap: options.bootstrap, host: '127.0.0.1' } : false,
  tracker: options.wrtc ? { wrtc: require(options.wrtc) } : true,
  lsd: false,
  utPex: options.pex,
  utp: false,
  natUpnp: false,
  natPmp: false,
  secure: options.encrypted
})
client.on('error', error => { console.error(error); process.exit(1) })
const torrent = client.add(options.source, { path: options.dir })
torrent.on('warning', warning => console.error('warning:', warning.message || warning))
torrent.on('infoHash', () => console.log('listening'))
torrent.on('done', () => console.log('everything is there'))
