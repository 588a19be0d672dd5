package image

import (
	"encoding/json"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/zomro"
)

// The places of copies and images.
const (
	PlaceCopies       conversation.Place = conversation.AtCopies    // of a server
	PlaceImages       conversation.Place = "images"                 // of an account
	PlaceCopy         conversation.Place = "copy"                   // one of either
	PlaceCopyName     conversation.Place = "copy_name"              // of a new one
	PlaceCopyRename   conversation.Place = "copy_rename"            // another one
	PlaceCopyRestore  conversation.Place = "copy_restore"           // the server's name is typed
	PlaceCopyDelete   conversation.Place = "copy_delete"            // its name is typed
	PlaceCopyAsk      conversation.Place = "copy_ask"               // whether to do it
	PlaceSchedules    conversation.Place = conversation.AtSchedules // of the server's backups
	PlaceSchedule     conversation.Place = "schedule"               // one of them
	PlaceScheduleName conversation.Place = "schedule_name"          // and what it is to be
	PlaceScheduleDays conversation.Place = "schedule_days"
	PlaceScheduleTime conversation.Place = "schedule_time"
	PlaceKept         conversation.Place = "backups_kept" // how many scheduled ones are kept
)

// Flow is the flow of copies and images.
func Flow() conversation.Flow {
	return conversation.Flow{
		Name: "image",
		Places: []conversation.Spot{
			{Name: PlaceCopies, Ask: askCopies, Press: pressCopies, Text: textSearch, Looks: true, Entered: enteredCopies, Back: backToServer, Row: rowTo(PlaceCopies)},
			{Name: PlaceImages, Ask: askImages, Press: pressImages, Text: textSearch, Looks: true, Row: rowTo(PlaceImages)},
			{Name: PlaceCopy, Parent: PlaceCopies, Ask: askCopy, Press: pressCopy, Looks: true},
			{Name: PlaceCopyName, Parent: PlaceCopies, Ask: askCopyName, Press: pressCopyName, Text: textCopyName},
			{Name: PlaceCopyRename, Parent: PlaceCopy, Ask: askCopyRename, Text: textCopyName},
			{Name: PlaceCopyRestore, Parent: PlaceCopy, Ask: askCopyRestore, Text: textCopyRestore, Agrees: true},
			{Name: PlaceCopyDelete, Parent: PlaceCopy, Ask: askCopyDelete, Text: textCopyDelete, Agrees: true},
			{Name: PlaceCopyAsk, Parent: PlaceCopies, Ask: askCopyAsk, Press: pressCopyAsk, Text: textCopyAsk, Again: true, Back: backFromAsk},
			{Name: PlaceSchedules, Parent: PlaceCopies, Ask: askSchedules, Press: pressSchedules, Looks: true, Row: rowTo(PlaceSchedules)},
			{Name: PlaceSchedule, Parent: PlaceSchedules, Ask: askSchedule, Press: pressSchedule, Looks: true},
			{Name: PlaceScheduleName, Parent: PlaceSchedules, Ask: askScheduleName, Press: pressScheduleName, Text: textScheduleName, Back: backFromSchedule},
			{Name: PlaceScheduleDays, Parent: PlaceScheduleName, Ask: askScheduleDays, Press: pressScheduleDays},
			{Name: PlaceScheduleTime, Parent: PlaceScheduleDays, Ask: askScheduleTime, Press: pressScheduleTime, Text: textScheduleTime},
			{Name: PlaceKept, Parent: PlaceSchedules, Ask: askKept, Press: pressKept},
		},
		Commands: []conversation.CommandSpec{
			{Name: "images", Topic: conversation.TopicServers, Menu: 11, Private: true, Run: func(t *conversation.Turn, _ conversation.Call) { images(t) }},
		},
		Door: &conversation.Door{
			Label: chat.Say("button.copies"),
			Able: func(s zomro.Service) bool {
				return s.Status == zomro.StatusActive || s.Status == zomro.StatusSuspended
			},
			Open: func(t *conversation.Turn, shown conversation.ServerShown) {
				server := shown.Server
				t.Ask(PlaceCopies, &Copies{Account: shown.Account, Server: &server, Name: shown.Name})
				reload(t)
			},
		},
		Thaw: func(_ conversation.Place, stored map[string]json.RawMessage) (conversation.State, error) {
			return conversation.Thaw[Copies](stored)
		},
		Take: func(t *conversation.Turn, e chat.Event) {
			switch e := e.(type) {
			case CopiesLoaded:
				copiesLoaded(t, e)
			case ImagesLoaded:
				imagesLoaded(t, e)
			case Changed:
				changed(t, e)
			}
		},
	}
}
