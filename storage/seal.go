package storage

import (
	"crypto/rand"
	"fmt"
)

// A sealed value is
//
//	1 byte   layout: 1, or of a value that was packed 3, or 2 by an earlier version
//	1 byte   length of the key's id
//	n bytes  the key's id
//	24 bytes nonce
//	rest     XChaCha20-Poly1305 ciphertext and tag
//
// with the record's key as associated data, and the layout behind it when it is not the
// first. The nonce is random: 24 bytes are enough for that, however many values a key
// seals.
const (
	sealPlain      = 1
	sealPackedOnce = 2 // by fewer words
	sealPacked     = 3
)

// bound is what a sealed value is bound to.
func bound(key string, layout byte) []byte {
	if layout == sealPlain {
		return []byte(key)
	}
	return append([]byte(key), 0, layout)
}

// seal seals a value for its key with the first key of the ring.
func (k Keyring) seal(key string, value []byte) ([]byte, error) {
	if k.empty() {
		return nil, errNoKey
	}
	layout := byte(sealPlain)
	if packed, shorter := packings[sealPacked].pack(value); shorter {
		layout, value = sealPacked, packed
	}
	id, aead := k.first(), k.keys[0].aead()
	header := 2 + len(id) + aead.NonceSize()
	sealed := make([]byte, header, header+len(value)+aead.Overhead())
	sealed[0], sealed[1] = layout, byte(len(id)) //nolint:gosec // an id has at most 24 bytes
	copy(sealed[2:], id)
	nonce := sealed[2+len(id) : header]
	if _, err := rand.Read(nonce); err != nil {
		return nil, fmt.Errorf("storage: seal %q: %w", key, err)
	}
	return aead.Seal(sealed, nonce, value, bound(key, layout)), nil //nolint:gosec // the nonce is the part of sealed that was just filled
}

// open returns the value that was sealed for key, or ErrSealed.
func (k Keyring) open(key string, sealed []byte) ([]byte, error) {
	id, rest, err := sealedBy(key, sealed)
	if err != nil {
		return nil, err
	}
	aead, found := k.find(id)
	if !found {
		return nil, fmt.Errorf("%w: %q is sealed with key %q, which is not in the keyring", ErrSealed, key, id)
	}
	if len(rest) < aead.NonceSize() {
		return nil, fmt.Errorf("%w: %q is cut", ErrSealed, key)
	}
	nonce, ciphertext := rest[:aead.NonceSize()], rest[aead.NonceSize():]
	value, err := aead.Open(nil, nonce, ciphertext, bound(key, sealed[0]))
	if err != nil {
		return nil, fmt.Errorf("%w: %q was changed, or key %q is not the one that sealed it", ErrSealed, key, id)
	}
	if packing, packed := packings[sealed[0]]; packed {
		if value, err = packing.unpack(value); err != nil {
			return nil, fmt.Errorf("%w: %q: %w", ErrSealed, key, err)
		}
	}
	return value, nil
}

// sealedBy returns the id of the key that sealed a value, and what follows it.
func sealedBy(key string, sealed []byte) (id string, rest []byte, err error) {
	if len(sealed) < 2 || len(sealed) < 2+int(sealed[1]) {
		return "", nil, fmt.Errorf("%w: %q is cut", ErrSealed, key)
	}
	if sealed[0] < sealPlain || sealed[0] > sealPacked {
		return "", nil, fmt.Errorf("%w: %q has layout %d, want %d to %d", ErrSealed, key, sealed[0], sealPlain, sealPacked)
	}
	length := 2 + int(sealed[1])
	return string(sealed[2:length]), sealed[length:], nil
}
