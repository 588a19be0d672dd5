package order

import (
	"zomrobot/chat"
	"zomrobot/zomro"
)

// LoadCatalogue asks the vendor for the plans of a datacenter; "" leaves the choice
// to the vendor. Answered by CatalogueLoaded. Fresh: not from a cache.
type LoadCatalogue struct {
	Draft      string `json:"draft"`
	Account    string `json:"account,omitempty"` // whose session is used; "": the default one's
	Datacenter string `json:"datacenter,omitempty"`
	Fresh      bool   `json:"fresh,omitempty"`
}

// LoadForm asks the vendor for the order form. Answered by FormLoaded.
type LoadForm struct {
	Draft      string       `json:"draft"`
	Account    string       `json:"account,omitempty"` // whose keys and images it has; "": the default one
	Plan       string       `json:"plan"`
	Datacenter string       `json:"datacenter"`
	Period     zomro.Period `json:"period"`
}

// LoadNamesake asks the vendor whether the account that pays has a server of the
// order's name. Answered by NamesakeLoaded.
type LoadNamesake struct {
	Draft   string `json:"draft"`
	Account string `json:"account,omitempty"` // "": the default one
	Name    string `json:"name"`
}

// LoadBalance asks the vendor for the balance. Answered by BalanceLoaded.
type LoadBalance struct {
	Draft   string `json:"draft"`
	Account string `json:"account,omitempty"` // "": the default one
}

// MakePassword makes a random password that fits the rules of
// [conversation.CheckPassword] and keeps it in SlotPassword. Answered by PasswordMade.
type MakePassword struct {
	Draft string `json:"draft"`
}

// LoadTemplates asks for the person's templates. Answered by TemplatesLoaded.
type LoadTemplates struct{}

// KeepTemplate keeps a template under a name that no other has. Answered by
// TemplatesLoaded.
type KeepTemplate struct {
	Name string `json:"name"`
	Line string `json:"line"`
	Was  string `json:"was,omitempty"` // the name that it had before
}

// DropTemplate forgets a template. Answered by TemplatesLoaded.
type DropTemplate struct {
	Name string `json:"name"`
}

// ShareOrder makes a link that opens an order at whoever follows it, for [ShareLives].
// Answered by ShareMade.
type ShareOrder struct {
	Line  string `json:"line"`            // what stands behind "/order"
	Promo string `json:"promo,omitempty"` // kept beside it, and not handed on until SharePromo
}

// SharePromo has a link of the person's hand on the promo code too. Answered by ShareMade.
type SharePromo struct {
	Code string `json:"code"` // of the link
}

func (ShareOrder) Effect() {}

func (SharePromo) Effect() {}

func (KeepTemplate) Effect() {}

func (DropTemplate) Effect() {}

func (LoadTemplates) Effect() {}

func (HandPassword) Effect() {}

func (LoadCatalogue) Effect() {}

func (LoadForm) Effect() {}

func (LoadBalance) Effect() {}

func (LoadNamesake) Effect() {}

func (MakePassword) Effect() {}

// HandPassword keeps a root password for the draft of the person's dialogue in a
// group. Answered by PasswordHanded; the group's dialogue gets PasswordGiven.
type HandPassword struct {
	To    chat.Key
	Draft string
	Value zomro.Secret // zero: one is made, as by MakePassword
}

// Commits marks an effect that destroys something.
func (DropTemplate) Commits() {}
