package zomro

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"unicode/utf8"
)

// maxKeyName is how long the name of an SSH key may be, in characters [F].
const maxKeyName = 32

// keyNameForm is what the vendor takes as the name of an SSH key [F].
var keyNameForm = regexp.MustCompile(`^[A-Za-z0-9\s_-]+$`)

// SSHKey is an SSH key of the account [F].
type SSHKey struct {
	ID          string `json:"id"` // as an order takes it: "490"
	Name        string `json:"name"`
	Public      string `json:"public,omitempty"`      // a line as in authorized_keys; empty: not told
	Fingerprint string `json:"fingerprint,omitempty"` // as the vendor writes it; empty: not told
}

// ValidKeyName reports whether the vendor takes a name for an SSH key: 1 to 32
// Latin letters, digits, spaces, hyphens and underscores [F].
func ValidKeyName(name string) bool {
	return isLine(name) && keyNameForm.MatchString(name) && utf8.RuneCountInString(name) <= maxKeyName
}

// SSHKeys returns the SSH keys of the account (func=sshkeys [F]). A list that
// cannot be understood, or is shorter than the vendor counts, is [Unreadable].
func (c *Client) SSHKeys(ctx context.Context, auth Auth) ([]SSHKey, error) {
	return readList(ctx, c, "sshkeys", auth, "+comment", parseSSHKeys, func(k SSHKey) string { return k.ID })
}

// parseSSHKeys reads one page of keys. total is how many there are in all, -1
// when it is not told.
func parseSSHKeys(doc node) (keys []SSHKey, total int, err error) {
	total, counted := doc.at("p_elems").number()
	if !counted {
		total = -1
	}
	elem := doc.at("elem")
	if !elem.exists() && !counted && !doc.at("p_num").exists() && doc.at("$func").text() != "sshkeys" {
		return nil, 0, errors.New("no list of keys")
	}
	for _, row := range elem.rows() {
		key := SSHKey{
			ID:          row.at("elid").text(),
			Name:        row.at("comment").text(),
			Public:      row.at("publicKey").text(),
			Fingerprint: row.at("fingerprint").text(),
		}
		if key.ID == "" {
			return nil, 0, errors.New("a key without an id")
		}
		keys = append(keys, key)
	}
	return keys, total, nil
}

// keyTrust: what is wrong with each field, for instance {"name":["A key already
// exists with the same name"]}, and a text that is not a key [F].
var keyTrust = trust{denials: true, refusals: []refusal{{fields: true}, {text: "Invalid SSH public key"}}}

// AddSSHKey adds a public key, a line as in authorized_keys, to the account
// (func=sshkeys.edit [F]). It is sent once. A name that is taken, or a key that
// the vendor does not understand, is [Refused]; any other error but a denial is
// [Unknown]. The vendor may answer a slow call with a page instead of a document
// [F]: that is [Unknown], and [Client.SSHKeys] shows the outcome.
func (c *Client) AddSSHKey(ctx context.Context, auth Auth, name, public string) error {
	const op = "sshkeys.edit"
	switch {
	case !ValidKeyName(name):
		return invalid(op, &FieldError{"comment", "is not a name of at most 32 Latin letters, digits, spaces, hyphens and underscores"})
	case !isLine(public):
		return invalid(op, &FieldError{"publicKey", "is not one line of text"})
	}
	_, err := c.writeFunc(ctx, op, auth, keyTrust, keyFields(name, public)...)
	return keyRefusal(err)
}

// keyFields are how the cabinet adds a key, and renames one [F].
func keyFields(name, public string) []field {
	return []field{
		{"sok", "ok"},
		{"clicked_button", "ok"},
		{"processingmodulegroup", "1"},
		{"comment", name},
		{"publicKey", public},
	}
}

// RenameSSHKey gives a key of the account another name (func=sshkeys.edit with its
// elid [F]). The vendor is sent the key itself with it, as the list tells it: one that
// the list does not tell is [Refused]. It is sent once, and its errors are those of
// [Client.AddSSHKey]; what the key is called afterwards only [Client.SSHKeys] shows.
func (c *Client) RenameSSHKey(ctx context.Context, auth Auth, key SSHKey, name string) error {
	const op = "sshkeys.edit"
	switch {
	case !isNumber(key.ID):
		return invalid(op, &FieldError{"elid", "is not the id of a key"})
	case !ValidKeyName(name):
		return invalid(op, &FieldError{"comment", "is not a name of at most 32 Latin letters, digits, spaces, hyphens and underscores"})
	case !isLine(key.Public):
		return invalid(op, &FieldError{"publicKey", "is not told by the list"})
	}
	_, err := c.writeFunc(ctx, op, auth, keyTrust, append(keyFields(name, key.Public), field{"elid", key.ID})...)
	return keyRefusal(err)
}

// DeleteSSHKey removes a key from the account (func=sshkeys.delete [F]); servers that
// have it keep it [i]. It is sent once. Any error but a denial is [Unknown]; whether it
// is gone only [Client.SSHKeys] shows.
func (c *Client) DeleteSSHKey(ctx context.Context, auth Auth, id string) error {
	const op = "sshkeys.delete"
	if !isNumber(id) {
		return invalid(op, &FieldError{"elid", "is not the id of a key"})
	}
	_, err := c.writeFunc(ctx, op, auth, trust{denials: true}, field{"elid", id})
	return err
}

// keyRefusal gives a refusal of a key the code of what is wrong with it, where that is
// known [F].
func keyRefusal(err error) error {
	var refused *Error
	if !errors.As(err, &refused) || refused.Kind != Refused {
		return err
	}
	switch said := strings.ToLower(refused.Object + " " + refused.Message); {
	case strings.Contains(said, "a key already exists with the same name"):
		refused.Code = CodeKeyTaken
	case strings.Contains(said, "invalid ssh public key"):
		refused.Code = CodeKeyBad
	}
	return err
}
