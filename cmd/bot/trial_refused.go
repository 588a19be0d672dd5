package main

import (
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"strconv"
	"strings"

	"zomrobot/chat"
)

// worded is an error of a trial in a terminal, as its person is to read it.
type worded struct {
	chat.Phrase

	cause error // nil: the phrase says all
}

// Error is for programs.
func (s worded) Error() string {
	if s.cause == nil {
		return s.Key
	}
	return s.Key + ": " + s.cause.Error()
}

func (s worded) Unwrap() error { return s.cause }

// inWords is an error in the language of the terminal.
func (c *trialClient) inWords(err error) error {
	if c.cluster && errors.Is(err, errNobody) {
		err = worded{chat.Say("trial.error.inactive", "Socket", c.bot.socket), err}
	}
	if said, ok := errors.AsType[worded](err); ok {
		return errors.New(c.text(said.Phrase))
	}
	return err
}

// notAsked says why the bot could not be asked, or has not answered to the end.
func notAsked(err error) error {
	key := "trial.error.unanswered"
	switch {
	case errors.Is(err, errNobody):
		key = "trial.error.nobody"
	case errors.Is(err, fs.ErrPermission):
		key = "trial.error.permission"
	}
	return worded{chat.Say(key, "Error", err.Error()), err}
}

// refuse has the bot say why it does not do what is asked.
func refuse(w http.ResponseWriter, status int, why chat.Phrase) {
	w.Header().Set("Content-Type", jsonType)
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(why) // who asked has gone
}

// fail has the bot say that something went wrong.
func fail(w http.ResponseWriter, status int, err error) {
	refuse(w, status, chat.Say("trial.error.failed", "Error", err.Error()))
}

const jsonType = "application/json"

// refused is what the bot has said with [refuse].
func refused(response *http.Response) error {
	var why chat.Phrase
	said := json.NewDecoder(io.LimitReader(response.Body, mostDeed))
	if response.Header.Get("Content-Type") != jsonType || said.Decode(&why) != nil || why.Key == "" {
		return worded{chat.Say("trial.error.failed", "Error", response.Status), nil}
	}
	return worded{why, nil}
}

// severalNamed says whose the accounts of a name are.
func severalNamed(name string, all []trialAccount) chat.Phrase {
	var people []string
	for _, a := range all {
		people = append(people, strconv.FormatInt(a.Person, 10))
		if a.Person == all[0].Person && len(people) > 1 {
			return chat.Say("trial.error.same_name", "Name", name)
		}
	}
	return chat.Say("trial.error.people", "Name", name, "People", strings.Join(people, ", "))
}
