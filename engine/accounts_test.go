package engine

import (
	"encoding/json"
	"testing"
)

// TestOneAccountBecomesAList: the form of one account alone is read as a list
// of one, which is the default.
func TestOneAccountBecomesAList(t *testing.T) {
	var as accounts
	if err := json.Unmarshal([]byte(`{"id":"7","name":"anna@example.com","username":"anna@example.com","password":"p","session":"s"}`), &as); err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(as)
	if err != nil {
		t.Fatal(err)
	}
	var again accounts
	if err := json.Unmarshal(text, &again); err != nil {
		t.Fatal(err)
	}
	for _, got := range []accounts{as, again} {
		if len(got.List) != 1 || got.Default != "7" || got.List[0].Password != "p" || got.index("") != 0 || got.index("8") != -1 {
			t.Errorf("read as %+v", got)
		}
	}
}

// TestAccountsAreNamedApart: a vendor's user who logs in again replaces the
// account; another one of the same name is called otherwise; one is always the
// default.
func TestAccountsAreNamedApart(t *testing.T) {
	var as accounts
	as.put(account{ID: "7", Name: "anna", Session: "old"})
	as.put(account{ID: "8", Name: "Anna"})
	as.List[0].Nick = "home"
	as.put(account{ID: "7", Name: "anna", Session: "new"})
	if len(as.List) != 2 || as.Default != "7" || as.List[0].Session != "new" || as.List[0].nick() != "home" || as.List[1].nick() != "Anna (2)" {
		t.Errorf("two accounts: %+v", as)
	}
	as.remove("7")
	if as.Default != "8" || as.index("7") != -1 {
		t.Errorf("after the default was removed: %+v", as)
	}
	as.remove("8")
	if as.index("") != -1 || len(as.List) != 0 {
		t.Errorf("after all were removed: %+v", as)
	}
}
