package sandbox

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
)

// console answers with the way to a server's screen, and with the cookie that the
// vendor's panel sets for it [F].
func (s *Sandbox) console(r *request) (object, *failure) {
	v, failed := idle(r, "instances", "active", "resized", "rescued", "booted_from_iso")
	if failed != nil {
		return nil, failed
	}
	n := strconv.Itoa(s.next("console"))
	body := object{"ok": value("https://console.sandbox.invalid/vnc_auto.html?token=" + consoleToken(v.id+" address "+n))}
	if !s.bareConsole {
		body["cookies"] = object{"cookie": object{"$name": "vncsession", "$": consoleToken(v.id + " cookie " + n)}}
	}
	return body, nil
}

// consoleToken is a secret that is made of words.
func consoleToken(words string) string {
	sum := sha256.Sum256([]byte("console " + words))
	return hex.EncodeToString(sum[:16])
}

// SetBareConsole has the way to a server's screen come without a cookie.
func (s *Sandbox) SetBareConsole(bare bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.bareConsole = bare
}
