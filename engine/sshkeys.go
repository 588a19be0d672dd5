package engine

import (
	"bytes"
	"context"
	"encoding/binary"
	"unicode/utf16"
	"unicode/utf8"

	"zomrobot/chat"
	"zomrobot/conversation"
	accountflow "zomrobot/conversation/account"
	"zomrobot/storage"
	"zomrobot/zomro"
)

// loadKeys answers LoadKeys.
func (e *Engine) loadKeys(er errand, load accountflow.LoadKeys) asked {
	key, lang := er.key, er.lang
	return func(ctx context.Context) (chat.Event, []func(storage.Tx) error) {
		event := accountflow.KeysLoaded{Account: load.Account}
		err := e.accounts.With(ctx, key.User, load.Account, lang, func(auth zomro.Auth) (err error) {
			event.Keys, err = e.vendor.SSHKeys(ctx, auth)
			return err
		})
		if err != nil {
			event.Problem = e.problem("keys", key, err)
		}
		return event, nil
	}
}

// readFile answers ReadFile.
func (e *Engine) readFile(_ errand, read conversation.ReadFile) asked {
	return func(ctx context.Context) (chat.Event, []func(storage.Tx) error) {
		content, err := e.chat.ReadFile(ctx, read.File)
		if err != nil {
			e.log.Warn("a file could not be read", "error", err)
		}
		text := plainText(content)
		return conversation.FileRead{Message: read.Message, Text: text, Failed: err != nil || !utf8.ValidString(text)}, nil
	}
}

// plainText is the text of a file; Windows writes some with two bytes for each sign.
func plainText(content []byte) string {
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(content, []byte{0xff, 0xfe}):
		order = binary.LittleEndian
	case bytes.HasPrefix(content, []byte{0xfe, 0xff}):
		order = binary.BigEndian
	default:
		return string(content)
	}
	var units []uint16
	for at := 2; at+1 < len(content); at += 2 {
		units = append(units, order.Uint16(content[at:]))
	}
	return string(utf16.Decode(units))
}

// addKey answers AddKey. The list of keys is looked at before and after: an
// effect that is carried out again, and a call whose answer was lost, add
// nothing twice, and what is in the account was added whatever the answer was.
func (e *Engine) addKey(er errand, add accountflow.AddKey) asked {
	key, lang := er.key, er.lang
	return func(ctx context.Context) (chat.Event, []func(storage.Tx) error) {
		event := accountflow.KeyAdded{Name: add.Name}
		err := e.accounts.With(ctx, key.User, add.Account, lang, func(auth zomro.Auth) error {
			name, known, err := e.findKey(ctx, auth, add.Line)
			if err != nil {
				return err
			}
			if known {
				event.Name, event.Known = name, name != add.Name
				return nil
			}
			failed := e.vendor.AddSSHKey(ctx, auth, add.Name, add.Line)
			if zomro.KindOf(failed) != zomro.Unknown {
				return failed
			}
			if _, known, err := e.findKey(ctx, auth, add.Line); err == nil && known {
				return nil
			}
			return failed
		})
		if err != nil {
			event.Problem = e.problem("add a key", key, err)
		}
		return event, nil
	}
}

// findKey returns the name under which the account has a public key.
func (e *Engine) findKey(ctx context.Context, auth zomro.Auth, line string) (name string, found bool, err error) {
	wanted, err := zomro.ParsePublicKey(line)
	if err != nil {
		return "", false, err
	}
	keys, err := e.vendor.SSHKeys(ctx, auth)
	if err != nil {
		return "", false, err
	}
	for _, k := range keys {
		public, err := zomro.ParsePublicKey(k.Public)
		if err == nil && public.Fingerprint == wanted.Fingerprint {
			return k.Name, true, nil
		}
	}
	return "", false, nil
}
