package server

import (
	"errors"
	"slices"
	"strings"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/job"
	"zomrobot/zomro"
)

// ofNetwork are the ops whose buttons stand at the server's network.
var ofNetwork = []job.Op{job.ReverseDNS}

// askServerNetwork shows the addresses of a server and the name that they lead to.
func askServerNetwork(v *conversation.View) {
	s := serversOf(v.Dialogue)
	server, found := s.chosen()
	if !found {
		v.Line(chat.Say("server.gone"))
		return
	}
	serverHead(v, server)
	addresses(v, server)
	v.Line(reverseDNS(s.Details))
	for _, address := range []string{server.IPv4, server.IPv6} {
		if address != "" {
			v.Row(chat.Button{Label: chat.Say("button.copy", "Text", address), Copy: address})
		}
	}
	if slices.Contains(s.possible(v.Dialogue, server), job.ReverseDNS) {
		v.Row(v.Button(s.rdnsLabel(), conversation.VerbDo, slices.Index(allOps, job.ReverseDNS)))
		return
	}
	if slices.Contains(job.Possible(server), job.ReverseDNS) {
		return // it is not this person's to set
	}
	v.Line(chat.Say("server.rdns_not_now"))
}

// rdnsLabel is the op on a button: a record is set, or the one that is there is changed.
func (s *Servers) rdnsLabel() chat.Phrase {
	if s.Details != nil && s.Details.ReverseDNS != "" {
		return chat.Say("button.rdns_change")
	}
	return opLabel(job.ReverseDNS)
}

// addresses says the addresses of a server, as far as it has any.
func addresses(v *conversation.View, s zomro.Service) {
	if s.IPv4 != "" {
		v.Line(chat.Say("service.ipv4", "Address", chat.Arg{Code: s.IPv4}))
	}
	if s.IPv6 != "" {
		v.Line(chat.Say("service.ipv6", "Address", chat.Arg{Code: s.IPv6}))
	}
}

// reverseDNS says what the vendor tells of the reverse DNS record.
func reverseDNS(details *zomro.ServiceDetails) chat.Phrase {
	switch {
	case details == nil:
		return chat.Say("server.rdns_untold")
	case details.ReverseDNS == "":
		return chat.Say("server.rdns_none")
	default:
		return chat.Say("server.rdns", "Text", details.ReverseDNS)
	}
}

func askServerRDNS(v *conversation.View) {
	s := serversOf(v.Dialogue)
	server, _ := s.chosen()
	v.Line(chat.Say("server.ask_rdns", "Name", chat.Arg{Code: s.called(server)}), reverseDNS(s.Details), chat.Say("server.rdns_means"))
}

func textServerRDNS(t *conversation.Turn, text string) {
	host := strings.TrimSuffix(strings.TrimSpace(text), ".")
	if wrong := wrongHost(host); wrong != nil {
		t.Note(*wrong)
		return
	}
	s := serversOf(t.Dialogue)
	if s.Details != nil && zomro.SameHost(s.Details.ReverseDNS, host) {
		t.Note(chat.Say("note.same_host"))
		return
	}
	s.Ask.NewName = host
	t.Dialogue.Aside.Place = PlaceServerAsk
}

// wrongHost returns what is wrong with a host name; nil: nothing.
func wrongHost(host string) *chat.Phrase {
	var fault zomro.HostFault
	if !errors.As(zomro.CheckHost(host), &fault) {
		return nil
	}
	wrong := chat.Say("wrong.host." + string(fault))
	return &wrong
}
