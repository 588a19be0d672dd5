package conversation_test

import (
	"slices"
	"time"

	"zomrobot/conversation"
	imageflow "zomrobot/conversation/image"
	"zomrobot/zomro"
)

// copiesOf are the copies of a kind of the first server.
func copiesOf(kind zomro.CopyKind) zomro.Copies {
	day, cost, price := time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC), euro("0.02"), euro("0.0024")
	copies := zomro.Copies{MadeToday: 2, Price: &price, List: []zomro.Copy{{
		ID: "301", Name: "before", Kind: zomro.KindSnapshot, Fleio: "0b6c9a14-0000-4000-8000-000000000301", State: zomro.ImageActive,
		Size: "8", System: "ubuntu 24.04", Created: day, Cost: &cost, Deletable: true,
	}, {
		ID: "302", Name: "now", Kind: zomro.KindSnapshot, Fleio: "0b6c9a14-0000-4000-8000-000000000302", State: "saving",
	}}}
	if kind == zomro.KindBackup {
		copies.List = []zomro.Copy{{
			ID: "303", Name: "daily", Kind: kind, Fleio: "0b6c9a14-0000-4000-8000-000000000303", State: zomro.ImageActive, Made: "Scheduled", Protected: true,
		}, {ID: "304", Name: "daily", Kind: kind, Fleio: "0b6c9a14-0000-4000-8000-000000000304", State: zomro.ImageActive, Deletable: true}}
	}
	return copies
}

// respondImages answers what is asked about copies and images; false: it is something else.
func (k *talk) respondImages(e conversation.Effect) bool {
	k.t.Helper()
	switch e := e.(type) {
	case imageflow.LoadCopies:
		event := imageflow.CopiesLoaded{Server: e.Server}
		servers := serversOf()
		if k.servers != nil {
			servers = k.servers
		}
		if i := slices.IndexFunc(servers, func(s zomro.Service) bool { return s.ID == e.Server }); i >= 0 {
			event.Service = &servers[i]
		}
		snapshots, backups := copiesOf(zomro.KindSnapshot), copiesOf(zomro.KindBackup)
		event.Snapshots, event.Backups = &snapshots, &backups
		event.Schedules = &zomro.Schedules{Kept: 3, List: []zomro.Schedule{{ID: "9", Backups: zomro.Backups{Name: "daily", Days: []int{1, 4}, Time: "01:20"}}}}
		if k.copies != nil {
			k.copies(&event)
		}
		k.step(event)
	case imageflow.LoadImages:
		golden := zomro.Copy{ID: "310", Name: "golden", Kind: zomro.KindImage, State: zomro.ImageActive, Format: "iso", Region: "nl-3", Deletable: true}
		k.step(imageflow.ImagesLoaded{Asked: e.Account, Account: firstOf(e.Account, "7"), Images: append(copiesOf(zomro.KindSnapshot).List, golden, copiesOf(zomro.KindBackup).List[0])})
	default:
		return false
	}
	return true
}
