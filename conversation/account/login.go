package account

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/zomro"
)

// Login is what a login keeps.
type Login struct {
	Username string              `json:"username,omitempty"` // whose password is asked for
	Back     *conversation.Aside `json:"back,omitempty"`     // where it leads back to
}

// Stored names the form of its state in the store.
func (l *Login) Stored() string { return "login" }

// Meaning is empty: its buttons always mean the same.
func (l *Login) Meaning() string { return "" }

// Clone returns a copy.
func (l *Login) Clone() conversation.State {
	is := *l
	if l.Back != nil {
		back := *l.Back
		is.Back = &back
	}
	return &is
}

// Behind is the question that it leads back to.
func (l *Login) Behind() *conversation.Aside { return l.Back }

// thawLogin also reads the former form, in which its members stood beside the place.
func thawLogin(stored map[string]json.RawMessage) (conversation.State, error) {
	if _, ok := stored[(&Login{}).Stored()]; ok {
		return conversation.Thaw[Login](stored)
	}
	var l Login
	if name, ok := stored["username"]; ok {
		if err := json.Unmarshal(name, &l.Username); err != nil {
			return nil, err
		}
	}
	if bind, ok := stored["bind"]; ok {
		l.Back = &conversation.Aside{Place: "bind", Stored: map[string]json.RawMessage{"bind": bind}}
	}
	return &l, nil
}

// backFromLogin is the question to which a login that begins now leads back; nil: none.
func backFromLogin(t *conversation.Turn) *conversation.Aside {
	if l := loginOf(t.Dialogue); l != nil {
		return l.Back
	}
	a := t.Dialogue.Aside
	if a == nil || !t.Machine.Spot(a.Place).Returns {
		return nil
	}
	back := *a
	if parent := t.Machine.Spot(a.Place).Parent; parent != "" {
		back.Place = parent
	}
	return &back
}

// login begins to log in. A secret may stand in the command itself: it is
// taken like one that was asked for.
func login(t *conversation.Turn, args string, message int) {
	given := strings.Fields(args)
	if len(given) > 0 && message != 0 {
		t.Do(conversation.Delete{Message: message, Told: !t.Dialogue.Key.Private()})
	}
	if !t.Dialogue.Key.Private() {
		if len(given) > 0 {
			t.Tell(chat.Say("secret.in_group"))
			return
		}
		t.Hint(chat.Say("login.private"))
		return
	}
	t.Ask(PlaceLoginWay, &Login{Back: backFromLogin(t)})
	t.AsNew = true
	switch len(given) {
	case 0:
	case 1:
		checkLogin(t, "", given[0])
	case 2:
		checkLogin(t, given[0], given[1])
	default:
		t.Note(chat.Say("wrong.login"))
	}
}

func askLoginWay(v *conversation.View) {
	v.Line(chat.Say("ask.login_way"))
	switch {
	case len(v.Dialogue.Accounts) > 1:
		v.Line(chat.Say("login.now_several", "Accounts", v.Dialogue.Nicks()))
	case v.Dialogue.Account != "":
		v.Line(chat.Say("login.now", "Account", v.Dialogue.Account))
	}
	v.Row(v.Button(chat.Say("button.token"), conversation.VerbToken))
	v.Row(v.Button(chat.Say("button.login_password"), conversation.VerbLogin))
}

func pressLoginWay(t *conversation.Turn, verb string, _ int) bool {
	switch verb {
	case conversation.VerbToken:
		t.Dialogue.Aside.Place = PlaceLoginToken
	case conversation.VerbLogin:
		t.Dialogue.Aside.Place = PlaceLoginName
	default:
		return false
	}
	return true
}

// secretLoginWay takes what is written while a way to log in is still to be chosen, and
// certainly is one: an e-mail, with or without the password behind it, or a session. A
// word or two of anything else are no credentials, and are not tried at the vendor, which
// counts failed logins.
func secretLoginWay(t *conversation.Turn, text string, message int) {
	given := strings.Fields(text)
	mail := len(given) > 0 && strings.Contains(given[0], "@")
	switch {
	case mail && len(given) == 1:
		secretLoginName(t, text, message)
	case mail && len(given) == 2:
		t.Do(conversation.Delete{Message: message})
		checkLogin(t, given[0], given[1])
	case chat.SessionIn(chat.AsSeen(text)) != "":
		secretToken(t, text, message)
	default:
		t.Do(conversation.Delete{Message: message})
		t.Note(chat.Say("login.press_first"))
	}
}

func askLoginToken(v *conversation.View) {
	v.Line(chat.Say("ask.login_token"), chat.Say("secret.deleted"))
}

func askLoginName(v *conversation.View) { v.Line(chat.Say("ask.login_name")) }

func askLoginPassword(v *conversation.View) {
	v.Line(chat.Say("ask.login_password", "Login", loginOf(v.Dialogue).Username), chat.Say("secret.deleted"))
}

