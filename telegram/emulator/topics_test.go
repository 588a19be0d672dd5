package emulator_test

import (
	"errors"
	"testing"

	"zomrobot/telegram/emulator"
)

// forum makes a forum with a topic.
func forum(t *testing.T) (*world, int) {
	t.Helper()
	w := newWorld(t)
	w.must(w.AddForum(super, "Forum", anna, boris))
	w.updates()
	thread, err := w.AddTopic(anna, super, "Servers")
	w.must(err)
	return w, thread
}

// What is said in a topic carries its id and answers its beginning; the general
// topic has no id.
func TestForum(t *testing.T) {
	w, thread := forum(t)
	if m := w.updates()[0].Message; m.Topic.Name != "Servers" || m.ID != thread || m.Thread != thread || !m.InTopic || m.ReplyTo != nil || !m.Chat.IsForum {
		t.Errorf("the beginning of a topic is %+v", m)
	}
	_, err := w.SayIn(anna, super, thread, "/order@zomro_test_bot")
	w.must(err)
	if m := w.updates()[0].Message; m.Thread != thread || !m.InTopic || m.ReplyTo == nil || m.ReplyTo.ID != thread {
		t.Errorf("a message of a topic is %+v", m)
	}
	got := ok[wireMessage](w, "sendMessage", params{"chat_id": super, "text": "card", "message_thread_id": thread})
	if got.Thread != thread || !got.InTopic || got.ReplyTo == nil || got.ReplyTo.ID != thread {
		t.Errorf("the answer is %+v", got)
	}
	_, err = w.Reply(boris, super, got.ID, "yes")
	w.must(err)
	if m := w.updates()[0].Message; m.Thread != thread || m.ReplyTo.ID != got.ID {
		t.Errorf("a reply in a topic is %+v", m)
	}

	for _, id := range []int{0, 1} { // the general topic
		_, err = w.SayIn(anna, super, id, "/order@zomro_test_bot")
		w.must(err)
		if m := w.updates()[0].Message; m.Thread != 0 || m.InTopic || m.ReplyTo != nil {
			t.Errorf("a message of the general topic is %+v", m)
		}
	}
	if m := ok[wireMessage](w, "sendMessage", params{"chat_id": super, "text": "card"}); m.Thread != 0 || m.InTopic {
		t.Errorf("an answer in the general topic is %+v", m)
	}
	for _, id := range []int{1, 99, got.ID} {
		for method, p := range map[string]params{"sendMessage": {"text": "card"}, "sendChatAction": {"action": "typing"}} {
			p["chat_id"], p["message_thread_id"] = super, id
			w.refused(method, p, "Bad Request: message thread not found")
		}
	}
	w.refused("deleteMessage", params{"chat_id": super, "message_id": thread}, "Bad Request: message can't be deleted")
	if _, err := w.AddTopic(anna, team, "x"); err == nil {
		t.Error("a topic in a chat that has none")
	}
	if _, err := w.SayIn(anna, super, 99, "x"); !errors.Is(err, emulator.ErrNoTopic) {
		t.Errorf("a topic that is not there: %v", err)
	}
}

// A closed topic takes messages only of administrators who manage topics.
func TestClosedTopic(t *testing.T) {
	w, thread := forum(t)
	for _, id := range []int{thread, 1} {
		in := params{"chat_id": super, "text": "card", "message_thread_id": thread}
		if id == 1 {
			delete(in, "message_thread_id")
		}
		card := ok[wireMessage](w, "sendMessage", in)
		w.updates()
		if err := w.CloseTopic(boris, super, id); !errors.Is(err, emulator.ErrNoRight) {
			t.Errorf("a plain member closes a topic: %v", err)
		}
		w.must(w.CloseTopic(anna, super, id))
		if m := w.updates()[0].Message; m.TopicClosed == nil || m.InTopic != (id != 1) {
			t.Errorf("on closing the bot got %+v", m)
		}
		if a := w.refused("sendMessage", in, "Bad Request: TOPIC_CLOSED"); a.Code != 400 {
			t.Errorf("answer %+v", a)
		}
		if _, err := w.SayIn(boris, super, id, "hi"); !errors.Is(err, emulator.ErrClosed) {
			t.Errorf("a member writes to a closed topic: %v", err)
		}
		if _, err := w.SayIn(anna, super, id, "hi"); err != nil {
			t.Errorf("the owner writes to a closed topic: %v", err)
		}
		ok[wireMessage](w, "editMessageText", params{"chat_id": super, "message_id": card.ID, "text": "edited"})
		w.must(w.Promote(anna, super, w.BotID(), emulator.Rights{Delete: true}))
		w.refused("sendMessage", in, "Bad Request: TOPIC_CLOSED")
		w.must(w.Promote(anna, super, w.BotID(), emulator.Rights{Topics: true}))
		ok[wireMessage](w, "sendMessage", in)
		w.must(w.Demote(anna, super, w.BotID()))
		w.updates()
		w.must(w.ReopenTopic(anna, super, id))
		if m := w.updates()[0].Message; m.TopicReopened == nil {
			t.Errorf("on opening again the bot got %+v", m)
		}
		ok[wireMessage](w, "sendMessage", in)
	}
}

func TestDeletedTopic(t *testing.T) {
	w, thread := forum(t)
	card := ok[wireMessage](w, "sendMessage", params{"chat_id": super, "text": "card", "message_thread_id": thread})
	kept := ok[wireMessage](w, "sendMessage", params{"chat_id": super, "text": "card"})
	w.updates()
	if err := w.DeleteTopic(anna, super, 1); !errors.Is(err, emulator.ErrUnfit) {
		t.Errorf("the general topic is deleted: %v", err)
	}
	w.must(w.DeleteTopic(anna, super, thread))
	if u := w.updates(); len(u) != 0 {
		t.Errorf("the bot was told: %+v", u)
	}
	w.refused("sendMessage", params{"chat_id": super, "text": "hi", "message_thread_id": thread}, "Bad Request: message thread not found")
	w.refused("editMessageText", params{"chat_id": super, "message_id": card.ID, "text": "x"}, "Bad Request: message to edit not found")
	ok[wireMessage](w, "editMessageText", params{"chat_id": super, "message_id": kept.ID, "text": "x"})
}

// TestTopicOfAPrivateChat: a person's chat with the bot can have topics, too; one that
// was deleted takes the chat along no more than in a forum.
func TestTopicOfAPrivateChat(t *testing.T) {
	w := newWorld(t)
	w.say(anna, anna, "/start")
	thread, err := w.AddTopic(anna, anna, "Servers")
	w.must(err)
	got := ok[wireMessage](w, "sendMessage", params{"chat_id": anna, "message_thread_id": thread, "text": "hi"})
	if got.Thread != thread {
		t.Errorf("it stands in topic %d, want %d", got.Thread, thread)
	}
	w.must(w.DeleteTopic(anna, anna, thread))
	w.refused("sendMessage", params{"chat_id": anna, "message_thread_id": thread, "text": "hi"}, "Bad Request: message thread not found")
	ok[wireMessage](w, "sendMessage", params{"chat_id": anna, "text": "hi"})
}
