package conversation

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"zomrobot/chat"
	"zomrobot/zomro"
)

// Login is what a login keeps.
type Login struct {
	Username string `json:"username,omitempty"` // whose password is asked
	Back     *Aside `json:"back,omitempty"`     // where it leads back to
}

// Stored names the form of its state in the store.
func (l *Login) Stored() string { return "login" }

// Meaning is nothing: its buttons always mean the same.
func (l *Login) Meaning() string { return "" }

// Clone returns a copy.
func (l *Login) Clone() State {
	is := *l
	if l.Back != nil {
		back := *l.Back
		is.Back = &back
	}
	return &is
}

// Behind is the question that it leads back to.
func (l *Login) Behind() *Aside { return l.Back }

// thawLogin also reads the form of before, in which its members stood beside the place.
func thawLogin(stored map[string]json.RawMessage) (State, error) {
	if _, ok := stored[(&Login{}).Stored()]; ok {
		return Thaw[Login](stored)
	}
	var l Login
	if name, ok := stored["username"]; ok {
		if err := json.Unmarshal(name, &l.Username); err != nil {
			return nil, err
		}
	}
	if bind, ok := stored["bind"]; ok {
		l.Back = &Aside{Place: "bind", stored: map[string]json.RawMessage{"bind": bind}}
	}
	return &l, nil
}

// backFromLogin is the question to which a login that begins now leads back; nil: none.
func (t *turn) backFromLogin() *Aside {
	if l := loginOf(t.d); l != nil {
		return l.Back
	}
	a := t.d.Aside
	if a == nil || !t.m.places[a.Place].returns {
		return nil
	}
	back := *a
	if parent := t.m.places[a.Place].parent; parent != "" {
		back.Place = parent
	}
	return &back
}

// login begins to log in. A secret may stand in the command itself: it is
// taken like one that was asked for.
func (t *turn) login(args string, message int) {
	given := strings.Fields(args)
	if len(given) > 0 && message != 0 {
		t.do(Delete{Message: message})
	}
	if !t.d.Key.Private() {
		if len(given) > 0 {
			t.tell(chat.Say("secret.in_group"))
			return
		}
		t.tell(chat.Say("login.private"))
		return
	}
	t.aside(PlaceLoginWay, &Login{Back: t.backFromLogin()})
	t.anew = true
	switch len(given) {
	case 0:
	case 1:
		t.checkLogin("", given[0])
	case 2:
		t.checkLogin(given[0], given[1])
	default:
		t.note(chat.Say("wrong.login"))
	}
}

func askLoginWay(v *view) {
	v.line(chat.Say("ask.login_way"))
	switch {
	case len(v.d.Accounts) > 1:
		v.line(chat.Say("login.now_several", "Accounts", v.d.nicks()))
	case v.d.Account != "":
		v.line(chat.Say("login.now", "Account", v.d.Account))
	}
	v.row(v.button(chat.Say("button.token"), verbToken))
	v.row(v.button(chat.Say("button.login_password"), verbLogin))
}

func pressLoginWay(t *turn, verb string, _ int) bool {
	switch verb {
	case verbToken:
		t.d.Aside.Place = PlaceLoginToken
	case verbLogin:
		t.d.Aside.Place = PlaceLoginName
	default:
		return false
	}
	return true
}

// secretLoginWay takes what is written though a way to log in is still to be
// chosen: credentials, as /login takes them, or a login alone.
func secretLoginWay(t *turn, text string, message int) {
	given := strings.Fields(text)
	switch {
	case len(given) == 1 && strings.Contains(text, "@"):
		secretLoginName(t, text, message)
	case len(given) == 2:
		t.do(Delete{Message: message})
		t.checkLogin(given[0], given[1])
	default:
		secretToken(t, text, message)
	}
}

func askLoginToken(v *view) { v.line(chat.Say("ask.login_token"), chat.Say("secret.deleted")) }

func askLoginName(v *view) { v.line(chat.Say("ask.login_name")) }

