package conversation_test

import (
	"reflect"
	"testing"

	"zomrobot/conversation"
	orderflow "zomrobot/conversation/order"
	"zomrobot/zomro"
)

func TestOrderInOneLine(t *testing.T) {
	k := loggedIn(t)
	k.secrets = []string{goodPassword}
	k.command("/order func=v2.instances.order.param licence_agreement=on force_use_new_cart=on order_period=-50 use_ssh_key=off pricelist=1201 " +
		"servername=MyServer-1 password=" + goodPassword + " instances_os=Debian 12 order_count = 3 addon_121=260 addon_123=45 addon_124=a datacenter=12 " +
		"backups_schedule=on backups_schedule_name=nightly backups_schedule_rotation_days=1,2,0 backups_schedule_rotation_time=4:20 promocode=SUMMER10")
	k.at(orderflow.PlaceReview).seesNot("shortcut", "unknown").sees("SUMMER10")
	if k.has("delete", isDelete).(conversation.Delete).Message != k.message || k.has("keep", isKeep).(conversation.Keep).Value.Reveal() != goodPassword {
		t.Error("the password was not taken as a secret")
	}
	k.tap("Order for")
	want := zomro.Order{
		Plan: "1201", Datacenter: "12", Period: zomro.Day, Count: 3, Image: "12-Debian 12", ServerName: "MyServer-1",
		Addons:  []zomro.AddonValue{{Name: "addon_121", Value: "260"}, {Name: "addon_123", Value: "45"}, {Name: "addon_124", Value: "a"}},
		Backups: &zomro.Backups{Name: "nightly", Days: []int{0, 1, 2}, Time: "04:20"},
	}
	if o := k.has("open", isOpen).(conversation.Open); !reflect.DeepEqual(o.Order, want) || o.Promo != "SUMMER10" {
		t.Errorf("order %+v, want %+v", o.Order, want)
	}
}

func TestShortcutSaysWhatIsWrongAndAsksWhatIsMissing(t *testing.T) {
	for line, c := range map[string]struct {
		at   conversation.Place
		sees string
	}{
		"pricelist=1700":                           {orderflow.PlaceSystem, "Blitz"},
		"pricelist=Blitz":                          {orderflow.PlaceSystem, "Blitz"},
		"datacenter=poland pricelist=1200":         {orderflow.PlaceSystem, "Poland-1"},
		"datacenter=99":                            {orderflow.PlaceDatacenter, "datacenter: there's no datacenter “99”"},
		"datacenter=12 pricelist=1700":             {orderflow.PlacePlan, "pricelist: there's no plan “1700”"},
		"pricelist=1700 instances_os=BeOS":         {orderflow.PlaceSystem, "no system “BeOS”"},
		"pricelist=1700 instances_os=17-Debian 12": {orderflow.PlaceAccess, "Debian 12"},
		"pricelist=1700 addon_1=2":                 {orderflow.PlaceSystem, "addon_1: this plan has no such option"},
		"pricelist=1701 addon_171=7":               {orderflow.PlaceAddons, "“7” isn't among the choices"},
		"pricelist=1701 addon_173=36":              {orderflow.PlaceAddons, "from 35 to 95"},
		"instances_ssh_keys=1 pricelist=1700":      {orderflow.PlaceSystem, "no SSH key “1”"},
		"instances_ssh_keys=491 pricelist=1700":    {orderflow.PlaceSystem, "key-1"},
		"instances_ssh_keys=491 pricelist=1702 instances_os=17-Windows Server 2022": {orderflow.PlaceAccess, "do not work with Windows"},
		"order_period=2":                       {orderflow.PlaceDatacenter, "order_period: it's one of"},
		"order_period=3 pricelist=1702":        {orderflow.PlaceSystem, "removed: period (3 months)"},
		"order_count=36":                       {orderflow.PlaceDatacenter, "order_count: ❗ Type a whole number"},
		"servername=my server":                 {orderflow.PlaceDatacenter, "servername: ❗ This name can't contain `␣ (U+0020)`"},
		"promocode=two words":                  {orderflow.PlaceDatacenter, "promocode: ❗ A promo code can't contain `␣ (U+0020)`"},
		"backups_schedule_rotation_days=1,7":   {orderflow.PlaceDatacenter, "from 0 (Sunday) to 6"},
		"backups_schedule_rotation_time=25:00": {orderflow.PlaceDatacenter, "Write the time as"},
		"backups_schedule_name=a b":            {orderflow.PlaceDatacenter, "backups_schedule_name: ❗"},
		"backups_schedule=off":                 {orderflow.PlaceDatacenter, "Backups: none"},
		"price=7 colour=red":                   {orderflow.PlaceDatacenter, "don't know these parameters: price, colour"},
		"gorgeous":                             {orderflow.PlaceDatacenter, "Not understood: “gorgeous”"},
	} {
		loggedIn(t).command("/order " + line).at(c.at).sees(c.sees)
	}
}

func TestShortcutSecrets(t *testing.T) {
	for line, c := range map[string]struct {
		kept bool
		sees string
	}{
		"password=" + goodPassword: {true, "your password"},
		"password=short":           {false, "password: ❗ The password must be"},
		"password=" + goodPassword + " instances_ssh_keys=491": {false, "I used the key"},
		"auth=" + goodToken + " datacenter=12":                 {false, "won't repeat them"},
		"pass=" + goodPassword:                                 {false, "won't repeat them"},
	} {
		k := loggedIn(t)
		k.secrets = []string{goodPassword, goodToken}
		k.command("/order " + line).sees(c.sees)
		if k.has("delete", isDelete).(conversation.Delete).Message != k.message {
			t.Errorf("%s: the message stays", line)
		}
		if kept := k.count(isKeep) > 0; kept != c.kept {
			t.Errorf("%s: kept %v", line, kept)
		}
	}
	k := inTeam(t)
	k.secrets = []string{goodPassword}
	k.command("/order password=" + goodPassword).sees("change that secret")
	if k.count(isKeep) > 0 {
		t.Error("a password was kept in a group")
	}
}

func TestShortcutReplacesTheDraft(t *testing.T) {
	k := toAccess(loggedIn(t)).tap("My own").secretly(goodPassword)
	k.command("/order datacenter=12").at(orderflow.PlacePlan).sees("replaced your unfinished one")
	k.has("drop", isDrop)
}

func FuzzShortcut(f *testing.F) {
	f.Add("pricelist=1701 addon_171=260 = = password=x backups_schedule_rotation_days=,")
	f.Fuzz(func(t *testing.T, line string) {
		k := loggedIn(t)
		k.command("/order " + line)
	})
}
