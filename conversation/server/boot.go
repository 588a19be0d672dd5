package server

import (
	"slices"
	"strings"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/job"
	"zomrobot/zomro"
)

// A server is booted from something else than its disk to be put right: into another
// system (rescue), or from an ISO image. Its state says so until it is booted from the
// disk again.

// toImages asks for an image, for the op that is asked about.
func toImages(t *conversation.Turn) {
	t.Dialogue.Aside.Place = PlaceServerImage
	t.Do(loadImages(serversOf(t.Dialogue)))
}

// loadImages asks for the images of the op that is asked about.
func loadImages(s *Servers) conversation.Effect {
	if s.Ask.Op == job.Rebuild {
		return LoadRebuild{Account: s.Account, Server: s.Chosen}
	}
	return LoadBoot{Account: s.Account, Server: s.Chosen, ISO: s.Ask.Op == job.BootISO}
}

// bootLoaded takes what a server can be booted from.
func bootLoaded(t *conversation.Turn, e BootLoaded) {
	op := job.Rescue
	if e.ISO {
		op = job.BootISO
	}
	imagesLoaded(t, e.Server, op, zomro.RebuildForm{Images: e.Images}, e.Names, e.Problem)
}

// imagesLoaded takes the images of an op.
func imagesLoaded(t *conversation.Turn, server string, op job.Op, form zomro.RebuildForm, names map[string]string, trouble *conversation.Problem) {
	if s, ok := asideServers(t); ok && s.Chosen == server && s.Ask.Op == op && !s.Ask.Loaded {
		s.Ask.Loaded, s.Ask.Trouble, s.Ask.Form, s.Ask.Names = trouble == nil, trouble, &form, names
		s.Loads++
		t.Show = true
	}
}

// imageChosen asks what else has to be known, once the image is.
func imageChosen(t *conversation.Turn) {
	s := serversOf(t.Dialogue)
	s.Ask.Making = false
	switch {
	case s.Ask.Op == job.BootISO:
		t.Dialogue.Aside.Place = PlaceServerAsk
	case s.Ask.unseen():
		s.Ask.Making = true
		t.Do(MakeServerPassword{Server: s.Chosen})
	default:
		t.Dialogue.Aside.Place = PlaceServerPassword
	}
}

// unseen reports whether the password is made and shown to nobody: Windows does not take
// the one that a rescue is sent with.
func (ask Request) unseen() bool {
	return ask.Op == job.Rescue && ask.Image != nil && conversation.Windows(ask.Image.Label)
}

// bootMeans says what it means to boot the server from something else, before that is done.
func (ask Request) bootMeans() []chat.Phrase {
	lines := []chat.Phrase{chat.Say("server.boot_means")}
	switch {
	case ask.Op == job.BootISO:
		lines = append(lines, chat.Say("server.iso_console"))
	case ask.unseen():
		lines = append(lines, chat.Say("server.rescue_windows"))
	case ask.Image.Zone != "pub":
		lines = append(lines, ask.access(), chat.Say("server.rescue_own"))
	default:
		lines = append(lines, ask.access())
	}
	return lines
}

// ofVendor reports whether an image is one of the vendor's systems, and not a copy of what
// somebody had on a server.
func ofVendor(image zomro.Image) bool { return image.Zone != "own" && image.Zone != "shr" }

// named is the name of an image that is not the vendor's; "": it is not known, or says no
// more than the label.
func (ask Request) named(image zomro.Image) string {
	name := ask.Names[image.ID]
	if ofVendor(image) || name == image.Label {
		return ""
	}
	return name
}

// imageText names an image, so that a copy is not taken for the system of which it is one.
func (ask Request) imageText(image zomro.Image) chat.Phrase {
	label := ask.labelOf(image)
	switch name := ask.named(image); {
	case ofVendor(image):
		return conversation.Plain(label)
	case name != "":
		return chat.Say("button.image_named", "Name", conversation.Short(name), "Label", conversation.Short(label))
	case image.Zone == "shr":
		return chat.Say("button.image_shared", "Label", conversation.Short(label))
	default:
		return chat.Say("button.image_own", "Label", conversation.Short(label))
	}
}

// labelOf is the label of an image; with its id, of which the beginning is enough, where
// nothing else tells it from another of the same label.
func (ask Request) labelOf(image zomro.Image) string {
	if ofVendor(image) || ask.named(image) != "" || ask.Form == nil {
		return image.Label
	}
	alike := func(other zomro.Image) bool {
		return other.ID != image.ID && other.Label == image.Label && other.Zone == image.Zone && ask.named(other) == ""
	}
	if !slices.ContainsFunc(ask.Form.Images, alike) {
		return image.Label
	}
	id, _, _ := strings.Cut(image.ID, "-")
	return image.Label + " #" + id
}

// imageLabel is imageText in every language: what the card of the job says.
func (ask Request) imageLabel(image zomro.Image) string {
	label := ask.labelOf(image)
	switch name := ask.named(image); {
	case ofVendor(image):
		return label
	case name != "":
		return "📦 " + name + " (" + label + ")"
	default:
		return "📦 " + label
	}
}