func askLoginChecking(v *conversation.View) { v.Line(chat.Say("ask.login_checking")) }

// secretToken takes a session token.
func secretToken(t *conversation.Turn, text string, message int) {
	t.Do(conversation.Delete{Message: message})
	text = strings.TrimSpace(text)
	if token := chat.SessionIn(chat.AsSeen(text)); token != "" { // in quotes, or with its name before it
		text = strings.ToLower(token)
	}
	if text == "" || strings.ContainsAny(text, " \t\n") {
		t.Note(chat.Say("wrong.token"))
		return
	}
	checkLogin(t, "", text)
}

// secretLoginName takes a login. What is not a login may have the password beside
// it.
func secretLoginName(t *conversation.Turn, text string, message int) {
	text = strings.TrimSpace(text)
	if text == "" || strings.ContainsAny(text, " \t\n:") || len(text) > 128 {
		t.Do(conversation.Delete{Message: message})
		t.Note(chat.Say("wrong.login_name"))
		return
	}
	loginOf(t.Dialogue).Username = text
	t.Dialogue.Aside.Place = PlaceLoginPassword
}

// secretLoginPassword takes the password of the login.
func secretLoginPassword(t *conversation.Turn, text string, message int) {
	t.Do(conversation.Delete{Message: message})
	checkLogin(t, loginOf(t.Dialogue).Username, text)
}

// secretTooMuch removes what is typed while credentials are checked: it may be
// a second attempt at them.
func secretTooMuch(t *conversation.Turn, _ string, message int) {
	t.Do(conversation.Delete{Message: message})
}

// checkLogin tries credentials.
func checkLogin(t *conversation.Turn, username, secret string) {
	dropOffer(t)
	t.Dialogue.Logins++
	check := CheckLogin{Username: username, Attempt: t.Dialogue.Logins}
	t.Do(conversation.Keep{Slot: check.Slot(), Value: zomro.NewSecret(secret)})
	t.Do(check)
	loginOf(t.Dialogue).Username = username
	t.Dialogue.Aside.Place = PlaceLoginChecking
	t.Dialogue.Aside.Until = t.Now.Add(conversation.AsideLives)
}

// loginChecked takes what came of the credentials. The card waits for the answer
// to the last attempt only.
func loginChecked(t *conversation.Turn, e LoginChecked) {
	asked := t.Dialogue.Aside != nil && t.Dialogue.Aside.Place == PlaceLoginChecking && e.Attempt == t.Dialogue.Logins
	if e.Problem != nil {
		if !asked {
			return
		}
		t.Dialogue.Aside.Place = PlaceLoginToken
		failure := conversation.ProblemText(*e.Problem)
		denied := failure.Key == "problem.denied"
		if loginOf(t.Dialogue).Username != "" {
			t.Dialogue.Aside.Place = PlaceLoginPassword
		}
		switch {
		case !denied:
		case loginOf(t.Dialogue).Username == "":
			failure = chat.Say("problem.bad_token")
		case e.Problem.Message != "":
			failure = chat.Say("problem.login_says", "Message", e.Problem.Message)
		default:
			failure = chat.Say("problem.login")
		}
		t.Note(failure)
		t.Show = true
		return
	}
	if t.Dialogue.Account == "" || len(t.Dialogue.Accounts) == 0 {
		t.Dialogue.Account = e.Account
	}
	beginWatch(t)
	done := []chat.Phrase{chat.Say("login.done", "Account", e.Account), chat.Say("login.renews")}
	if !e.Renews {
		done[1] = chat.Say("login.renews_not")
	}
	if e.Phone {
		done = append(done, chat.Say("login.phone"))
	}
	if len(t.Dialogue.Accounts) > 1 {
		done = append(done, chat.Say("login.several", "Count", len(t.Dialogue.Accounts), "Account", t.Dialogue.AccountOf("").Nick))
	}
	if asked && loginOf(t.Dialogue).Back != nil {
		back := loginOf(t.Dialogue).Back
		t.Ask(back.Place, back.Flow)
		t.AsNew = true
		t.Note(done...)
		return
	}
	if asked {
		t.Dialogue.Aside = nil
	}
	t.Show = true
	if t.Dialogue.Draft != nil {
		t.Raise(conversation.AccountChanged{}) // keys, own images and the balance are those of an account
		t.Note(done...)
		return
	}
	if t.Dialogue.Aside == nil {
		t.End(done[0], conversation.CommandButton("order"))
		t.Dialogue.Ended.Lines = done
	}
}

