package audit

import (
	"encoding/json"
)

// Public returns the line as it may be read by those who do not hold the account
// that pays: without the vendor's id of the account, without what is on it, and
// without the vendor's own words, which may tell of that. A line from which
// something was left out has no hash; the line after it still has the hash of the
// whole. Of an event of a later version it tells only that there was one.
func (l Line) Public() (Line, error) {
	deed, err := l.Read()
	if err != nil {
		l.What, l.Hash = json.RawMessage(`{}`), ""
		return l, nil
	}
	switch d := deed.(type) {
	case Opened:
		d.Account = ""
		deed = d
	case Answered:
		d.Balance, d.Failure = nil, d.Failure.public()
		deed = d
	case Tried:
		d.Account, d.Failure = "", d.Failure.public()
		deed = d
	case Acted:
		d.Account, d.Failure = "", d.Failure.public()
		deed = d
	default:
		return l, nil
	}
	what, err := json.Marshal(deed)
	if err == nil && string(what) != string(l.What) {
		l.What, l.Hash = what, ""
	}
	return l, err
}

func (f *Failure) public() *Failure {
	if f == nil {
		return nil
	}
	told := *f
	told.Message = ""
	return &told
}
