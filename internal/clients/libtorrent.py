"""A libtorrent client that a Go test drives (libtorrent.go).

It reads one JSON object a line from standard input, {"id": 1, "op": "add", ...},
and answers each with one line, {"id": 1, "result": ...} or {"id": 1, "error": "..."},
not always in order: a "wait" is answered when there is something to say. It ends
when its standard input does, so that it never outlives the test.
"""

import base64
import json
import os
import resource
import selectors
import sys

import libtorrent as lt

ALERTS = (
    lt.alert.category_t.error_notification
    | lt.alert.category_t.status_notification
    | lt.alert.category_t.storage_notification
    | lt.alert.category_t.dht_notification
)

SETTINGS = {
    "listen_interfaces": "127.0.0.1:0",
    "alert_mask": ALERTS,
    "alert_queue_size": 10000,
    "enable_dht": False,
    "enable_lsd": False,
    "enable_upnp": False,
    "enable_natpmp": False,
    "enable_ip_notifier": False,
    "enable_outgoing_utp": False,
    "enable_incoming_utp": False,
    "in_enc_policy": lt.enc_policy.pe_enabled,  # both are taken, plain is spoken
    "out_enc_policy": lt.enc_policy.pe_disabled,
    "allow_multiple_connections_per_ip": True,  # every peer of a test has one address
    "close_redundant_connections": False,  # two seeds may stay connected
    "unchoke_slots_limit": 1000,
    "active_downloads": -1,
    "active_seeds": -1,
    "active_limit": -1,
    "active_checking": 8,
    "connections_limit": 2000,
    "connection_speed": 500,
    "torrent_connect_boost": 200,
    "smooth_connects": False,
    "min_reconnect_time": 1,
    "max_failcount": 100,
    "stop_tracker_timeout": 1,
    "announce_to_all_trackers": True,
    "announce_to_all_tiers": True,
}


# Of clients and nodes that are in a DHT on loopback, where all have one address.
DHT_SETTINGS = {
    "enable_dht": True,
    "dht_bootstrap_nodes": "",
    "dht_restrict_routing_ips": False,
    "dht_restrict_search_ips": False,
    "dht_prefer_verified_node_ids": False,
    "dht_enforce_node_id": False,
    "dht_ignore_dark_internet": False,
    "dht_upload_rate_limit": 10000000,
    "dht_block_ratelimit": 1000000,
}


