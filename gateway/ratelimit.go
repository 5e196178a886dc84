package gateway

import (
	"fmt"
	"net/http"
)

// rateLimit returns the fields that tell a client which bound it is at
// (draft-ietf-httpapi-ratelimit-headers-10). The bound is a quota of so many units in window seconds, of
// which nothing is left for reset seconds. A window or reset of 0 is left out: places come free when others
// end. unit is "" for requests.
func rateLimit(policy string, quota int64, window, reset int, unit string) http.Header {
	bound, now := fmt.Sprintf(`"%s";q=%d`, policy, quota), fmt.Sprintf(`"%s";r=0`, policy)
	if window > 0 {
		bound += fmt.Sprintf(";w=%d", window)
	}
	if unit != "" {
		bound += fmt.Sprintf(`;qu="%s"`, unit)
	}
	if reset > 0 {
		now += fmt.Sprintf(";t=%d", reset)
	}
	return http.Header{"Ratelimit-Policy": {bound}, "Ratelimit": {now}}
}
