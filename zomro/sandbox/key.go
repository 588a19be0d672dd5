package sandbox

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// key is an SSH key of an account.
type key struct {
	id, name, public string
	added            time.Time
}

// keyName is what the vendor takes as a name [F].
var keyName = regexp.MustCompile(`^[A-Za-z0-9\s_-]{1,32}$`)

// AddKey gives an account an SSH key and returns its id; "" if there is no such
// account.
func (s *Sandbox) AddKey(login, name, public string) string {
	id := ""
	s.withAccount(login, func(a *account) {
		id = s.addKey(a, name, public, s.config.Now())
	})
	return id
}

// RemoveKey takes a key from an account, as in the panel; false: there is none of this id.
func (s *Sandbox) RemoveKey(login, id string) bool {
	removed := false
	s.withAccount(login, func(a *account) { removed = a.removeKey(id) })
	return removed
}

func (s *Sandbox) addKey(a *account, name, public string, now time.Time) string {
	added := key{id: strconv.Itoa(s.next("key")), name: name, public: public, added: now}
	a.keys = append(a.keys, added)
	return added.id
}

// hasKey reports whether the account has a key of this id.
func (a *account) hasKey(id string) bool {
	for _, k := range a.keys {
		if k.id == id {
			return true
		}
	}
	return false
}

// sshkeys lists the account's keys [F].
func (s *Sandbox) sshkeys(r *request) (object, *failure) {
	rows := []object{}
	for _, k := range r.account.keys {
		sum := sha256.Sum256([]byte(k.public))
		rows = append(rows, object{
			"elid": value(k.id), "comment": value(k.name), "publicKey": value(k.public),
			"cdate":          value(k.added.UTC().Format(time.DateTime)),
			"fingerprint":    value("SHA256:" + base64.RawStdEncoding.EncodeToString(sum[:])),
			"fleio_key_uuid": value(imageID("key", k.id)),
		})
	}
	return paged(r, rows), nil
}

// sshkeysEdit adds a key, or changes the one that elid names. Errors carry a JSON text
// in $object [F].
func (s *Sandbox) sshkeysEdit(r *request) (object, *failure) {
	id := r.get("elid")
	at := slices.IndexFunc(r.account.keys, func(k key) bool { return k.id == id })
	switch {
	case id != "" && at < 0:
		return nil, missed(r, "sshkeys")
	case !r.submitted() && at >= 0:
		return object{"elid": value(id), "comment": value(r.account.keys[at].name), "publicKey": value(r.account.keys[at].public)}, nil
	case !r.submitted():
		return object{"comment": value(""), "publicKey": value("")}, nil
	}
	name, public := r.get("comment"), strings.TrimSpace(r.get("publicKey"))
	if !keyName.MatchString(name) {
		return nil, badKey("name", "Enter a valid name")
	}
	for i, k := range r.account.keys {
		if k.name == name && i != at {
			return nil, badKey("name", "A key already exists with the same name")
		}
	}
	if !publicKey(public) {
		return nil, badKey("public_key", "Invalid SSH public key")
	}
	if at >= 0 {
		r.account.keys[at].name, r.account.keys[at].public = name, public
		return object{"elid": value(id), "ok": value("")}, nil
	}
	return object{"elid": value(s.addKey(r.account, name, public, r.now)), "ok": value("")}, nil
}

func badKey(field, text string) *failure {
	return &failure{kind: "value", object: fmt.Sprintf(`{%q:[%q]}`, field, text), text: text}
}

// publicKey reports whether a text is a line of an authorized_keys file: the
// name of an algorithm, and base64 of a message that starts with that name.
func publicKey(line string) bool {
	words := strings.Fields(line)
	if len(words) < 2 {
		return false
	}
	blob, err := base64.StdEncoding.DecodeString(words[1])
	if err != nil || len(blob) < 4 {
		return false
	}
	length := binary.BigEndian.Uint32(blob)
	return uint64(len(blob)) > 4+uint64(length) && string(blob[4:4+length]) == words[0]
}

// sshkeysDelete removes a key [F].
func (s *Sandbox) sshkeysDelete(r *request) (object, *failure) {
	if !r.account.removeKey(r.get("elid")) {
		return nil, missed(r, "sshkeys")
	}
	return accepted(), nil
}

// removeKey takes a key from the account; false: it has none of this id.
func (a *account) removeKey(id string) bool {
	had := len(a.keys)
	a.keys = slices.DeleteFunc(a.keys, func(k key) bool { return k.id == id })
	return len(a.keys) < had
}
