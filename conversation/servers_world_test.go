package conversation_test

import (
	"math"
	"time"

	"zomrobot/conversation"
	"zomrobot/conversation/bill"
	"zomrobot/conversation/expense"
	loadflow "zomrobot/conversation/load"
	orderflow "zomrobot/conversation/order"
	prolongflow "zomrobot/conversation/prolong"
	serverflow "zomrobot/conversation/server"
	"zomrobot/zomro"
)

// serversOf are the servers of a person: one in each state that has deeds of
// its own, and enough of them for pages.
func serversOf() []zomro.Service {
	servers := []zomro.Service{
		{ID: "51", Name: "web-1", ServerName: "web-1", Status: zomro.StatusActive, Code: "2", PowerState: "active", Plan: "Nova | NL-3", Image: "Ubuntu 22.04", IPv4: "203.0.113.7", IPv6: "2001:db8::7", Cost: "0.13 EUR / Day", UsedTraffic: 66_200_000_000, PaidTraffic: 3_000_000_000_000},
		{ID: "52", Name: "web-2", ServerName: "web-2", Status: zomro.StatusSuspended, Code: "3", PowerState: "stopped", Plan: "Nova | NL-3", Cost: "7.35 EUR / Month"},
		{ID: "53", Name: "web-3", ServerName: "web-3", Status: zomro.StatusActive, Code: "2", PowerState: "resized", Fixed: true},
		{ID: "54", Name: "web-4", Status: zomro.StatusActive, Code: "2", PowerState: "error", Cost: "much"},
		{ID: "55", Name: "web-5", Status: zomro.StatusSuspended, Code: "3_abusesuspend", PowerState: "suspended"},
		{ID: "56", Name: "web-6", Status: zomro.StatusBusy, Code: "5_close", PowerState: "processing"},
		{ID: "57", Name: "web-7", Status: zomro.StatusOther, StatusText: "Odd <state>"},
	}
	for _, id := range []string{"61", "62", "63"} {
		servers = append(servers, zomro.Service{ID: id, Name: "db-" + id, Status: zomro.StatusActive, PowerState: "active"})
	}
	return servers
}

// measuresOf is what was measured of a server until now: a wave, with a gap in it.
func measuresOf(asked loadflow.ReadMeasures, now time.Time) loadflow.MeasuresLoaded {
	var measures []zomro.Measure
	for i := range 300 {
		if i > 100 && i < 120 {
			continue
		}
		at := now.Add(-time.Duration(asked.Hours) * time.Hour * time.Duration(300-i) / 300)
		v := 50 + 40*math.Sin(float64(i)/20)
		measures = append(measures, zomro.Measure{At: at, CPU: v, In: 1e6 * v, Out: 3e6 * v})
	}
	e := loadflow.MeasuresLoaded{Asked: asked, Shown: loadflow.Show(asked, measures, now)}
	if asked.Metric == zomro.MetricTraffic {
		e.Shown.Totals = &loadflow.Totals{
			Cycle: &zomro.Traffic{From: now.AddDate(0, 0, -9), To: now.AddDate(0, 0, 21), In: 12e9, Out: 54e9},
			Month: &zomro.Traffic{In: 20e9, Out: 75.5e9},
		}
	}
	return e
}

// consoleAddress is the way to a server's screen.
const consoleAddress = "https://console.example.com/vnc?token=5ecret"

// elsewhere are servers that run from something else than their disk.
func elsewhere() []zomro.Service {
	return []zomro.Service{
		{ID: "71", Name: "web-1", Status: zomro.StatusActive, Code: "2", PowerState: "rescued"},
		{ID: "72", Name: "web-2", Status: zomro.StatusActive, Code: "2", PowerState: "booted_from_iso"},
	}
}

// payingOf is how a server is paid: one by the day, the others by the month, of which one
// has a form that does not name its renewal.
func payingOf(e prolongflow.LoadPaying) prolongflow.PayingLoaded {
	balance, daily := euro("20.00"), euro("0.40")
	loaded := prolongflow.PayingLoaded{Server: e.Server, Renewable: true, Balance: &balance, Daily: &daily, Days: 50}
	for _, s := range serversOf() {
		if s.ID == e.Server {
			loaded.Service = &s
		}
	}
	if s := loaded.Service; s != nil && s.Cost == "7.35 EUR / Month" {
		s.Created, s.PaidUntil = start.AddDate(0, -2, 0), start.AddDate(0, 0, 12)
		loaded.Renewal = &zomro.Renewal{Value: "1", Choices: []zomro.RenewalChoice{
			{Key: "null", Label: "Disabled"}, {Key: "1", Label: "Month"}, {Key: "12", Label: "Year"}, {Key: "x", Label: "For <ever>"},
		}}
	}
	return loaded
}

