package conversation_test

import (
	"fmt"
	"time"

	"zomrobot/chat"
	"zomrobot/conversation"
)

// greeting is a flow of one command, which shows a card.
func greeting() conversation.Flow {
	const here conversation.Place = "greeting"
	return conversation.Flow{
		Name: "greeting",
		Places: []conversation.Spot{{
			Name: here, Looks: true,
			Ask: func(v *conversation.View) { v.Line(chat.Say("greeting.hello", "Name", v.Dialogue.Name)) },
		}},
		Commands: []conversation.CommandSpec{{
			Name: "hello", Menu: 1, Private: true,
			Run: func(t *conversation.Turn, _ conversation.Call) {
				t.Ask(here, nil)
				t.AsNew = true // below what the person has written
			},
		}},
	}
}

// A dialogue is a value: a step returns the next one and what is to be done, and does
// nothing itself. Words are keys of the locales until the edge writes them.
func Example() {
	machine := conversation.Assemble(conversation.Basics(), greeting())
	before := conversation.New(chat.Key{Chat: 42, User: 42})
	now := time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC)

	after, effects := machine.Step(before, chat.Command{From: chat.Person{ID: 42, Name: "Anna"}, Name: "hello"}, now)
	for _, effect := range effects {
		fmt.Printf("%T %+v\n", effect, effect)
	}
	card, _ := machine.Render(after)
	fmt.Println(card.Lines[0].Key, card.Lines[0].Args["Name"].Text)
	for _, row := range card.Rows {
		fmt.Println(row[0].Label.Key, row[0].Data)
	}
	_, had := machine.Render(before)
	fmt.Println(had)
	// Output:
	// conversation.Show {AsNew:true Typed:0}
	// greeting.hello Anna
	// button.close w1:-:1:cancel
	// false
}