class Client:
    def __init__(self, options):
        settings = dict(SETTINGS)
        if options.get("enable_dht"):
            settings.update(DHT_SETTINGS)
        settings.update(options)
        self.flags = lt.torrent_flags.update_subscribe  # neither paused nor queued
        if not settings.pop("pex", False):
            self.flags |= lt.torrent_flags.disable_pex
        self.session = lt.session(settings)
        self.nodes = []  # more sessions
        self.torrents = []
        self.hash_failures = []
        self.waiting = []  # (request id, torrent index)
        self.getting = []  # (request id, public key and salt)
        self.flushing = set()  # torrent indices: complete, being written
        self.flushed = set()  # torrent indices: complete and written
        self.count_loopback()

    def count_loopback(self):
        """libtorrent spares peers on local addresses its rate limits and its choker:
        let it treat them like those of the internet, which is what is tested."""
        everyone = lt.ip_filter()
        everyone.add_rule("0.0.0.0", "255.255.255.255", 1 << self.session.global_peer_class_id)
        everyone.add_rule("::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 1 << self.session.global_peer_class_id)
        self.session.set_peer_class_filter(everyone)

    def alerts(self):
        for a in self.session.pop_alerts():
            if isinstance(a, lt.hash_failed_alert):
                self.hash_failures[self.torrents.index(a.handle)] += 1
            elif isinstance(a, lt.cache_flushed_alert):
                self.flushed.update({self.torrents.index(a.handle)} & self.flushing)
            elif isinstance(a, lt.dht_mutable_item_alert):
                self.answer_item(a)
            elif a.category() & lt.alert.category_t.error_notification:
                print(a.message(), file=sys.stderr, flush=True)
        self.answer_waiting()

    def answer_waiting(self):
        still = []
        for request, index in self.waiting:
            status = self.torrents[index].status()
            if status.errc.value() != 0:
                answer(request, error=status.errc.message())
            elif index in self.flushed:
                answer(request, result=None)
            else:
                still.append((request, index))
                if status.is_seeding and index not in self.flushing:
                    # its last blocks may be in memory only
                    self.flushing.add(index)
                    self.torrents[index].flush_cache()
        self.waiting = still

    def port(self, request):
        return self.session.listen_port()

    def add(self, request):
        """Adds a torrent, of a file's bytes in base64 or a magnet link."""
        if "torrent" in request:
            params = lt.add_torrent_params()
            params.ti = lt.torrent_info(lt.bdecode(base64.b64decode(request["torrent"])))
        else:
            params = lt.parse_magnet_uri(request["magnet"])
        params.save_path = request["dir"]
        params.flags = self.flags
        if request.get("seed_mode"):
            params.flags |= lt.torrent_flags.seed_mode
            # or it checks each piece before it uploads it for the first time
            self.session.apply_settings({"disable_hash_checks": True})
        params.peers = list(params.peers) + [split(p) for p in request.get("peers") or []]
        handle = self.session.add_torrent(params)
        self.torrents.append(handle)
        self.hash_failures.append(0)
        return len(self.torrents) - 1

    def super_seed(self, request):
        """Has a torrent super-seeded (BEP 16)."""
        self.torrents[request["index"]].set_flags(lt.torrent_flags.super_seeding)

    def connect(self, request):
        """Adds peers to a torrent."""
        for peer in request["peers"]:
            self.torrents[request["index"]].connect_peer(split(peer))

    def limit(self, request):
        """Bounds what it uploads, in bytes a second; 0: it does not."""
        self.session.apply_settings({"upload_rate_limit": request["rate"]})

    def stats(self, request):
        """Tells of a torrent and of its peers."""
        handle = self.torrents[request["index"]]
        s = handle.status()
        peers = [
            {
                "addr": hostport(*p.ip),
                "client": p.client.decode("utf-8", "replace"),
                "downloaded": p.total_download,
                "uploaded": p.total_upload,
                "upload_only": bool(p.flags & lt.peer_info.upload_only),
            }
            for p in handle.get_peer_info()
            if not p.flags & (lt.peer_info.connecting | lt.peer_info.handshake)
        ]
        return {
            "state": str(s.state),
            "has_metadata": s.has_metadata,
            "progress": s.progress,
            "downloaded": s.total_payload_download,
            "uploaded": s.total_payload_upload,
            "failed": s.total_failed_bytes,
            "redundant": s.total_redundant_bytes,
            "hash_failures": self.hash_failures[request["index"]],
            "peers": peers,
        }

    def usage(self, request):
        """Tells what the whole process has used."""
        u = resource.getrusage(resource.RUSAGE_SELF)
        return {"cpu_seconds": u.ru_utime + u.ru_stime, "max_rss_kib": u.ru_maxrss}

    def nodes_start(self, request):
        """Makes nodes of a DHT, and tells each of some others. Gives their ports."""
        for _ in range(request["count"]):
            listen = {"listen_interfaces": hostport(request["host"], 0)}
            self.nodes.append(lt.session({**SETTINGS, **DHT_SETTINGS, **listen, "alert_mask": 0}))
        ports = [n.listen_port() for n in self.nodes]
        for i, node in enumerate(self.nodes):
            for known in (0, i - 1, i // 2, i * 7 % len(ports)):
                if known != i:
                    node.add_dht_node((request["host"], ports[known]))
        return ports

    def nodes_known(self, request):
        """Tells how many others each node knows."""
        return [n.status().dht_nodes for n in self.nodes]

    def dht_add(self, request):
        """Tells the client of a node."""
        self.session.add_dht_node(split(request["node"]))

    def dht_announce(self, request):
        """Announces a torrent in the DHT, now."""
        self.torrents[request["index"]].force_dht_announce()

    def item_put(self, request):
        """Puts a text as a mutable item (BEP 44). The key is 64 bytes, as libtorrent has it."""
        private, public, salt = (bytes.fromhex(request[k]) for k in ("private", "public", "salt"))
        self.session.dht_put_mutable_item(private, public, request["text"].encode(), salt)

    def item_get(self, request):
        """Is answered with what the nodes have, as libtorrent prints it."""
        public, salt = bytes.fromhex(request["public"]), bytes.fromhex(request["salt"])
        self.getting.append((request["id"], public + salt))
        self.session.dht_get_mutable_item(public, salt)

    def answer_item(self, alert):
        if not alert.authoritative:
            return
        of = alert.key + alert.salt.encode()  # tests use salts of ASCII
        # The binding has strings alone: what else an item may be it tells in its message.
        text = " ".join(alert.message().split("[", 1)[1].rsplit("]", 1)[0].split())
        item = {"seq": alert.seq, "text": text}
        for request, _ in [g for g in self.getting if g[1] == of]:
            answer(request, result=item)
        self.getting = [g for g in self.getting if g[1] != of]

    def wait(self, request):
        """Is answered once the torrent is complete and checked."""
        self.waiting.append((request["id"], request["index"]))
        self.answer_waiting()


def hostport(host, port):
    return ("[%s]:%d" if ":" in host else "%s:%d") % (host, port)


def split(addr):
    host, port = addr.rsplit(":", 1)
    return host.strip("[]"), int(port)


def answer(request, **fields):
    print(json.dumps({"id": request, **fields}), flush=True)


OPS = {
    "port",
    "add",
    "super_seed",
    "connect",
    "limit",
    "stats",
    "usage",
    "wait",
    "nodes_start",
    "nodes_known",
    "dht_add",
    "dht_announce",
    "item_put",
    "item_get",
}


def serve(client, line):
    request = json.loads(line)
    if request["op"] not in OPS:
        raise ValueError("no operation " + request["op"])
    try:
        result = getattr(client, request["op"])(request)
    except Exception as e:  # whatever it is, the test shall hear of it
        answer(request["id"], error="%s: %s" % (type(e).__name__, e))
        return
    if request["op"] not in ("wait", "item_get"):
        answer(request["id"], result=result)


def lines(buffer):
    *whole, rest = buffer.split(b"\n")
    return whole, rest


def main():
    client = Client(json.loads(sys.argv[1]))
    alerted, alert = os.pipe()
    os.set_blocking(alert, False)
    client.session.set_alert_fd(alert)
    selector = selectors.DefaultSelector()
    selector.register(sys.stdin.fileno(), selectors.EVENT_READ)
    selector.register(alerted, selectors.EVENT_READ)
    client.alerts()
    rest = b""
    while True:
        for key, _ in selector.select(timeout=1):
            data = os.read(key.fd, 1 << 16)
            if key.fd == alerted:
                continue
            if not data:
                os._exit(0)  # without the seconds that a session takes to say good-bye
            whole, rest = lines(rest + data)
            for line in whole:
                serve(client, line)
        client.alerts()


main()
