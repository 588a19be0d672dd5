package zomro

import (
	"errors"
	"strings"

	"golang.org/x/crypto/ssh"
)

// PublicKey is an SSH key that a person gave, as it can be added to an account.
type PublicKey struct {
	Line        string // as in authorized_keys, without the comment
	Comment     string // often "user@machine"; may be empty
	Type        string // "ssh-ed25519"
	Fingerprint string // "SHA256:…", as ssh-keygen -lf shows it
}

// Why a text is no SSH key that can be added.
var (
	ErrPrivateKey = errors.New("this is a private key")
	ErrManyKeys   = errors.New("this is more than one key")
	ErrKeyOptions = errors.New("the key is restricted by options, which would be lost")
	ErrNoKey      = errors.New("this is no public SSH key")
)

// privateMarks are found in private keys: those of OpenSSL and OpenSSH, also
// without their first line, and those of PuTTY.
var privateMarks = []string{
	"PRIVATE KEY-----", "BEGIN SSH2 ENCRYPTED PRIVATE KEY", "openssh-key-v1", "b3BlbnNzaC1rZXktdjE",
	"PuTTY-User-Key-File", "Private-Lines:", "Private-MAC:",
}

// HoldsPrivateKey reports whether a text holds a private key, or a part of one
// that can be recognised.
func HoldsPrivateKey(text string) bool {
	for _, mark := range privateMarks {
		if strings.Contains(text, mark) {
			return true
		}
	}
	return false
}

// ParsePublicKey reads a line of an authorized_keys file. It returns one of the
// errors above, none of which quotes the text.
func ParsePublicKey(text string) (PublicKey, error) {
	if HoldsPrivateKey(text) {
		return PublicKey{}, ErrPrivateKey
	}
	text = strings.TrimSpace(text)
	key, comment, options, _, err := ssh.ParseAuthorizedKey([]byte(text))
	if err != nil {
		return PublicKey{}, ErrNoKey
	}
	if _, certificate := key.(*ssh.Certificate); certificate {
		return PublicKey{}, ErrNoKey
	}
	switch {
	case strings.ContainsAny(text, "\r\n"):
		return PublicKey{}, ErrManyKeys
	case len(options) > 0:
		return PublicKey{}, ErrKeyOptions
	}
	return PublicKey{
		Line:        strings.TrimSpace(string(ssh.MarshalAuthorizedKey(key))),
		Comment:     strings.TrimSpace(comment),
		Type:        key.Type(),
		Fingerprint: ssh.FingerprintSHA256(key),
	}, nil
}
