package image

import (
	"fmt"
	"slices"
	"strings"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/job"
	"zomrobot/zomro"
)

// Copies is what the cards of a server's copies, or of an account's images, are made from.
type Copies struct {
	Account string                `json:"account,omitempty"` // the vendor's account that they are of; "": the default one
	Server  *zomro.Service        `json:"server,omitempty"`  // whose copies; nil: the images of the account
	Name    string                `json:"name,omitempty"`    // of the server, as it is told from the others
	Gone    bool                  `json:"gone,omitempty"`    // the server is no longer listed
	Loaded  bool                  `json:"loaded,omitempty"`
	Loads   int                   `json:"loads,omitempty"`   // how often something was loaded
	Trouble *conversation.Problem `json:"trouble,omitempty"` // it was not

	List          []zomro.Copy     `json:"list,omitempty"`
	MadeToday     int              `json:"madeToday,omitempty"`     // snapshots, by hand
	SnapshotPrice *zomro.Money     `json:"snapshotPrice,omitempty"` // the price of one, for a gigabyte and a day; nil: not told
	BackupPrice   *zomro.Money     `json:"backupPrice,omitempty"`   // likewise
	Schedules     []zomro.Schedule `json:"schedules,omitempty"`
	Kept          int              `json:"kept,omitempty"`   // scheduled backups; 0: not told
	Untold        []string         `json:"untold,omitempty"` // what of all this the vendor did not tell
	Offset        int              `json:"offset,omitempty"` // minutes by which the person's clock is ahead of UTC

	Page   int    `json:"page,omitempty"`
	Search string `json:"search,omitempty"`
	Chosen string `json:"chosen,omitempty"` // the id of the copy whose card it is

	SchedulePage int `json:"schedulePage,omitempty"`

	Ask Request `json:"ask,omitzero"` // what to do
}

// Request is what somebody wants done, while it is asked about.
type Request struct {
	Op       job.Op         `json:"op,omitempty"`
	Name     string         `json:"name,omitempty"`    // of a copy
	Offered  string         `json:"offered,omitempty"` // a name for one
	Schedule zomro.Schedule `json:"schedule,omitzero"` // as it is to be, or that goes
	Kept     int            `json:"kept,omitempty"`
}

// What the vendor may not have told.
const (
	untoldSnapshots = "snapshots"
	untoldBackups   = "backups"
	untoldSchedules = "schedules"
)

// Stored names the form of its state in the store.
func (c *Copies) Stored() string { return "copies" }

// Clone returns a copy.
func (c *Copies) Clone() conversation.State {
	is := *c
	return &is
}

// Lists are the lists that are kept apart.
func (c *Copies) Lists() map[string]any {
	return map[string]any{"copies": &c.List, "schedules": &c.Schedules}
}

// Meaning is what the meaning of the card's buttons depends on.
func (c *Copies) Meaning() string {
	server := ""
	if c.Server != nil {
		server = c.Server.ID
	}
	return fmt.Sprint(c.Account, server, c.Loads, c.Page, c.SchedulePage, c.Search, c.Chosen, c.Trouble != nil, c.Ask.Op, c.Ask.Name, c.Ask.Schedule, c.Ask.Kept)
}

// copiesOf returns the state of the cards of this kind; nil: the card is about something
// else.
func copiesOf(d conversation.Dialogue) *Copies {
	state, _ := conversation.StateOf[Copies](d)
	return state
}

// chosen returns the copy whose card it is.
func (c *Copies) chosen() (zomro.Copy, bool) {
	i := slices.IndexFunc(c.List, func(one zomro.Copy) bool { return one.ID == c.Chosen })
	if i < 0 {
		return zomro.Copy{}, false
	}
	return c.List[i], true
}

// reload asks the vendor again for what the card shows.
func reload(t *conversation.Turn) {
	c := copiesOf(t.Dialogue)
	c.Loaded, c.Trouble = false, nil
	if c.Server == nil {
		t.Do(LoadImages{Account: c.Account})
		return
	}
	t.Do(LoadCopies{Account: c.Account, Server: c.Server.ID})
}

// enteredCopies forgets what was asked when Back leads to the list.
func enteredCopies(t *conversation.Turn) {
	c := copiesOf(t.Dialogue)
	if c == nil {
		return
	}
	c.Ask, c.Chosen = Request{}, ""
	if c.Server == nil {
		t.Dialogue.Aside.Place = PlaceImages
	}
}

