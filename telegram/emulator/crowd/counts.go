package crowd

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"runtime"
	"time"
)

// Counts is what a bot has used since it began.
type Counts struct {
	Disk
	Allocations, Allocated int64         // of memory: how many, and how many bytes
	CPU                    time.Duration // of all its threads, the kernel's work for them included
}

// Disk is what a bot's store has done.
type Disk struct {
	Commits, Syncs, Pages, Bytes int64 // pages and bytes are those written
}

// Less returns the counts without those of an earlier moment.
func (c Counts) Less(earlier Counts) Counts {
	return Counts{
		Disk: Disk{
			Commits: c.Commits - earlier.Commits, Syncs: c.Syncs - earlier.Syncs,
			Pages: c.Pages - earlier.Pages, Bytes: c.Bytes - earlier.Bytes,
		},
		Allocations: c.Allocations - earlier.Allocations, Allocated: c.Allocated - earlier.Allocated,
		CPU: c.CPU - earlier.CPU,
	}
}

// Report answers each line of r with what this process has used, until r ends. It is
// the bot's side of [Bot].
func Report(r io.Reader, w io.Writer, disk func() Disk) error {
	for lines := bufio.NewScanner(r); ; {
		if !lines.Scan() {
			return lines.Err()
		}
		var memory runtime.MemStats
		runtime.ReadMemStats(&memory)
		line, err := json.Marshal(Counts{
			Disk: disk(), CPU: cpu(),
			Allocations: int64(memory.Mallocs), Allocated: int64(memory.TotalAlloc), //nolint:gosec // far from the limit
		})
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(w, "%s\n", line); err != nil {
			return err
		}
	}
}
