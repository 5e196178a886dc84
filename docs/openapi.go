// Package docs has what a program serves of the documentation.
package docs

import _ "embed" // openapi.json

// OpenAPI is the OpenAPI 3.1 document of the content and the administration server, as JSON. It must not be changed.
//
//go:embed openapi.json
var OpenAPI []byte
