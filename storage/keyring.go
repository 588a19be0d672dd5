package storage

import (
	"bytes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"strings"

	"golang.org/x/crypto/chacha20poly1305"
)

// Keyring holds the keys that seal values. The first seals, all open. Printing or
// logging it shows only the ids. The zero value has no key and opens nothing. Make
// one with [ParseKeys].
type Keyring struct{ keys []sealingKey }

type sealingKey struct {
	id string
	// aead is a function so that the key is hidden behind it: fmt does not look
	// into functions, even where it cannot see the methods of Keyring, as in an
	// unexported field.
	aead func() cipher.AEAD
}

// keyID is what an id looks like: short, so that a key given in place of its id is
// not taken for one and printed.
var keyID = regexp.MustCompile(`^[A-Za-z0-9._-]{1,24}$`)

// GenerateKey makes a key and returns it as "id:base64", the form that
// [ParseKeys] reads. An id has 1 to 24 letters, digits and "._-".
func GenerateKey(id string) (string, error) {
	if !keyID.MatchString(id) {
		return "", errors.New("storage: generate key: an id has 1 to 24 letters, digits and ._-")
	}
	material := make([]byte, chacha20poly1305.KeySize)
	if _, err := rand.Read(material); err != nil {
		return "", fmt.Errorf("storage: generate key %q: %w", id, err)
	}
	return id + ":" + base64.StdEncoding.EncodeToString(material), nil
}

// ParseKeys reads keys written as "id:base64,id:base64": each 32 random bytes in
// standard base64, each id and each key once. Space around a key is ignored.
// Errors name the id, never the key.
func ParseKeys(text string) (Keyring, error) {
	var (
		ring Keyring
		seen [][]byte
	)
	parts := strings.Split(text, ",")
	for i, part := range parts {
		id, encoded, found := strings.Cut(strings.TrimSpace(part), ":")
		if !found || !keyID.MatchString(id) {
			return Keyring{}, fmt.Errorf("storage: key %d of %d: want id:base64, the id of 1 to 24 letters, digits and ._-", i+1, len(parts))
		}
		material, err := decodeKey(encoded)
		if err != nil {
			return Keyring{}, fmt.Errorf("storage: key %q: %w", id, err)
		}
		for j, other := range ring.keys {
			if other.id == id {
				return Keyring{}, fmt.Errorf("storage: key %q is given twice", id)
			}
			if bytes.Equal(seen[j], material) {
				return Keyring{}, fmt.Errorf("storage: keys %q and %q are the same", other.id, id)
			}
		}
		aead, err := chacha20poly1305.NewX(material)
		if err != nil {
			return Keyring{}, fmt.Errorf("storage: key %q: %w", id, err)
		}
		ring.keys = append(ring.keys, sealingKey{id: id, aead: func() cipher.AEAD { return aead }})
		seen = append(seen, material)
	}
	return ring, nil
}

// decodeKey returns the 32 bytes of a key. Its error does not say what was read.
func decodeKey(encoded string) ([]byte, error) {
	errForm := errors.New("want 32 random bytes in standard base64, as keygen prints them")
	if len(encoded) != base64.StdEncoding.EncodedLen(chacha20poly1305.KeySize) {
		return nil, errForm
	}
	material, err := base64.StdEncoding.Strict().DecodeString(encoded)
	if err != nil || len(material) != chacha20poly1305.KeySize {
		return nil, errForm
	}
	return material, nil
}

// String returns the ids of the keys.
func (k Keyring) String() string {
	ids := make([]string, len(k.keys))
	for i, key := range k.keys {
		ids[i] = key.id
	}
	return "keyring[" + strings.Join(ids, " ") + "]"
}

// Format prints the ids of the keys whatever the verb is.
func (k Keyring) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(k.String())) }

// LogValue logs the ids of the keys.
func (k Keyring) LogValue() slog.Value { return slog.StringValue(k.String()) }

// Len returns how many keys there are. With more than one, values may be sealed
// with a key other than the first; see [Reseal].
func (k Keyring) Len() int { return len(k.keys) }

func (k Keyring) empty() bool { return len(k.keys) == 0 }

// first returns the id of the key that seals.
func (k Keyring) first() string { return k.keys[0].id }

func (k Keyring) find(id string) (cipher.AEAD, bool) {
	for _, key := range k.keys {
		if key.id == id {
			return key.aead(), true
		}
	}
	return nil, false
}
