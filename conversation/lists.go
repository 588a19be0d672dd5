package conversation

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"time"
)

// A list is what somebody else listed: the plans of a datacenter, the servers of an
// account. It is most of what a dialogue holds, is the same at each turn and often the
// same for many people, and is only ever replaced, never changed. So it is kept apart
// from the dialogue, which is written at each turn.

// Shelf keeps lists apart from the dialogues that hold them.
type Shelf interface {
	// Keep returns the name under which a list is kept, and an equal list, which is
	// shared with others that hold it. "": it is not worth it and stays in the dialogue.
	Keep(list any) (name string, same any, err error)
	// Find sets what list points to to the list of that name; false: it is lost.
	Find(name string, list any) (bool, error)
}

// Lister is a [State] with lists.
type Lister interface {
	// Lists returns pointers to the fields that hold them, by names that stay.
	Lists() map[string]any
}

// asidePrefix begins the names of lists of a question beside the draft.
const asidePrefix = "aside."

// lists returns pointers to the fields of a copy of a dialogue that hold lists. All such
// fields are named here, and in Lists of the states.
func (d *Dialogue) lists() map[string]any {
	all := map[string]any{}
	if dr := d.Draft; dr != nil {
		all["catalogue"], all["plan"] = &dr.Catalogue, &dr.Plan
		if dr.Form != nil { // its keys are the account's own, and few
			form := *dr.Form
			dr.Form = &form
			all["addons"], all["images"] = &form.Addons, &form.Images
		}
	}
	prefix := asidePrefix
	for a := d.Aside; a != nil; prefix += "behind." {
		if held, ok := a.Flow.(Lister); ok {
			for name, list := range held.Lists() {
				all[prefix+name] = list
			}
		}
		over, ok := a.Flow.(interface{ Behind() *Aside })
		if !ok {
			break
		}
		if a = over.Behind(); a != nil && a.Flow != nil {
			a.Flow = a.Flow.Clone()
		}
	}
	return all
}

// record is a dialogue as it is kept.
type record struct {
	Dialogue
	Lists map[string]string `json:"lists,omitempty"` // which lists of the shelf go where
}

// Encode returns a dialogue as it is kept, without the lists that go to the shelf, and
// the dialogue as it is read of that.
func (m *Machine) Encode(d Dialogue, shelf Shelf) (text []byte, same Dialogue, err error) {
	kept := record{Dialogue: d.clone(), Lists: map[string]string{}}
	held := map[reflect.Value]any{}
	for where, list := range kept.lists() {
		field := reflect.ValueOf(list).Elem()
		if field.IsZero() {
			continue
		}
		name, shared, err := shelf.Keep(field.Interface())
		if err != nil {
			return nil, d, err
		}
		if name != "" {
			kept.Lists[where], held[field] = name, shared
			field.SetZero()
		}
	}
	if text, err = json.Marshal(kept); err != nil {
		return nil, d, fmt.Errorf("encode a dialogue: %T", err) // the cause may quote it
	}
	for field, list := range held {
		field.Set(reflect.ValueOf(list))
	}
	return text, kept.Dialogue, nil
}

// Decode reads a dialogue as it is kept, by this version of the program or an earlier
// one, which kept the lists in it. What needs a list that is lost is given up, or is
// asked for again; the draft stays.
func (m *Machine) Decode(text []byte, shelf Shelf) (Dialogue, error) {
	var kept record
	if err := json.Unmarshal(text, &kept); err != nil {
		return kept.Dialogue, err
	}
	d := kept.Dialogue
	if err := m.thaw(d.Aside); err != nil || len(kept.Lists) == 0 {
		return d, err
	}
	lists := d.lists()
	var lost []string
	for where, name := range kept.Lists {
		list, known := lists[where]
		if !known {
			continue // of another version
		}
		found, err := shelf.Find(name, list)
		if err != nil {
			return d, err
		}
		if !found {
			lost = append(lost, where)
		}
	}
	d.doWithout(lost)
	return d, nil
}

// doWithout makes of a dialogue whose lists are lost one that has not loaded them yet:
// the next step goes to where the draft is to be gone on with, and loads what that needs;
// a question beside it has expired.
func (d *Dialogue) doWithout(lost []string) {
	if len(lost) == 0 {
		return
	}
	d.Rev++ // what its buttons mean has changed
	for _, where := range lost {
		if strings.HasPrefix(where, asidePrefix) {
			d.Aside.Until = time.Time{}
			continue
		}
		d.Draft.Catalogue, d.Draft.Form = nil, nil
		d.Draft.Place = "" // see [Turn.heal]
	}
}
