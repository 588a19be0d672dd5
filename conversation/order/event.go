package order

import (
	"time"

	"zomrobot/conversation"
	"zomrobot/zomro"
)

// CatalogueLoaded answers LoadCatalogue.
type CatalogueLoaded struct {
	Draft      string
	Datacenter string // as asked
	Catalogue  zomro.Catalogue
	At         time.Time             // when the vendor told it; zero: now
	Silent     bool                  // the vendor does not answer now: this is what it told last
	Problem    *conversation.Problem // set: it was not loaded
}

// FormLoaded answers LoadForm.
type FormLoaded struct {
	Draft      string
	Asked      string // the account as asked
	Account    string // whose form it is
	Plan       string
	Datacenter string
	Form       zomro.Form
	Problem    *conversation.Problem
}

// BalanceLoaded answers LoadBalance. It tells no problem: a balance that is not
// known is left out of the review.
type BalanceLoaded struct {
	Draft   string
	Asked   string         // the account as asked
	Account string         // whose balance it is
	Balance *zomro.Balance // nil: not known
}

// NamesakeLoaded answers LoadNamesake. It tells no problem: none stops anything.
type NamesakeLoaded struct {
	Draft string
	Asked string // the account as asked
	Name  string
	Known bool // the vendor told
	Taken bool
	// Server tells which one it is, "#51, 203.0.113.7"; empty in a group, where the
	// servers of an account are nobody else's business.
	Server string
}

// PasswordMade answers MakePassword: it is kept in the slot SlotPassword. The
// text is there only to be shown once.
type PasswordMade struct {
	Draft    string
	Password zomro.Secret
}

// PurchaseOpened answers Open: the purchase exists, with this id.
type PurchaseOpened struct {
	Draft string
	ID    string
}

// PurchaseRefused answers Open: no purchase was opened.
type PurchaseRefused struct {
	Draft   string
	Problem conversation.Problem
}

// Recalled answers RecallOrder.
type Recalled struct {
	Purchase string
	Draft    string // as asked
	Template bool   // as asked
	Share    bool   // as asked
	Order    zomro.Order
	Promo    string      // the code that it had; empty: none
	Total    zomro.Money // agreed to
}

// TemplatesLoaded answers LoadTemplates, KeepTemplate and DropTemplate.
type TemplatesLoaded struct {
	Templates     []Template // by name
	Kept, Dropped string     // names, of what was asked for
	Taken         bool       // it was not kept: another has the name
	Full          bool       // it was not kept: there are too many
}

// ShareMade answers ShareOrder and SharePromo.
type ShareMade struct {
	Code      string // of the link
	Promo     string // that the order has; empty: none
	WithPromo bool   // the link hands it on
	Gone      bool   // with SharePromo: there is no such link of this person's
}

// ShareOpened says that the person came with the code of a link to an order: the answer to
// [conversation.OpenLink].
type ShareOpened struct {
	Line   string
	Promo  string // empty: it hands none on
	Unique string // names the update
}

func (ShareMade) Event() {}

func (ShareOpened) Event() {}

func (CatalogueLoaded) Event() {}

func (FormLoaded) Event() {}

func (BalanceLoaded) Event() {}

func (NamesakeLoaded) Event() {}

func (PasswordMade) Event() {}

func (PurchaseOpened) Event() {}

func (PurchaseRefused) Event() {}

func (Recalled) Event() {}

func (TemplatesLoaded) Event() {}

// PasswordHanded answers HandPassword.
type PasswordHanded struct {
	Refused bool         // the draft no longer exists; nothing was kept
	Made    zomro.Secret // a password that was made, to be shown once; zero: it was given
}

// PasswordGiven tells a dialogue in a group that the root password of its draft
// was given in private: it is kept in SlotPassword.
type PasswordGiven struct {
	Draft     string
	Generated bool
}

func (PasswordHanded) Event() {}

func (PasswordGiven) Event() {}

// MadeAt is when the person confirmed what waits for the catalogue.
func (CatalogueLoaded) MadeAt(d conversation.Dialogue) (time.Time, bool) {
	if d.Draft == nil || !d.Draft.Confirming {
		return time.Time{}, false
	}
	return d.Draft.Confirmed, true
}
