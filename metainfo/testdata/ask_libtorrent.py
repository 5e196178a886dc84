"""Answers for tests what libtorrent makes of content and of torrents.

Reads a JSON list of requests from standard input, writes a JSON list of
answers. Bytes are in hexadecimal.
"""
import json
import os
import sys

import libtorrent as lt

CT = lt.create_torrent
VERSIONS = {1: CT.v1_only, 2: CT.v2_only, 3: 0}


def make(req):
    """A torrent of the file or directory req["path"]."""
    flags = VERSIONS[req["version"]] | CT.symlinks
    storage = lt.file_storage()
    lt.add_files(storage, req["path"], flags=flags)
    torrent = CT(storage, req["piece_length"], flags)
    lt.set_piece_hashes(torrent, os.path.dirname(req["path"]))
    for url in req.get("trackers", []):
        torrent.add_tracker(url)
    for url in req.get("web_seeds", []):
        torrent.add_url_seed(url)
    for host, port in req.get("nodes", []):
        torrent.add_node(host, port)
    torrent.set_comment("a comment")
    torrent.set_priv(req.get("private", False))
    return {"torrent": lt.bencode(torrent.generate()).hex()}


def load(req):
    """What is in a torrent; or why it is refused."""
    try:
        info = lt.torrent_info(bytes.fromhex(req["torrent"]))
    except RuntimeError as err:
        return {"error": str(err)}
    hashes = info.info_hashes()
    files = info.files()
    return {
        "v1": str(hashes.v1) if hashes.has_v1() else "",
        "v2": str(hashes.v2) if hashes.has_v2() else "",
        "name": info.name(),
        "piece_length": info.piece_length(),
        "num_pieces": info.num_pieces(),
        "private": info.priv(),
        "comment": info.comment(),
        "trackers": [t.url for t in info.trackers()],
        "web_seeds": [s["url"] for s in info.web_seeds()],
        "pieces": [info.hash_for_piece(i).hex() for i in range(info.num_pieces())]
        if hashes.has_v1() else [],
        "files": [{
            "path": files.file_path(i),
            "size": files.file_size(i),
            "offset": files.file_offset(i),
            "pad": bool(files.file_flags(i) & lt.file_storage.flag_pad_file),
            "executable": bool(files.file_flags(i) & lt.file_storage.flag_executable),
            "symlink": files.symlink(i),
            "root": str(files.root(i)),
        } for i in range(files.num_files())],
    }


def magnet(req):
    """The parts of a magnet link."""
    try:
        p = lt.parse_magnet_uri(req["uri"])
    except RuntimeError as err:
        return {"error": str(err)}
    return {
        "v1": str(p.info_hashes.v1) if p.info_hashes.has_v1() else "",
        "v2": str(p.info_hashes.v2) if p.info_hashes.has_v2() else "",
        "name": p.name,
        "trackers": p.trackers,
        "web_seeds": p.url_seeds,
        "peers": ["%s:%d" % (a, port) for a, port in p.peers],
    }


KINDS = {"make": make, "load": load, "magnet": magnet}
json.dump([KINDS[r["kind"]](r) for r in json.load(sys.stdin)], sys.stdout)