// logout asks which account to forget, and whether to.
func logout(t *conversation.Turn) {
	if !t.Dialogue.Key.Private() {
		t.Hint(chat.Say("logout.private"))
		return
	}
	switch len(t.Dialogue.Accounts) {
	case 0:
		if t.Dialogue.Account == "" {
			t.Tell(chat.Say("logout.nothing"), "login")
			return
		}
		askForget(t, "")
	case 1:
		askForget(t, t.Dialogue.Accounts[0].ID)
	default:
		t.Ask(PlaceLogout, &Accounts{Brief: true, Choosing: true})
	}
	t.AsNew = true
}

// askForget asks whether to forget an account, and looks for its open purchases.
func askForget(t *conversation.Turn, id string) {
	t.Ask(PlaceLogout, &Accounts{Brief: true, Chosen: id})
	t.Do(LoadAccounts{Brief: true})
}

func askLogout(v *conversation.View) {
	a := accountsOf(v.Dialogue)
	if a.Choosing {
		v.Line(chat.Say("ask.logout_which"))
		for i, known := range v.Dialogue.Accounts {
			v.Row(v.Button(conversation.Plain(known.Nick), conversation.VerbPick, i))
		}
		return
	}
	v.Line(chat.Say("ask.logout", "Account", cmp.Or(v.Dialogue.AccountOf(a.Chosen).Nick, v.Dialogue.Account)))
	if v.Dialogue.Draft != nil && v.Dialogue.DraftGoes(a.Chosen) {
		v.Line(chat.Say("logout.draft"))
	}
	if v.Reading(a.Loaded, a.Trouble) {
		return
	}
	if open := a.state(a.Chosen).Open; len(open) > 0 {
		v.Line(chat.Say("logout.open", "Purchases", strings.Join(open, ", ")))
	}
	for _, tm := range a.state(a.Chosen).Teams {
		v.Line(chat.Say("logout.team", "Team", tm.Title))
	}
	if a.state(a.Chosen).Trial {
		v.Line(chat.Say("logout.trial"))
	}
	yes := v.Button(chat.Say("button.logout"), conversation.VerbYes)
	yes.Style = chat.Danger
	v.Row(yes)
}

func pressLogout(t *conversation.Turn, verb string, n int) bool {
	a := accountsOf(t.Dialogue)
	switch {
	case a.Choosing && verb == conversation.VerbPick && n >= 0 && n < len(t.Dialogue.Accounts):
		askForget(t, t.Dialogue.Accounts[n].ID)
	case verb == conversation.VerbAgain && a.Trouble != nil:
		askForgetAgain(t)
	case !t.Dialogue.Key.Private(): // an earlier version asked in groups too
		t.Dialogue.Aside = nil
		t.End(chat.Say("logout.private"))
	case verb == conversation.VerbYes && !a.Choosing && a.Loaded:
		chosen := a.Chosen
		t.Dialogue.Aside = nil
		t.Raise(conversation.AccountForgotten{Account: chosen, Said: chat.Say("logout.wait")})
		t.End(chat.Say("logout.wait"))
		t.Do(Forget{Account: chosen})
	default:
		return false
	}
	return true
}

// askForgetAgain looks for the open purchases once more.
func askForgetAgain(t *conversation.Turn) {
	accountsOf(t.Dialogue).Trouble = nil
	t.Do(LoadAccounts{Brief: true})
}

// loggedOut takes that an account is forgotten.
func loggedOut(t *conversation.Turn, e LoggedOut) {
	rest := slices.DeleteFunc(slices.Clone(t.Dialogue.Accounts), func(a conversation.Account) bool { return a.ID == e.Account })
	t.Dialogue.Know(rest)
	t.Show = true
	if len(rest) > 0 {
		t.End(chat.Say("logout.done_of_several", "Account", t.Dialogue.Account), conversation.CommandButton("accounts"))
		return
	}
	t.End(chat.Say("logout.done"), conversation.CommandButton("login"))
}

// sessionLost says that the vendor no longer knows the session.
func sessionLost(t *conversation.Turn, e SessionLost) {
	if t.Dialogue.Account == "" && len(t.Dialogue.Accounts) == 0 {
		return
	}
	i := slices.IndexFunc(t.Dialogue.Accounts, func(a conversation.Account) bool { return a.ID == e.Account })
	if i < 0 && len(t.Dialogue.Accounts) > 0 {
		return // logged out in the meantime
	}
	if i >= 0 {
		t.Dialogue.Accounts[i].Lost = true
	}
	t.Dialogue.Know(t.Dialogue.Accounts)
	lost := chat.Say("login.lost")
	if len(t.Dialogue.Accounts) > 1 {
		lost = chat.Say("login.lost_of_several", "Account", t.Dialogue.AccountOf(e.Account).Nick)
	}
	if t.Dialogue.Draft != nil {
		lost = chat.Say("login.lost_kept", "Lost", lost)
	}
	t.Tell(lost, "login")
}

// loginOf returns the state of a login; nil: the card is about something else.
func loginOf(d conversation.Dialogue) *Login {
	state, _ := conversation.StateOf[Login](d)
	return state
}
