package object_test

import (
	"testing"

	"github.com/btgw/btgw/cache/object"
)

func TestParseLocation(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]object.Location{
		"s3://bucket":                                       {Bucket: "bucket", Endpoint: "s3.amazonaws.com"},
		"s3://bucket/":                                      {Bucket: "bucket", Endpoint: "s3.amazonaws.com"},
		"s3://bucket/a/b/?region=eu-west-1":                 {Bucket: "bucket", Prefix: "a/b", Endpoint: "s3.amazonaws.com", Region: "eu-west-1"},
		"s3://bucket/a?endpoint=http://127.0.0.1:7070":      {Bucket: "bucket", Prefix: "a", Endpoint: "127.0.0.1:7070", Plain: true},
		"s3://bucket/a?endpoint=https://s3.example/":        {Bucket: "bucket", Prefix: "a", Endpoint: "s3.example"},
		"s3://bucket?endpoint=store.svc:9000&region=garage": {Bucket: "bucket", Endpoint: "store.svc:9000", Region: "garage"},
	} {
		if got, err := object.ParseLocation(raw); err != nil || got != want {
			t.Errorf("%s is %+v, %v; want %+v", raw, got, err, want)
		}
	}
	for _, raw := range []string{
		"", "bucket", "http://bucket/a", "s3://", "s3:///a", "s3://user:pass@bucket/a", "s3://b", "s3://bucket/a#b", "s3://bucket?x=1",
		"s3://bucket?region=a&region=b", "s3://bucket?endpoint=ftp://x", "s3://bucket?endpoint=http://x/y", "s3://bucket?endpoint=", "s3://bucket?%zz",
	} {
		if got, err := object.ParseLocation(raw); err == nil {
			t.Errorf("%q is %+v", raw, got)
		}
	}
}
