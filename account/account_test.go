package account

import (
	"encoding/json"
	"testing"
)

// TestOneAccountBecomesAList: the form of one account alone is read as a list
// of one, which is the default.
func TestOneAccountBecomesAList(t *testing.T) {
	var as Connected
	if err := json.Unmarshal([]byte(`{"id":"7","name":"anna@example.com","username":"anna@example.com","password":"p","session":"s"}`), &as); err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(as)
	if err != nil {
		t.Fatal(err)
	}
	var again Connected
	if err := json.Unmarshal(text, &again); err != nil {
		t.Fatal(err)
	}
	for _, got := range []Connected{as, again} {
		if len(got.List) != 1 || got.Default != "7" || got.List[0].Password != "p" || got.Index("") != 0 || got.Index("8") != -1 {
			t.Errorf("read as %+v", got)
		}
	}
}

// TestAccountsAreNamedApart: a vendor's user who logs in again replaces the
// account; another one of the same name is called otherwise; one is always the
// default.
func TestAccountsAreNamedApart(t *testing.T) {
	var as Connected
	as.Put(Account{ID: "7", Name: "anna", Session: "old"})
	as.Put(Account{ID: "8", Name: "Anna"})
	as.List[0].Nick = "home"
	as.Put(Account{ID: "7", Name: "anna", Session: "new"})
	if len(as.List) != 2 || as.Default != "7" || as.List[0].Session != "new" || as.List[0].Shown() != "home" || as.List[1].Shown() != "Anna (2)" {
		t.Errorf("two accounts: %+v", as)
	}
	as.Remove("7")
	if as.Default != "8" || as.Index("7") != -1 {
		t.Errorf("after the default was removed: %+v", as)
	}
	as.Remove("8")
	if as.Index("") != -1 || len(as.List) != 0 {
		t.Errorf("after all were removed: %+v", as)
	}
}
