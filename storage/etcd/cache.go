package etcd

import "sync"

// cacheMost is how many bytes of keys and values are remembered.
const cacheMost = 64 << 20

// entryBytes is what an entry takes beside its key and value.
const entryBytes = 100

// cache remembers what was read and written. Only we write: what is remembered is true until
// we write it anew.
type cache struct {
	mu      sync.Mutex
	at      int64 // the revision of our last commit
	entries map[string]entry
	bytes   int
}

// entry is a value, nil for none, that is there since a revision.
type entry struct {
	value []byte
	since int64
}

func (c *cache) start(revision int64) {
	c.at, c.entries = revision, make(map[string]entry)
}

// now is the revision of our last commit.
func (c *cache) now() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

// get returns what a key had at a revision, if it is remembered. The value is the cache's.
func (c *cache) get(key string, at int64) ([]byte, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.entries[key]
	if !ok || e.since > at {
		return nil, false
	}
	return e.value, true
}

// keep remembers what was read of a revision, unless something was written since.
func (c *cache) keep(key string, value []byte, at int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.at == at {
		c.set(key, entry{value, at})
	}
}

// committed takes in a commit.
func (c *cache) committed(revision int64, wrote map[string][]byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = revision
	for key, value := range wrote {
		c.set(key, entry{value, revision})
	}
}

// set remembers an entry, and forgets others, any of them, to have room. The caller holds
// the lock.
func (c *cache) set(key string, e entry) {
	if was, ok := c.entries[key]; ok {
		c.bytes -= len(key) + len(was.value) + entryBytes
	}
	c.entries[key] = e
	c.bytes += len(key) + len(e.value) + entryBytes
	for other, was := range c.entries {
		if c.bytes <= cacheMost {
			return
		}
		if other != key {
			delete(c.entries, other)
			c.bytes -= len(other) + len(was.value) + entryBytes
		}
	}
}
