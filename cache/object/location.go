package object

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/minio/minio-go/v7/pkg/s3utils"
)

// A Location says where a bucket is.
type Location struct {
	Bucket string
	// Prefix is what all names of objects begin with, without slashes around it; "": nothing.
	Prefix string
	// Endpoint is the host, and the port where it is not the usual one.
	Endpoint string
	// Plain asks for http in place of https.
	Plain bool
	// Region is that of the bucket; "": the store is asked for it, or has only one.
	Region string
}

// defaultEndpoint is Amazon's.
const defaultEndpoint = "s3.amazonaws.com"

// ParseLocation reads a URL of the form s3://bucket/prefix?endpoint=URL&region=NAME. Prefix and
// query may be left out. The endpoint is an http or https URL without a path, or a host and port,
// which means https. It is Amazon's where there is none.
func ParseLocation(raw string) (Location, error) {
	u, err := url.Parse(raw)
	switch {
	case err != nil:
		return Location{}, errors.New("it is not a URL")
	case u.Scheme != "s3" || u.Host == "":
		return Location{}, errors.New("it has not the form s3://bucket/prefix")
	case u.User != nil:
		return Location{}, errors.New("it has a user or password: credentials come from the environment or AWS's files")
	case u.Fragment != "":
		return Location{}, errors.New("it has a fragment (#)")
	}
	l := Location{Bucket: u.Host, Prefix: strings.Trim(u.Path, "/"), Endpoint: defaultEndpoint}
	if err := s3utils.CheckValidBucketName(l.Bucket); err != nil {
		return Location{}, fmt.Errorf("%q is not the name of a bucket", l.Bucket)
	}
	if len(l.Prefix) > maxPrefix {
		return Location{}, fmt.Errorf("the prefix has more than %d bytes", maxPrefix)
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return Location{}, errors.New("its query is not one")
	}
	for key, values := range query {
		switch {
		case len(values) != 1:
			return Location{}, fmt.Errorf("%s is there more than once", key)
		case key == "region":
			l.Region = values[0]
		case key == "endpoint":
			if err := l.at(values[0]); err != nil {
				return Location{}, err
			}
		default:
			return Location{}, fmt.Errorf("%q is not known; endpoint and region are", key)
		}
	}
	return l, nil
}

// maxPrefix bounds a prefix in bytes: names of objects have at most 1,024.
const maxPrefix = 512

// at takes an endpoint in.
func (l *Location) at(endpoint string) error {
	if !strings.Contains(endpoint, "://") {
		endpoint = "https://" + endpoint
	}
	u, err := url.Parse(endpoint)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.User != nil || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		return errors.New("the endpoint is not an http or https URL without a path")
	}
	l.Endpoint, l.Plain = u.Host, u.Scheme == "http"
	return nil
}

// String is the location as a URL, without the query.
func (l Location) String() string {
	return strings.TrimSuffix("s3://"+l.Bucket+"/"+l.Prefix, "/")
}
