vcl 4.1;

import std;

# Varnish in front of btgw.
#
# Varnish by itself drops Range and asks for the whole file, and turns HEAD into
# a GET of it. Here a range with an end is asked for as it is and kept under a key
# of its own; one without an end, and a file of 100 MB or more, pass through.
# Players mostly ask without an end: where a cache of films is wanted, nginx with
# slice is the better one.
#
# btgw beside it: btgw serve --host media.example.org --trusted-proxy 127.0.0.1

backend btgw {
    .host = "127.0.0.1";
    .port = "8080";
    # btgw answers within 25 s, and cuts a body that stalls for as long.
    .first_byte_timeout = 60s;
    .between_bytes_timeout = 60s;
}

sub vcl_recv {
    unset req.http.X-Range;
    unset req.http.X-If-Range;
    if (req.http.Cookie || req.http.Authorization) {
        unset req.http.Cookie;
    }
    # By other names: a 206 of several ranges is an error to Varnish if it knows of Range, and If-Range
    # it leaves out of what it asks for to keep.
    if (req.http.Range) {
        std.collect(req.http.Range);
        set req.http.X-Range = req.http.Range;
        unset req.http.Range;
    }
    if (req.http.If-Range) {
        set req.http.X-If-Range = req.http.If-Range;
        unset req.http.If-Range;
    }
    # Varnish compares one tag, with the whole file alone: the rest is for btgw, to which it costs nothing.
    std.collect(req.http.If-None-Match);
    if (req.http.If-None-Match && (req.http.X-Range || req.http.If-None-Match ~ "^\*|,")) {
        return (pass);
    }
    # btgw refuses content as a service worker.
    if (req.method != "GET" || req.http.If-Match || req.http.Service-Worker || req.http.Cache-Control ~ "(?i)only-if-cached") {
        return (pass);
    }
    if (req.http.X-Range && req.http.X-Range !~ "^bytes=[0-9]{1,15}-[0-9]{1,15}$") {
        return (pass);
    }
    return (hash);
}

sub vcl_hash {
    # A range is an object of its own, and so is one with a validator: another
    # one gets the whole file.
    hash_data(req.http.X-Range);
    hash_data(req.http.X-If-Range);
    # Hints (tr, x.pe, ws, dn, so) help to find the swarm and never change bytes: a
    # query of hints alone is no part of the key. Any other query is, as it came: what
    # it means is for btgw to say.
    if (req.url ~ "^[^?]*\?(?:(?:tr|x\.pe|ws|dn|so)=[^&]*(?:&|$))*$") {
        hash_data(regsub(req.url, "\?.*$", ""));
    } else {
        hash_data(req.url);
    }
    hash_data(req.http.Host);
    return (lookup);
}

sub vcl_backend_fetch {
    if (bereq.http.X-Range) {
        set bereq.http.Range = bereq.http.X-Range;
        unset bereq.http.X-Range;
    }
    if (bereq.http.X-If-Range) {
        set bereq.http.If-Range = bereq.http.X-If-Range;
        unset bereq.http.X-If-Range;
    }
}

sub vcl_backend_response {
    if (beresp.http.Content-Range) {
        # By that name it is an error to Varnish, of 416 too.
        set beresp.http.X-Content-Range = beresp.http.Content-Range;
        unset beresp.http.Content-Range;
    }
    # Varnish sends its own, of what it can cut itself.
    set beresp.http.X-Accept-Ranges = beresp.http.Accept-Ranges;
    if (beresp.status == 206 && !bereq.uncacheable) {
        set beresp.ttl = 30d;
    }
    if (beresp.http.Content-Length ~ "^[0-9]{9,}$") {
        set beresp.uncacheable = true;
        set beresp.ttl = 120s;
    }
    # Varnish keeps these two never by itself; btgw says of which it may.
    if ((beresp.status == 422 || beresp.status == 451) && beresp.http.Cache-Control ~ "max-age=3600") {
        set beresp.ttl = 1h;
    }
    # A redirect repeats the query, hints with it, and is for who asked alone.
    if (beresp.status >= 500 || beresp.http.Location) {
        set beresp.uncacheable = true;
        set beresp.ttl = 0s;
    }
}

sub vcl_deliver {
    if (resp.http.X-Content-Range) {
        set resp.http.Content-Range = resp.http.X-Content-Range;
        unset resp.http.X-Content-Range;
    }
    if (resp.http.X-Accept-Ranges) {
        set resp.http.Accept-Ranges = resp.http.X-Accept-Ranges;
        unset resp.http.X-Accept-Ranges;
    }
    if (obj.hits > 0) {
        set resp.http.X-Cache = "HIT";
    } else {
        set resp.http.X-Cache = "MISS";
    }
}