// backToServer leads from the copies of a server to its card.
func backToServer(t *conversation.Turn) {
	c := copiesOf(t.Dialogue)
	t.Raise(conversation.BackToServer{Account: c.Account, Server: c.Server.ID})
}

// rowTo leads back to a list of copies, or to what is kept of them.
func rowTo(p conversation.Place) func(conversation.Dialogue) []chat.Button {
	return func(d conversation.Dialogue) []chat.Button {
		c := copiesOf(d)
		if c.Server == nil {
			return []chat.Button{conversation.CommandButton("images")}
		}
		return conversation.ToPlace(c.Server.ID, c.Name, p)
	}
}

// copiesLoaded takes the copies that the card waits for.
func copiesLoaded(t *conversation.Turn, e CopiesLoaded) {
	c := copiesOf(t.Dialogue)
	if c == nil || c.Loaded || c.Server == nil || c.Server.ID != e.Server {
		return
	}
	t.Show = true
	c.Loads++
	c.Loaded, c.Trouble = true, e.Problem
	if e.Problem != nil {
		return
	}
	c.Gone = e.Service == nil
	if !c.Gone {
		c.Server = e.Service
	}
	c.List, c.Untold, c.SnapshotPrice, c.BackupPrice, c.MadeToday, c.Kept, c.Schedules = nil, nil, nil, nil, 0, 0, nil
	for _, part := range []struct {
		copies *zomro.Copies
		name   string
		price  **zomro.Money
	}{{e.Snapshots, untoldSnapshots, &c.SnapshotPrice}, {e.Backups, untoldBackups, &c.BackupPrice}} {
		if part.copies == nil {
			c.Untold = append(c.Untold, part.name)
			continue
		}
		c.List = append(c.List, part.copies.List...)
		*part.price = part.copies.Price
	}
	if e.Snapshots != nil {
		c.MadeToday = e.Snapshots.MadeToday
	}
	if e.Schedules == nil {
		c.Untold = append(c.Untold, untoldSchedules)
	} else {
		c.Schedules, c.Kept = e.Schedules.List, e.Schedules.Kept
	}
	zone := t.Dialogue.Reminders.Location(t.Dialogue.Language())
	_, seconds := t.Now.In(zone).Zone()
	c.Offset = seconds / 60
}

// changed reads a list again that is looked at and has changed. What somebody is asked about
// stays as it was asked.
func changed(t *conversation.Turn, e Changed) {
	c := copiesOf(t.Dialogue)
	if c == nil || !c.Loaded || c.Ask.Op != "" || c.Account != e.Account || c.Server != nil && c.Server.ID != e.Server {
		return
	}
	reload(t)
}

func (c *Copies) untold(what string) bool { return slices.Contains(c.Untold, what) }

func askCopies(v *conversation.View) {
	c := copiesOf(v.Dialogue)
	v.Line(chat.Say("copies.title", "Name", c.Name))
	if v.Waiting(c.Loaded, c.Trouble) {
		return
	}
	if c.Gone {
		v.Line(chat.Say("server.gone"))
		v.Row(v.Button(chat.Say("button.look_again"), conversation.VerbAgain))
		return
	}
	for _, what := range c.Untold {
		v.Line(chat.Say("copies.untold." + what))
	}
	if !c.untold(untoldSnapshots) && !c.untold(untoldBackups) && len(c.List) == 0 {
		v.Line(chat.Say("copies.none"))
	}
	listCopies(v, c)
	v.Gap()
	v.Line(c.prices()...)
	v.Line(c.schedulesInShort(v)...)
	v.Grid(2, makeButtons(v, c))
	if !c.untold(untoldSchedules) {
		v.Row(v.Button(chat.Say("button.schedules"), conversation.VerbSchedule))
	}
	v.Row(conversation.CommandButton("images"), v.Button(chat.Say("button.look_again"), conversation.VerbAgain))
}

// listCopies shows a page of the list.
func listCopies(v *conversation.View, c *Copies) {
	found := conversation.Filter(c.Search, len(c.List), func(i int) string { return textOf(c.List[i]) })
	v.Searched(c.Search, len(found))
	from, to := conversation.PageOf(c.Page, len(found))
	for _, i := range found[from:to] {
		v.Line(c.lineOf(c.List[i]))
		v.Row(v.Button(chat.Say("button.copy_of", "Mark", mark(c.List[i]), "Name", conversation.Short(c.called(c.List[i]))), conversation.VerbPick, i))
	}
	v.Pages(c.Page, len(found), c.Search != "")
}

