vcl 4.1;

import std;

# Varnish in front of btgw.
#
# Varnish by itself drops Range and asks for the whole file, and turns HEAD into
# a GET of it. Here a range with an end is asked for as it is and kept under a key
# of its own; one without an end, and a file of 100 MB or more, go through by a pipe:
# Varnish would read all of what passes, however little its client does.
# Players mostly ask without an end: where a cache of films is wanted, nginx with
# slice is the better one.
#
# A paused film is an open connection that takes nothing, for a day and longer than Varnish
# waits; HTTP/2 is to be turned on; and of a head of 64 KiB btgw says that it is too long:
#
#   varnishd -p pipe_timeout=86400 -p send_timeout=86400 -p feature=+http2 \
#       -p http_req_hdr_len=80k -p http_req_size=96k -p workspace_client=192k -p workspace_backend=192k -f btgw.vcl ...
#
# btgw beside it: btgw serve --host media.example.org --trusted-proxy 127.0.0.1

backend btgw {
    .host = "127.0.0.1";
    .port = "8080";
    # btgw answers within 25 s, or 2 minutes where bytes come in, and waits for up to 5 within a body.
    .first_byte_timeout = 150s;
    .between_bytes_timeout = 330s;
}

sub vcl_recv {
    if (req.restarts > 0) {
        return (pipe); # vcl_deliver found that it is large
    }
    if (!req.http.Host && req.proto == "HTTP/1.1") {
        return (synth(400));
    }
    unset req.http.X-Range;
    unset req.http.X-If-Range;
    if (req.http.Cookie || req.http.Authorization) {
        unset req.http.Cookie;
    }
    # By other names: a 206 of several ranges is an error to Varnish if it knows of Range, and If-Range
    # it leaves out of what it asks for to keep.
    if (req.http.Range) {
        std.collect(req.http.Range);
        if (req.http.Range ~ "=.*=") {
            return (synth(400)); # there are two
        }
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
        if (req.proto ~ "^HTTP/2") {
            return (pass); # it has no pipe
        }
        return (pipe);
    }
    # Televisions are answered in header lines that others are not to get.
    if (req.http."transferMode.dlna.org" || req.http."getcontentFeatures.dlna.org") {
        return (pass);
    }
    return (hash);
}

sub vcl_pipe {
    if (bereq.http.X-Range) {
        set bereq.http.Range = bereq.http.X-Range;
        unset bereq.http.X-Range;
    }
    if (bereq.http.X-If-Range) {
        set bereq.http.If-Range = bereq.http.X-If-Range;
        unset bereq.http.X-If-Range;
    }
    # The next request of the connection is to come by vcl_recv.
    set bereq.http.Connection = "close";
    return (pipe);
}

# What Varnish refuses by itself, and that no btgw is there, are problem documents too (RFC 9457).
sub vcl_synth {
    set resp.http.Content-Type = "application/problem+json";
    set resp.http.Cache-Control = "no-store";
    set resp.body = {"{"type":"about:blank","title":""} + resp.reason + {"","detail":"The cache in front of the gateway refuses this.","status":"} + resp.status + {"}"};
    return (deliver);
}

sub vcl_backend_error {
    set beresp.http.Content-Type = "application/problem+json";
    set beresp.http.Cache-Control = "no-store";
    set beresp.http.Retry-After = "5";
    set beresp.body = {"{"type":"about:blank","title":""} + beresp.reason + {"","detail":"The gateway cannot be reached, or ended its answer too early.","status":"} + beresp.status + {"}"};
    return (deliver);
}

sub vcl_hash {
    # A range is an object of its own, and so is one with a validator: another
    # one gets the whole file.
    hash_data(req.http.X-Range);
    hash_data(req.http.X-If-Range);
    # Hints (tr, x.pe, ws, xs, as, dn, so) help to find the swarm and never change bytes: a
    # query of hints alone is no part of the key. Any other query is, as it came: what
    # it means is for btgw to say.
    if (req.url ~ "^[^?]*\?(?:(?:tr|x\.pe|ws|xs|as|dn|so)=[^&]*(?:&|$))*$") {
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
    if (resp.status == 200 && resp.http.Content-Length ~ "^[0-9]{9,}$" && req.method == "GET" && req.restarts == 0 && req.proto !~ "^HTTP/2") {
        return (restart);
    }
    unset resp.http.X-Varnish;
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
