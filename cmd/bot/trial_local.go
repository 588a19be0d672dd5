package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"sync/atomic"

	"zomrobot/chat"
	"zomrobot/conversation"
	trialflow "zomrobot/conversation/trial"
	"zomrobot/engine"
)

// Where the running bot answers bot trial.
const (
	trialPath        = "/trial"
	trialAccountPath = "/trial/account"
	trialReportPath  = "/trial/report"
)

// trialAccount is the account of a trial.
type trialAccount struct {
	Person  int64  `json:"person"`
	Account string `json:"account"` // its id
	Name    string `json:"name"`    // as it is shown
}

func (a trialAccount) key() chat.Key { return chat.Key{Chat: a.Person, User: a.Person} }

func (a trialAccount) query() string {
	return url.Values{"person": {strconv.FormatInt(a.Person, 10)}, "account": {a.Account}}.Encode()
}

func trialAccountOf(r *http.Request) trialAccount {
	person, _ := strconv.ParseInt(r.FormValue("person"), 10, 64) // 0: none
	return trialAccount{Person: person, Account: r.FormValue("account"), Name: r.FormValue("name")}
}

// trialDeed is an effect of the flow of trials on its way to the bot. One field is set.
type trialDeed struct {
	Begin   *trialflow.Begin
	Run     *trialflow.Run
	Consent *trialflow.Consent
	Put     *trialflow.Put
	Leave   *trialflow.Leave
	Stop    *trialflow.Stop
	Close   *trialflow.Close
}

func trialDeedOf(effect conversation.Effect) (trialDeed, error) {
	switch effect := effect.(type) {
	case trialflow.Begin:
		return trialDeed{Begin: &effect}, nil
	case trialflow.Run:
		return trialDeed{Run: &effect}, nil
	case trialflow.Consent:
		return trialDeed{Consent: &effect}, nil
	case trialflow.Put:
		return trialDeed{Put: &effect}, nil
	case trialflow.Leave:
		return trialDeed{Leave: &effect}, nil
	case trialflow.Stop:
		return trialDeed{Stop: &effect}, nil
	case trialflow.Close:
		return trialDeed{Close: &effect}, nil
	default:
		return trialDeed{}, fmt.Errorf("%T is nothing that the bot does for a trial", effect)
	}
}

// effect is the effect of an account; it is of no other, whatever it says.
func (d trialDeed) effect(account string) conversation.Effect {
	switch {
	case d.Begin != nil:
		return trialflow.Begin{Account: account, Below: d.Begin.Below, Anew: d.Begin.Anew}
	case d.Run != nil:
		return trialflow.Run{Account: account, Source: d.Run.Source, Code: d.Run.Code}
	case d.Consent != nil:
		return trialflow.Consent{Account: account, Source: d.Consent.Source, Amount: d.Consent.Amount}
	case d.Put != nil:
		return trialflow.Put{Account: account}
	case d.Leave != nil:
		return trialflow.Leave{Account: account}
	case d.Stop != nil:
		return trialflow.Stop{Account: account, Source: d.Stop.Source}
	case d.Close != nil:
		return trialflow.Close{Account: account}
	default:
		return nil
	}
}

// trialHandler answers bot trial, once the engine has started.
func trialHandler(started *atomic.Pointer[engine.Engine]) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		e := started.Load()
		if e == nil {
			refuse(w, http.StatusServiceUnavailable, chat.Say("trial.error.starting"))
			return
		}
		trials(e).ServeHTTP(w, r)
	})
}

// trials answers bot trial.
func trials(e *engine.Engine) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+trialAccountPath, func(w http.ResponseWriter, r *http.Request) {
		asked := trialAccountOf(r)
		found, err := e.AccountsNamed(r.Context(), asked.Name)
		var fit []trialAccount
		for _, a := range found {
			if asked.Person == 0 || asked.Person == a.Person {
				fit = append(fit, trialAccount{Person: a.Person, Account: a.ID, Name: asked.Name})
			}
		}
		switch {
		case err != nil:
			fail(w, http.StatusInternalServerError, err)
		case len(fit) == 0:
			refuse(w, http.StatusNotFound, chat.Say("trial.error.unknown", "Name", asked.Name))
		case len(fit) > 1:
			refuse(w, http.StatusConflict, severalNamed(asked.Name, fit))
		default:
			answer(w, fit[0], nil)
		}
	})
	mux.HandleFunc("GET "+trialPath, func(w http.ResponseWriter, r *http.Request) {
		of := trialAccountOf(r)
		told, err := e.TrialNow(r.Context(), of.key(), of.Account)
		answer(w, told, err)
	})
	mux.HandleFunc("POST "+trialPath, func(w http.ResponseWriter, r *http.Request) {
		var deed trialDeed
		of := trialAccountOf(r)
		if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, mostDeed)).Decode(&deed); err != nil {
			fail(w, http.StatusBadRequest, err)
			return
		}
		effect := deed.effect(of.Account)
		if effect == nil {
			fail(w, http.StatusBadRequest, errors.New("nothing is asked"))
			return
		}
		told, err := e.Trial(r.Context(), of.key(), effect)
		answer(w, told, err)
	})
	mux.HandleFunc("GET "+trialReportPath, func(w http.ResponseWriter, r *http.Request) {
		of := trialAccountOf(r)
		report, err := e.TrialReport(r.Context(), of.key(), of.Account)
		var text bytes.Buffer
		if err == nil {
			err = report.Write(&text)
		}
		if err != nil {
			fail(w, http.StatusInternalServerError, err)
			return
		}
		_, _ = w.Write(text.Bytes())
	})
	return mux
}

// mostDeed is how many bytes an effect has at most.
const mostDeed = 64 << 10

// answer writes what the bot says, or why it says nothing.
func answer(w http.ResponseWriter, said any, err error) {
	if err != nil {
		fail(w, http.StatusInternalServerError, err)
		return
	}
	w.Header().Set("Content-Type", jsonType)
	_ = json.NewEncoder(w).Encode(said) // who asked has gone
}

// get asks the bot for something that is written as JSON, post has it do something.
func (b besideBot) get(ctx context.Context, path string, into any) error {
	text, err := b.text(ctx, http.MethodGet, path, nil)
	if err != nil {
		return err
	}
	return readAnswer(text, into)
}

func (b besideBot) post(ctx context.Context, path string, what, into any) error {
	body, err := json.Marshal(what)
	if err != nil {
		return err
	}
	text, err := b.text(ctx, http.MethodPost, path, body)
	if err != nil {
		return err
	}
	return readAnswer(text, into)
}

func readAnswer(text []byte, into any) error {
	if err := json.Unmarshal(text, into); err != nil {
		return worded{chat.Say("trial.error.version"), err}
	}
	return nil
}

// text returns what the bot answers.
func (b besideBot) text(ctx context.Context, method, path string, body []byte) ([]byte, error) {
	response, err := b.ask(ctx, method, path, bytes.NewReader(body))
	if err != nil {
		return nil, notAsked(err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return nil, refused(response)
	}
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, notAsked(fmt.Errorf("read the bot's answer: %w", err))
	}
	return text, nil
}