// periodsOf is for how long a server can be paid on; for a year the vendor does not
// announce until when it then is.
func periodsOf(e prolongflow.LoadPeriods) prolongflow.PeriodsLoaded {
	form := zomro.ProlongForm{Period: e.Period, Until: start.AddDate(0, 0, 12), Choices: []zomro.ProlongChoice{
		{Period: zomro.Month, Label: "Month"}, {Period: zomro.Year, Label: "Year"},
	}}
	if e.Period != zomro.Year {
		form.Next = form.Until.AddDate(0, 1, 0)
	}
	return prolongflow.PeriodsLoaded{Server: e.Server, Period: e.Period, Form: &form}
}

// respondServers answers what is asked about servers and purchases; false: it
// is something else.
func (k *talk) respondServers(e conversation.Effect) bool {
	k.t.Helper()
	switch e := e.(type) {
	case serverflow.LoadServers:
		event := serverflow.ServersLoaded{Asked: e.Account, Server: e.Server, Account: "7", Services: serversOf(), Operates: k.operates}
		if k.servers != nil {
			event.Services = k.servers
		}
		if e.Server == "51" {
			event.Details = &zomro.ServiceDetails{ID: "51", ServerName: "web-1", ReverseDNS: "web.example", Created: "2026-10-04"}
		}
		k.step(event)
	case serverflow.RecallBatch:
		k.step(serverflow.BatchRecalled{Batch: e.Batch, Account: "7", Op: k.batch, Servers: []string{"51", "61", "63"}})
	case serverflow.LoadSizes:
		more := euro("3.50")
		k.step(serverflow.SizesLoaded{Server: e.Server, Sizes: []zomro.Size{
			{ID: "1702", Label: "Zen | NL-3", Cost: &more}, {ID: "1703", Label: "Only here | NL-3"},
		}})
	case serverflow.LoadRebuild:
		form := formOf(orderflow.LoadForm{Datacenter: "17", Plan: "1701"})
		k.step(serverflow.RebuildLoaded{Server: e.Server, Form: zomro.RebuildForm{Images: form.Images, Keys: form.Keys}})
	case loadflow.ReadMeasures:
		k.step(measuresOf(e, k.now))
	case serverflow.OpenConsole:
		k.secrets = append(k.secrets, consoleAddress)
		k.step(serverflow.ConsoleOpened{Server: e.Server, Console: zomro.Console{
			Address: zomro.NewSecret(consoleAddress), Host: "console.example.com", Bound: k.bound,
		}})
	case serverflow.LoadBoot:
		images := formOf(orderflow.LoadForm{Datacenter: "17", Plan: "1701"}).Images
		if e.ISO {
			images = []zomro.Image{{ID: "iso-1", Label: "SystemRescue 12", Zone: "pub"}}
		}
		k.step(serverflow.BootLoaded{Server: e.Server, ISO: e.ISO, Images: images})
	case serverflow.MakeServerPassword:
		k.secrets = append(k.secrets, "Made7-for-the-server")
		k.step(serverflow.PasswordMade{Server: e.Server, Password: zomro.NewSecret("Made7-for-the-server")})
	case prolongflow.LoadPaying:
		k.step(payingOf(e))
	case prolongflow.LoadPeriods:
		k.step(periodsOf(e))
	case bill.LoadOrders:
		k.step(bill.OrdersLoaded{Orders: []bill.OrderRow{
			{ID: "A7K-42", Stage: bill.StageActive, Name: "web-1", Plan: "Nova", Total: euro("10.00"), Opened: start},
			{ID: "B8L-53", Stage: bill.StageFailed, Plan: "Zen", Total: euro("20.00"), Opened: start},
		}})
	case bill.LoadAudit:
		k.step(auditOf(e))
	case expense.LoadCosts:
		k.step(expense.CostsLoaded{Account: e.Account, Rows: charged})
	case bill.RecallOrder:
		k.step(orderflow.Recalled{
			Purchase: e.Purchase, Draft: e.Draft, Template: e.Template, Share: e.Share, Promo: "SUMMER10", Total: euro("9.00"),
			Order: zomro.Order{
				Plan: "1701", Datacenter: "17", Period: zomro.Month, Count: 2, Image: "17-Debian 12", ServerName: k.ordered,
				Addons:  []zomro.AddonValue{{Name: "addon_171", Value: "260"}},
				Backups: &zomro.Backups{Name: "daily", Days: []int{1, 4}, Time: "04:20"},
			},
		})
	default:
		return false
	}
	return true
}
