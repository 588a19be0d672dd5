//go:build !unix

package crowd

import "time"

// cpu is not known on this system.
func cpu() time.Duration { return 0 }