func askLoginPassword(v *view) {
	v.line(chat.Say("ask.login_password", "Login", loginOf(v.d).Username), chat.Say("secret.deleted"))
}

func askLoginChecking(v *view) { v.line(chat.Say("ask.login_checking")) }

// secretToken takes a session token.
func secretToken(t *turn, text string, message int) {
	t.do(Delete{Message: message})
	text = strings.TrimSpace(text)
	if token := chat.SessionIn(chat.AsSeen(text)); token != "" { // in quotes, or with its name before it
		text = strings.ToLower(token)
	}
	if text == "" || strings.ContainsAny(text, " \t\n") {
		t.note(chat.Say("wrong.token"))
		return
	}
	t.checkLogin("", text)
}

// secretLoginName takes a login. What is none may have the password beside it.
func secretLoginName(t *turn, text string, message int) {
	text = strings.TrimSpace(text)
	if text == "" || strings.ContainsAny(text, " \t\n:") || len(text) > 128 {
		t.do(Delete{Message: message})
		t.note(chat.Say("wrong.login_name"))
		return
	}
	loginOf(t.d).Username = text
	t.d.Aside.Place = PlaceLoginPassword
}

// secretLoginPassword takes the password of the login.
func secretLoginPassword(t *turn, text string, message int) {
	t.do(Delete{Message: message})
	t.checkLogin(loginOf(t.d).Username, text)
}

// secretTooMuch removes what is typed while credentials are checked: it may be
// a second attempt at them.
func secretTooMuch(t *turn, _ string, message int) {
	t.do(Delete{Message: message})
}

// checkLogin tries credentials.
func (t *turn) checkLogin(username, secret string) {
	t.dropOffer()
	t.d.Logins++
	check := CheckLogin{Username: username, Attempt: t.d.Logins}
	t.do(Keep{Slot: check.Slot(), Value: zomro.NewSecret(secret)})
	t.do(check)
	loginOf(t.d).Username = username
	t.d.Aside.Place = PlaceLoginChecking
	t.d.Aside.Until = t.now.Add(asideLives)
}

// loginChecked takes what came of the credentials. The card waits for the answer
// to the last attempt only.
func (t *turn) loginChecked(e LoginChecked) {
	asked := t.d.Aside != nil && t.d.Aside.Place == PlaceLoginChecking && e.Attempt == t.d.Logins
	if e.Problem != nil {
		if !asked {
			return
		}
		t.d.Aside.Place = PlaceLoginToken
		failure := problemText(*e.Problem)
		denied := failure.Key == "problem.denied"
		if loginOf(t.d).Username != "" {
			t.d.Aside.Place = PlaceLoginPassword
		}
		switch {
		case !denied:
		case loginOf(t.d).Username == "":
			failure = chat.Say("problem.bad_token")
		case e.Problem.Message != "":
			failure = chat.Say("problem.login_says", "Message", e.Problem.Message)
		default:
			failure = chat.Say("problem.login")
		}
		t.note(failure)
		t.show = true
		return
	}
	if t.d.Account == "" || len(t.d.Accounts) == 0 {
		t.d.Account = e.Account
	}
	done := []chat.Phrase{chat.Say("login.done", "Account", e.Account), chat.Say("login.renews")}
	if !e.Renews {
		done[1] = chat.Say("login.renews_not")
	}
	if e.Phone {
		done = append(done, chat.Say("login.phone"))
	}
	if len(t.d.Accounts) > 1 {
		done = append(done, chat.Say("login.several", "Count", len(t.d.Accounts), "Account", t.d.accountOf("").Nick))
	}
	if asked && loginOf(t.d).Back != nil {
		back := loginOf(t.d).Back
		t.aside(back.Place, back.Flow)
		t.anew = true
		t.note(done...)
		return
	}
	if asked {
		t.d.Aside = nil
	}
	t.show = true
	if t.d.Draft != nil {
		t.raise(AccountChanged{}) // keys, own images and the balance are those of an account
		t.note(done...)
		return
	}
	if t.d.Aside == nil {
		t.end(done[0], commandButton("order"))
		t.d.Ended.Lines = done
	}
}