// makeButtons are those that make a copy, as far as one can be made now.
func makeButtons(v *conversation.View, c *Copies) []chat.Button {
	if !job.Copyable(*c.Server) {
		v.Line(chat.Say("copies.not_now"))
		return nil
	}
	if !c.untold(untoldSnapshots) {
		v.Line(chat.Say("copies.made_today", "Made", c.MadeToday, "Most", zomro.MostSnapshots))
	}
	var buttons []chat.Button
	for i, op := range makes {
		if c.makes(op) {
			buttons = append(buttons, v.Button(label(op), conversation.VerbDo, i))
		}
	}
	return buttons
}

// makes are the ops that make a copy, in the order of their buttons.
var makes = []job.Op{job.Snapshot, job.Backup}

// makes reports whether a copy can be made now. Without the list of its kind nothing would
// tell whether it was.
func (c *Copies) makes(op job.Op) bool {
	switch {
	case c.Server == nil || c.Gone || !c.Loaded || c.Trouble != nil || !job.Copyable(*c.Server):
		return false
	case op == job.Snapshot:
		return !c.untold(untoldSnapshots) && c.MadeToday < zomro.MostSnapshots
	default:
		return !c.untold(untoldBackups)
	}
}

func pressCopies(t *conversation.Turn, verb string, n int) bool {
	c := copiesOf(t.Dialogue)
	switch {
	case browsed(t, c, verb, n):
	case verb == conversation.VerbSchedule && c.Loaded && !c.untold(untoldSchedules):
		t.Dialogue.Aside.Place = PlaceSchedules
	case verb == conversation.VerbDo && n >= 0 && n < len(makes) && c.makes(makes[n]):
		c.Ask = Request{Op: makes[n], Offered: string(makes[n]) + t.Now.Format("-2006-01-02-1504")}
		t.Dialogue.Aside.Place = PlaceCopyName
	default:
		return false
	}
	return true
}

// browsed carries out the buttons of a list of copies; false: it is none of them.
func browsed(t *conversation.Turn, c *Copies, verb string, n int) bool {
	switch {
	case verb == conversation.VerbAgain:
		reload(t)
	case verb == conversation.VerbPage:
		c.Page = n
	case verb == conversation.VerbAll:
		c.Search, c.Page = "", 0
	case verb == conversation.VerbPick && c.Loaded && n >= 0 && n < len(c.List):
		c.Chosen = c.List[n].ID
		t.Dialogue.Aside.Place = PlaceCopy
	default:
		return false
	}
	return true
}

func textSearch(t *conversation.Turn, text string) {
	c := copiesOf(t.Dialogue)
	c.Search, c.Page = conversation.Clip(text), 0
}

// images asks for the images of the account.
func images(t *conversation.Turn) {
	switch {
	case !t.Dialogue.Key.Private():
		t.Hint(chat.Say("images.private"))
		return
	case t.Dialogue.Account == "":
		t.Tell(chat.Say("keys.login_first"), "login")
		return
	}
	t.Ask(PlaceImages, &Copies{})
	reload(t)
	t.AsNew = true
}

// imagesLoaded takes the images that the card waits for.
func imagesLoaded(t *conversation.Turn, e ImagesLoaded) {
	c := copiesOf(t.Dialogue)
	if c == nil || c.Loaded || c.Server != nil || c.Account != e.Asked {
		return
	}
	t.Show = true
	c.Loads++
	c.Loaded, c.Trouble = true, e.Problem
	if e.Problem == nil {
		c.Account, c.List = e.Account, e.Images
	}
}

func askImages(v *conversation.View) {
	c := copiesOf(v.Dialogue)
	v.Line(chat.Say("images.title"))
	if v.Waiting(c.Loaded, c.Trouble) {
		return
	}
	if len(c.List) == 0 {
		v.Line(chat.Say("images.none"))
	}
	listCopies(v, c)
	v.Gap()
	v.Line(chat.Say("images.how", "Button", chat.Say("button.copies")))
	v.Row(v.Button(chat.Say("button.look_again"), conversation.VerbAgain))
	v.AccountSwitch(c.Account)
}

func pressImages(t *conversation.Turn, verb string, n int) bool {
	if id, ok := t.Switched(verb, n); ok {
		t.Dialogue.Aside.Flow = &Copies{Account: id}
		reload(t)
		return true
	}
	return browsed(t, copiesOf(t.Dialogue), verb, n)
}

// textOf is everything that can be searched in a copy.
func textOf(one zomro.Copy) string {
	return strings.Join([]string{one.ID, one.Name, string(one.Kind), one.System, one.State, one.Region, one.Format}, " ")
}