// logout asks which account to forget, and whether to.
func (t *turn) logout() {
	switch len(t.d.Accounts) {
	case 0:
		if t.d.Account == "" {
			t.tell(chat.Say("logout.nothing"), "login")
			return
		}
		t.askForget("")
	case 1:
		t.askForget(t.d.Accounts[0].ID)
	default:
		t.aside(PlaceLogout, &Accounts{Brief: true, Choosing: true})
	}
	t.anew = true
}

// askForget asks whether to forget an account, and has the purchases looked for
// that are open.
func (t *turn) askForget(id string) {
	t.aside(PlaceLogout, &Accounts{Brief: true, Chosen: id})
	t.do(LoadAccounts{Brief: true})
}

func askLogout(v *view) {
	a := accountsOf(v.d)
	if a.Choosing {
		v.line(chat.Say("ask.logout_which"))
		for i, known := range v.d.Accounts {
			v.row(v.button(plain(known.Nick), verbPick, i))
		}
		return
	}
	v.line(chat.Say("ask.logout", "Account", cmp.Or(v.d.accountOf(a.Chosen).Nick, v.d.Account)))
	if v.d.Draft != nil && v.d.draftGoes(a.Chosen) {
		v.line(chat.Say("logout.draft"))
	}
	if v.waiting(a.Loaded, a.Trouble) {
		return
	}
	if open := a.state(a.Chosen).Open; len(open) > 0 {
		v.line(chat.Say("logout.open", "Purchases", strings.Join(open, ", ")))
	}
	yes := v.button(chat.Say("button.logout"), verbYes)
	yes.Style = chat.Danger
	v.row(yes)
}

func pressLogout(t *turn, verb string, n int) bool {
	a := accountsOf(t.d)
	switch {
	case a.Choosing && verb == verbPick && n >= 0 && n < len(t.d.Accounts):
		t.askForget(t.d.Accounts[n].ID)
	case verb == verbAgain && a.Trouble != nil:
		t.askForgetAgain()
	case verb == verbYes && !a.Choosing && a.Loaded:
		chosen := a.Chosen
		t.d.Aside = nil
		t.raise(AccountForgotten{Account: chosen, Said: chat.Say("logout.wait")})
		t.end(chat.Say("logout.wait"))
		t.do(Forget{Account: chosen})
	default:
		return false
	}
	return true
}

// askForgetAgain looks for the open purchases once more.
func (t *turn) askForgetAgain() {
	accountsOf(t.d).Trouble = nil
	t.do(LoadAccounts{Brief: true})
}

// loggedOut takes that an account is forgotten.
func (t *turn) loggedOut(e LoggedOut) {
	rest := slices.DeleteFunc(slices.Clone(t.d.Accounts), func(a Account) bool { return a.ID == e.Account })
	t.d.Know(rest)
	t.show = true
	if len(rest) > 0 {
		t.end(chat.Say("logout.done_of_several", "Account", t.d.Account), commandButton("accounts"))
		return
	}
	t.end(chat.Say("logout.done"), commandButton("login"))
}

// sessionLost says that the vendor does not know the session any more.
func (t *turn) sessionLost(e SessionLost) {
	if t.d.Account == "" && len(t.d.Accounts) == 0 {
		return
	}
	i := slices.IndexFunc(t.d.Accounts, func(a Account) bool { return a.ID == e.Account })
	if i < 0 && len(t.d.Accounts) > 0 {
		return // logged out in between
	}
	if i >= 0 {
		t.d.Accounts[i].Lost = true
	}
	t.d.Know(t.d.Accounts)
	if len(t.d.Accounts) > 1 {
		t.tell(chat.Say("login.lost_of_several", "Account", t.d.accountOf(e.Account).Nick), "login")
		return
	}
	t.tell(chat.Say("login.lost"), "login")
}

// loginOf returns the state of a login; nil: the card is about something else.
func loginOf(d Dialogue) *Login {
	state, _ := stateOf[Login](d)
	return state
}
