package zomro

import (
	"context"
	"encoding/json"
	"errors"
	"regexp"
	"slices"
	"strings"
)

// expectation is something that the client takes for granted about the answer to a
// reading call. What it takes for granted about writing calls is in [Untestable].
type expectation struct {
	op, path string
	source   string
	form     form
	optional bool                  // it may be missing
	pick     func(doc node) []node // nil: by the path
}

// form is what a value is expected to be.
type form struct {
	name string
	fits func(node) bool
	word bool // a word of the vendor's own: it may be shown
}

// The forms that values are expected in.
var (
	aList    = form{name: "there", fits: node.exists}
	aText    = form{name: "one text", fits: func(n node) bool { _, ok := n.scalar(); return ok }}
	aNumber  = form{name: "a number", fits: func(n node) bool { text, ok := n.scalar(); return ok && isNumber(text) }}
	anAmount = form{name: "an amount with its currency", fits: func(n node) bool { _, err := n.money(); return err == nil }}
	aPrice   = form{name: "cost and currency", fits: func(n node) bool { _, err := n.price(); return err == nil }}
	aBill    = form{name: "an amount for a period that can be ordered", fits: func(n node) bool {
		_, _, ok := Service{Cost: n.text()}.Price()
		return ok
	}}
	aStatus = form{name: "a known code", word: true, fits: func(n node) bool {
		return statusOf(n.text(), "") != StatusOther
	}}
	aPower = form{name: "a known word", word: true, fits: func(n node) bool {
		word := strings.ToLower(n.text())
		return powersInWork[word] || slices.Contains([]string{PowerActive, PowerStopped, PowerResized, PowerRescued, PowerISO, PowerError}, word)
	}}
	aZone = form{name: "pub, own or shr", word: true, fits: func(n node) bool {
		return slices.Contains([]string{"pub", "own", "shr"}, n.text())
	}}
	aVolume    = form{name: "a number with blanks, or a dash", fits: func(n node) bool { return n.volume() > 0 || n.text() == "" || n.text() == "-" || n.text() == "0" }}
	aSwitch    = form{name: "on or off", fits: func(n node) bool { return slices.Contains([]string{"on", "off"}, n.text()) }}
	aTruth     = form{name: "true, false or off", fits: func(n node) bool { return slices.Contains([]string{"true", "false", "off"}, n.text()) }}
	aPayment   = form{name: "a text with #pfx/ and a number", fits: func(n node) bool { return paymentOf.MatchString(n.text()) }}
	descending = form{name: "the newest first", fits: func(n node) bool { return !oldestFirst(n.rows()) }}
	aDate      = form{name: "a date", fits: func(n node) bool { return !n.date().IsZero() }}
	aMoment    = form{name: "a time", fits: func(n node) bool { _, ok := n.moment(); return ok }}
	aZoned     = form{name: "a time with its zone", fits: func(n node) bool { return zoned.MatchString(n.text()) }}
	aQuantity  = form{name: "a number that is not negative", fits: func(n node) bool { _, ok := n.quantity(); return ok }}
	aKey       = form{name: "a public key", fits: func(n node) bool { _, err := ParsePublicKey(n.text()); return err == nil }}
	aPeriod    = form{name: "a whole number", fits: func(n node) bool { _, ok := wholeNumber(n); return ok }}
	aPriceTag  = form{name: "an amount in the brackets", fits: func(n node) bool {
		parts := priceTail.FindStringSubmatch(n.text())
		if parts == nil {
			return false
		}
		_, err := parseMoney(parts[2], "")
		return err == nil
	}}
)

const (
	opForm = "v2.instances.order.param"
	opList = "v2.instances.order.pricelist"

	opSnapshots = "instances.snapshots"
	opBackups   = "instances.fleio_bckps"
	opSchedules = "instances.fleio_bckps.schedule"
)

// zoned is a time that tells its zone.
var zoned = regexp.MustCompile(`\d:\d\d(:\d\d(\.\d+)?)?\s?(Z|[+-]\d\d:?\d\d)$`)

// The forms that values of images are expected in.
var (
	anImageState = form{name: "a known word", word: true, fits: func(n node) bool {
		return slices.Contains([]string{ImageActive, ImageSuspended}, strings.ToLower(n.text()))
	}}
	anImageType = form{name: "image, snapshot or backup", word: true, fits: func(n node) bool {
		return slices.Contains([]CopyKind{KindImage, KindSnapshot, KindBackup}, CopyKind(strings.ToLower(n.text())))
	}}
	aCopyPrice = form{name: "an amount", fits: func(n node) bool { _, err := priceOfCopy(n); return err == nil }}
	someDays   = form{name: "names of days", fits: func(n node) bool { return len(daysOf(n.text())) > 0 }}
	aClock     = form{name: "a time of the day", fits: func(n node) bool { return clockOf(n.text()) != "" }}
)

// expectations are what the client takes for granted about reading calls.
var expectations = []expectation{
	{op: "whoami", path: "user.$id", source: "[F]", form: aNumber},
	{op: "whoami", path: "user.$email", source: "[F]", form: aText},
	{op: "whoami", path: "user.$realname", source: "[F]", form: aText},
	{op: "whoami", path: "user.$need_phone_validate", source: "[F]", form: aTruth, optional: true},
	{op: "dashboard.info", path: "elem.realbalance", source: "[F]", form: anAmount},
	{op: "dashboard.subaccount_credit", path: "elem.available_credit", source: "[F]", form: anAmount, optional: true},

	{op: "instances", path: "p_elems", source: "[F]", form: aNumber},
	{op: "instances", path: "elem.id", source: "[F]", form: aNumber},
	{op: "instances", path: "elem.name", source: "[F]", form: aText},
	{op: "instances", path: "elem.servername", source: "[F]", form: aText, optional: true},
	{op: "instances", path: "elem.pricelist", source: "[F]", form: aText},
	{op: "instances", path: "elem.cost", source: "[F][g]", form: aBill},
	{op: "instances", path: "elem.item_status.$orig", source: "[F][g]", form: aStatus, optional: true},
	{op: "instances", path: "elem.item_real_status", source: "[g]", form: aStatus, optional: true},
	{op: "instances", path: "elem.status", source: "[F]", form: aStatus, optional: true},
	{op: "instances", path: "elem.instance_status", source: "[F]", form: aPower, optional: true},
	{op: "instances", path: "elem.datacenter", source: "[F]", form: aNumber, optional: true},
	{op: "instances", path: "elem.datacentername", source: "[F]", form: aText, optional: true},
	{op: "instances", path: "elem.instances_os", source: "[F]", form: aText, optional: true},
	{op: "instances", path: "elem.os_distro", source: "[F]", form: aText, optional: true},
	{op: "instances", path: "elem.os_version", source: "[F]", form: aText, optional: true},
	{op: "instances", path: "elem.ip", source: "[F]", form: aText, optional: true},
	{op: "instances", path: "elem.ip_v6", source: "[F]", form: aText, optional: true},
	{op: "instances", path: "elem.change_pricelist", source: "[F]", form: aText, optional: true},
	{op: "instances", path: "elem.createdate", source: "[F][g]", form: aDate, optional: true},
	{op: "instances", path: "elem.expiredate", source: "[F][g]", form: aText, optional: true},
	{op: "instances", path: "elem.real_expiredate", source: "[g]", form: aDate, optional: true},
	{op: "instances", path: "elem.used_traffic", source: "[C]", form: aVolume, optional: true},
	{op: "instances", path: "elem.paid_traffic", source: "[C]", form: aVolume, optional: true},
	{op: "instances.edit", path: "servername", source: "[F]", form: aText, optional: true},
	{op: "instances.edit", path: "rdns_record", source: "[F]", form: aText, optional: true},
	{op: "instances.edit", path: "createdate", source: "[F]", form: aList, optional: true},
	{op: "service.prolong", path: "expiredate", source: "[F]", form: aText},
	{op: "service.prolong", path: "newexpiredate", source: "[F]", form: aText, optional: true},
	{op: "service.prolong", path: "billdaily", source: "[g]", form: aSwitch, optional: true},
	{op: "service.prolong", path: "period", source: "[F]", form: aNumber, optional: true},
	{op: "service.prolong", path: "slist[period].val.$key", source: "[F]", form: aText, optional: true},
	{op: "instances.edit", path: "autoprolong", source: "[F]", form: aText, optional: true},
	{op: "instances.edit", path: "slist[autoprolong].val.$key", source: "[F]", form: aText, optional: true},

	{op: opMeasures, path: "measures.$date", source: "[F]", form: aMoment},
	{op: opMeasures, path: "measures.$date: its zone", source: "[i]", form: aZoned, pick: func(doc node) []node { return doc.walk("measures.$date") }},
	{op: opMeasures, path: "measures.$value", source: "[F]", form: aQuantity, optional: true},
	{op: opMeasures, path: "measures.$bytes_in", source: "[F]", form: aQuantity, optional: true},
	{op: opMeasures, path: "measures.$bytes_out", source: "[F]", form: aQuantity, optional: true},
	{op: opTraffic, path: "cycle_traffic.$in", source: "[F]", form: aQuantity},
	{op: opTraffic, path: "cycle_traffic.$out", source: "[F]", form: aQuantity},
	{op: opTraffic, path: "cycle_traffic.$start_dt", source: "[F]", form: aMoment, optional: true},
	{op: opTraffic, path: "cycle_traffic.$end_dt", source: "[F]", form: aMoment, optional: true},
	{op: opTraffic, path: "month_traffic.$in", source: "[F]", form: aQuantity},
	{op: opTraffic, path: "month_traffic.$out", source: "[F]", form: aQuantity},
	{op: opTraffic, path: "month_traffic.$start_dt", source: "[F]", form: aMoment, optional: true},
	{op: opTraffic, path: "month_traffic.$end_dt", source: "[F]", form: aMoment, optional: true},
	{op: opRescue, path: "slist[select_boot].val.$key", source: "[F]", form: aText},
	{op: opRescue, path: "slist[select_boot].val.$depend", source: "[F]", form: aZone, optional: true},
	{op: opISO, path: "slist[select_boot_from_iso].val.$key", source: "[F]", form: aText},
	{op: opISO, path: "slist[select_boot_from_iso].val.$depend", source: "[F]", form: aZone, optional: true},

	{op: "cart", path: "list[lineitems]", source: "[g]", form: aList},
	{op: "cart", path: "list[lineitems].elem.id", source: "[g]", form: aNumber},
	{op: "cart", path: "list[lineitems].elem.elid", source: "[g]", form: aNumber},
	{op: "cart", path: "list[lineitems].elem.main.name", source: "[g]", form: aText},
	{op: "cart", path: "list[lineitems].elem.main.period", source: "[g]", form: aText},
	{op: "cart", path: "list[lineitems].elem.price", source: "[g]", form: aPrice},
	{op: "cart", path: "list[lineitems].elem.rolled_back", source: "[F]", form: aSwitch, optional: true},
	{op: "cart", path: "list[lineitems].elem.needphoneverify", source: "[F]", form: aSwitch, optional: true},
	{op: "cart", path: "total.count", source: "[g]", form: aNumber},
	{op: "cart", path: "total", source: "[g]", form: aPrice, pick: func(doc node) []node {
		if len(doc.walk("list[lineitems].elem")) == 0 {
			return nil
		}
		return []node{doc.at("total")}
	}},

	{op: "sshkeys", path: "p_elems", source: "[F]", form: aNumber},
	{op: "sshkeys", path: "elem.elid", source: "[F]", form: aNumber},
	{op: "sshkeys", path: "elem.comment", source: "[F]", form: aText},
	{op: "sshkeys", path: "elem.publicKey", source: "[F]", form: aKey},
	{op: "sshkeys", path: "elem.fingerprint", source: "[F]", form: aText, optional: true},

	{op: opSnapshots, path: "elem.id", source: "[F]", form: aText},
	{op: opSnapshots, path: "elem.name", source: "[F]", form: aText},
	{op: opSnapshots, path: "elem.fleio_status", source: "[F]", form: anImageState},
	{op: opSnapshots, path: "elem.fleio_id", source: "[F]", form: aText},
	{op: opSnapshots, path: "elem.cost", source: "[F]", form: aCopyPrice, optional: true},
	{op: opSnapshots, path: "elem.image_size", source: "[F]", form: aText, optional: true},
	{op: opSnapshots, path: "elem.createdate", source: "[F]", form: aDate, optional: true},
	{op: opSnapshots, path: "elem.os_distro", source: "[F]", form: aText, optional: true},
	{op: opSnapshots, path: "elem.os_version", source: "[F]", form: aText, optional: true},
	{op: opSnapshots, path: "elem.protected", source: "[F]", form: aSwitch, optional: true},
	{op: opSnapshots, path: "cost.stat_cost", source: "[F]", form: aCopyPrice},
	{op: opSnapshots, path: "manual_created_today", source: "[F]", form: aNumber, optional: true},
	{op: opBackups, path: "elem.id", source: "[F]", form: aText},
	{op: opBackups, path: "elem.name", source: "[F]", form: aText},
	{op: opBackups, path: "elem.fleio_status", source: "[F]", form: anImageState},
	{op: opBackups, path: "elem.fleio_id", source: "[F]", form: aText},
	{op: opBackups, path: "elem.cost", source: "[F]", form: aCopyPrice, optional: true},
	{op: opBackups, path: "elem.image_size", source: "[F]", form: aText, optional: true},
	{op: opBackups, path: "elem.createdate", source: "[F]", form: aDate, optional: true},
	{op: opBackups, path: "elem.os_distro", source: "[F]", form: aText, optional: true},
	{op: opBackups, path: "elem.os_version", source: "[F]", form: aText, optional: true},
	{op: opBackups, path: "elem.protected", source: "[F]", form: aSwitch, optional: true},
	{op: opBackups, path: "elem.backup_type", source: "[F]", form: aText, optional: true},
	{op: opBackups, path: "cost.stat_cost", source: "[F]", form: aCopyPrice},
	{op: opSchedules, path: "elem.id", source: "[F]", form: aText},
	{op: opSchedules, path: "elem.name", source: "[F]", form: aText},
	{op: opSchedules, path: "elem.rotation_days", source: "[F]", form: someDays},
	{op: opSchedules, path: "elem.rotation_time", source: "[F]", form: aClock},
	{op: opSchedules, path: "backup_rotation", source: "[F]", form: aNumber, optional: true},
	{op: "image", path: "elem.id", source: "[F]", form: aText},
	{op: "image", path: "elem.image_name", source: "[F]", form: aText, optional: true},
	{op: "image", path: "elem.name", source: "[F]", form: aText, optional: true},
	{op: "image", path: "elem.image_type", source: "[F]", form: anImageType},
	{op: "image", path: "elem.fleio_status", source: "[F]", form: anImageState},
	{op: "image", path: "elem.fleio_id", source: "[F]", form: aText, optional: true},
	{op: "image", path: "elem.cost", source: "[F]", form: aCopyPrice, optional: true},
	{op: "image", path: "elem.image_size", source: "[F]", form: aText, optional: true},
	{op: "image", path: "elem.createdate", source: "[F]", form: aDate, optional: true},
	{op: "image", path: "elem.os_distro", source: "[F]", form: aText, optional: true},
	{op: "image", path: "elem.os_version", source: "[F]", form: aText, optional: true},
	{op: "image", path: "elem.disk_format", source: "[F]", form: aText, optional: true},
	{op: "image", path: "elem.region", source: "[F]", form: aText, optional: true},
	{op: "image", path: "elem.protected", source: "[F]", form: aSwitch, optional: true},

	{op: "expense", path: "p_elems", source: "[F]", form: aNumber},
	{op: "expense", path: "p_num", source: "[F]", form: aNumber, optional: true},
	{op: "expense", path: "elem", source: "[i]", form: descending, pick: func(doc node) []node {
		if len(doc.at("elem").rows()) < 2 {
			return nil
		}
		return []node{doc.at("elem")}
	}},
	{op: "expense", path: "elem.id", source: "[F]", form: aNumber},
	{op: "expense", path: "elem.locale_name", source: "[F]", form: aText},
	{op: "expense", path: "elem.amount", source: "[F][g]", form: anAmount},
	{op: "expense", path: "elem.taxamount", source: "[F]", form: anAmount, optional: true},
	{op: "expense", path: "elem.realdate", source: "[F]", form: aDate},

	{op: "order", path: "list[inpaylist]", source: "[F]", form: aList},
	{op: "order", path: "list[inpaylist].elem.item_id", source: "[F]", form: aNumber},
	{op: "order", path: "list[inpaylist].elem.desc", source: "[F]", form: aPayment},

	{op: "payment", path: "elem.id", source: "[F]", form: aNumber},
	{op: "payment", path: "elem.number", source: "[F]", form: aText},
	{op: "payment", path: "elem.status", source: "[F]", form: aText},
	{op: "payment", path: "elem.paymethod_name", source: "[F]", form: aText, optional: true},

	{op: opList, path: "list[instances]", source: "[R]", form: aList},
	{op: opList, path: "list[instances].$total_count", source: "[R]", form: aNumber, optional: true},
	{op: opList, path: "list[instances].elem.pricelist", source: "[R]", form: aNumber},
	{op: opList, path: "list[instances].elem.id", source: "[R]", form: aNumber, optional: true},
	{op: opList, path: "list[instances].elem.keyvalue", source: "[R]", form: aText},
	{op: opList, path: "list[instances].elem.title", source: "[R]", form: aText},
	{op: opList, path: "list[instances].elem.title_tag", source: "[R]", form: aText},
	{op: opList, path: "list[instances].elem.datacenter.id", source: "[R]", form: aNumber},
	{op: opList, path: "list[instances].elem.datacenter.value", source: "[R]", form: aText},
	{op: opList, path: "list[instances].elem.detail.name", source: "[R]", form: aText},
	{op: opList, path: "list[instances].elem.detail.value", source: "[R]", form: aText},
	{op: opList, path: "list[instances].elem.flabel.tag", source: "[R]", form: aText, optional: true},
	{op: opList, path: "list[instances].elem.prices.price", source: "[R]", form: aPrice},
	{op: opList, path: "list[instances].elem.prices.price.period", source: "[R]", form: aPeriod},
	{op: opList, path: "slist[datacenter].val.$key", source: "[R]", form: aNumber},
	{op: opList, path: "slist[flabel].val.$key", source: "[R]", form: aText, optional: true},

	{op: opForm, path: "datacenter", source: "[i]", form: aNumber},
	{op: opForm, path: "slist[instances_os].val.$key", source: "[F]", form: aText},
	{op: opForm, path: "slist[instances_os].val.$depend", source: "[F]", form: aZone},
	{op: opForm, path: "slist[instances_ssh_keys].val.$key", source: "[F]", form: aText, optional: true},
	{op: opForm, path: "messages.msg.addon_N", source: "[F]", form: aText, pick: func(doc node) []node {
		var labels []node
		for _, name := range addonNames(doc) {
			labels = append(labels, doc.at("messages", "msg", name))
		}
		return labels
	}},
	{op: opForm, path: "messages.msg.hint_addon_N", source: "[g]", form: aText, optional: true, pick: func(doc node) []node {
		var hints []node
		for _, name := range addonNames(doc) {
			hints = append(hints, doc.at("messages", "msg", "hint_"+name))
		}
		return hints
	}},
	{op: opForm, path: "slist[addon_N].val: a price at the end of the label", source: "[g]", form: aPriceTag, pick: func(doc node) []node {
		var tagged []node
		for _, name := range addonNames(doc) {
			options, _ := doc.options(name)
			for _, o := range options {
				if priceTail.MatchString(o.label) {
					tagged = append(tagged, node{o.label})
				}
			}
		}
		return tagged
	}},
	{op: opForm, path: "metadata.form: the cost of a slider's step", source: "[g]", form: anAmount, optional: true, pick: func(doc node) []node {
		var costs []node
		for _, slider := range formSliders(doc) {
			costs = append(costs, slider.at("$cost"))
		}
		return costs
	}},
}

// Survey reads everything that the client reads of an account, the price list
// of each datacenter and the order forms of a few plans, and compares it with
// what the client expects. It writes nothing and orders nothing. Only a session
// that is not accepted, or no answer to the first call, is an error.
func (c *Client) Survey(ctx context.Context, auth Auth) (Conformance, error) {
	if _, err := c.WhoAmI(ctx, auth); err != nil {
		return Conformance{}, Wordless(err)
	}
	s := &surveyor{client: c, auth: auth, strangers: map[strangerField]int{}}
	s.read(ctx, "whoami", "", nil, func(doc node) (string, error) {
		if !doc.at("user").exists() {
			return "", errors.New("no user")
		}
		return "a user", nil
	})
	s.read(ctx, "dashboard.info", "", nil, func(doc node) (string, error) {
		_, err := parseBalance(doc)
		return "a balance", err
	})
	s.credit(ctx)
	s.services(ctx)
	s.images(ctx)
	s.read(ctx, "cart", "", nil, func(doc node) (string, error) {
		cart, err := parseCart(doc)
		if err == nil && cart.Total == nil && len(cart.Items) > 0 {
			err = errors.New("the total cannot be read")
		}
		return counted(len(cart.Items), "item"), err
	})
	s.read(ctx, "sshkeys", "", listFields(1), func(doc node) (string, error) {
		keys, total, err := parseSSHKeys(doc)
		if err == nil && total > len(keys) && len(keys) < listPage {
			err = errors.New("fewer keys are listed than counted")
		}
		return counted(len(keys), "key"), err
	})
	s.read(ctx, "expense", "", chargesRequest(1), func(doc node) (string, error) {
		charges, _, err := parseCharges(doc, 1)
		return counted(len(charges), "charge"), err
	})
	s.mayBeClosed()
	s.read(ctx, "order", "", unpaidRequest, func(doc node) (string, error) {
		unpaid, err := parseUnpaidOrders(doc)
		return counted(len(unpaid), "unpaid order"), err
	})
	s.mayBeClosed()
	s.read(ctx, "payment", "", nil, func(doc node) (string, error) {
		return counted(len(doc.at("elem").rows()), "payment"), nil
	})
	s.mayBeClosed()
	s.catalogues(ctx)
	return s.survey(), nil
}

// Untestable are the facts on which calls rest and that are only assumed: no reading call
// shows them, and no experiment looks for them. Those that one looks for are in
// [profile.Table].
var Untestable = []string{
	"[F] runningoperation of a call for a server, and fields named in an error of a key's, mean the same",
	"[i] what an answer to a call that makes a snapshot or a backup means: none has been seen, and none is believed",
	"[F] which fields make, change and delete an image or a schedule of backups; access that stays when a server is restored",
	"[F] the time of a schedule is that of GMT+3; [i] the whole year",
	"[i] a key that is deleted from the account stays on the servers that have it",
	"[i] a time without a zone among the measures of a server is UTC; of what span the bytes of one are is not known",
	"[i] the form of a server (instances.edit) shows the reverse DNS that was set with rdns_record",
	"[F] instances.fleio.vnc answers with an address and a cookie that the panel sets; [i] what the address does without it, and for how long",
	"[F] a server is rescued and booted_from_iso after those calls, and active or stopped after unrescue",
	"[i] the password of a rescue is sent for images of the account's own, too, and does no harm there",
	"[i] autoprolong of instances.edit sets the automatic renewal of a cloud server, as it does that of other servers",
	"[i] service.prolong of a cloud server makes a row of the new cart, and charges nothing: its answer, and what that row is called, have not been seen",
	"[i] a cloud server that was paid on is listed with the day that newexpiredate announced",
	"[i] a price list without rows is a passing fault",
}

// find returns the values that an expectation is about; one without a value
// stands for a place where it is missing.
func (e expectation) find(doc node) []node {
	if e.pick != nil {
		return e.pick(doc)
	}
	parent, last := "", e.path
	if i := strings.LastIndexByte(e.path, '.'); i >= 0 {
		parent, last = e.path[:i], e.path[i+1:]
	}
	var values []node
	for _, place := range doc.walk(parent) {
		found := place.walk(last)
		if len(found) == 0 {
			found = []node{{}}
		}
		values = append(values, found...)
	}
	return values
}

// walk returns everything that a path leads to: names with dots between them,
// every record of a list, and of a list with a name in brackets those records
// that have it.
func (n node) walk(path string) []node {
	nodes := []node{n}
	if path == "" {
		return nodes
	}
	for step := range strings.SplitSeq(path, ".") {
		name, of, named := strings.Cut(strings.TrimSuffix(step, "]"), "[")
		var next []node
		for _, from := range nodes {
			for _, record := range from.at(name).rows() {
				if !named || record.at("$name").text() == of {
					next = append(next, record)
				}
			}
		}
		nodes = next
	}
	return nodes
}

// frames are what surrounds every answer.
var frames = []string{"tparams", "messages", "metadata", "p_cnt", "p_num", "p_elems", "p_col", "elid", "id", "ok", "saved_filters", "addon", "branding", "links", "tabmenu", "tips"}

// documented are fields that are known and that the client does not read, with
// everything in them.
var documented = map[string][]string{
	"whoami":                      {"user.$email_verified", "user.$phone"},
	"dashboard.info":              {"elem.phone", "elem.id"},
	"dashboard.subaccount_credit": {"elem.credit", "elem.id"},
	"instances": {
		"elem.createdate", "elem.item_cost", "elem.autoprolong", "elem.scheduledclose", "elem.expiredate", "elem.opentime",
		"elem.backup_rotation", "elem.instances_uuid", "elem.password", "elem.rdns_record", "elem.createdate",
	},
	"service.prolong": {"title_name", "status"},
	opRescue:          {"password", "zone", "select_boot", "slist[zone]", "slist[select_boot].val.$valuegroup"},
	opISO:             {"zone", "select_boot_from_iso", "slist[zone]", "slist[select_boot_from_iso].val.$valuegroup"},
	"cart":            {"list[lineitems].elem.action", "list[lineitems].elem.configuration", "promocode", "tax"},
	"sshkeys":         {"elem.cdate", "elem.fleio_key_uuid"},
	opSnapshots:       {"elem.min_disk", "elem.min_ram", "elem.region", "cost", "manual_created_total"},
	opBackups:         {"elem.min_disk", "elem.min_ram", "elem.region", "cost", "manual_created_today", "manual_created_total", "backup_rotation"},
	opSchedules:       {"elem.create_date", "elem.instance_id"},
	opMeasures:        {"measures.$packets_in", "measures.$packets_out"},
	opTraffic:         {"cycle_traffic.$id", "month_traffic.$id"},
	"image":           {"elem.min_disk", "elem.min_ram", "elem.instances_id", "elem.url", "elem.backup_type"},
	"expense": {
		"elem.cdate", "elem.compare_type", "elem.discount", "elem.discountamount", "elem.intname", "elem.item", "elem.main_item",
		"elem.notpayd", "elem.payments", "elem.paymethod_name",
	},
	// What the platform's documents and clients of other hosters show [g].
	opConfirm: {"billorder", "billorder.id", "payment_id", "item.id", "service_id", "list[inpaylist]"},
	"payment": {
		"elem.number", "elem.create_date", "elem.paymethod_name", "elem.subaccountamount_iso", "elem.paymethodamount_iso", "elem.status",
		"elem.allowrefund",
	},
	opForm: {
		"lineitem.id", "item.id",
		"autoprolong", "instances_os", "licence_agreement", "list[pricelist_summary]", "list[total_summary]", "order_count",
		"order_period", "pricelist", "servername", "slist[autoprolong]", "slist[instances_os].val.$valuegroup", "use_ssh_key",
		"instances_ssh_keys", "password", "addon_N", "slist[addon_N]",
	},
	opList: {
		"datacenter", "datacenters", "flist[ftrial]", "fperiod", "slist[fgroup_2]", "slist[fperiod]", "slist[datacenter].val.$image",
		"list[instances].elem.description", "list[instances].elem.fgroup_2", "list[instances].elem.fperiod",
		"list[instances].elem.prices.$key", "list[instances].elem.prices.price.$special_price", "hide_fgroup_2", "hide_flabel", "hide_fperiod", "page", "page_size",
		"list[instances].elem.buttons", "list[instances].elem.datacenter.title",
	},
}

var (
	addonNumber = regexp.MustCompile(`^(hint_)?addon_[0-9]+$`)
	dated       = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}`)
)

// documentedWords are words of the vendor's that the documents know: types and
// objects of errors [F][g], our own codes beside them, and states of services [F].
// Any other may be the account's own.
var documentedWords = []string{
	CodeBlockedAddress, CodeSecondFactor, CodeNoSession, CodeInvalid,
	CodeAuth, CodeAccess, CodeMissed, CodePromoNotUsed,
	"value", "exists", "email_exist", "pricelist_min_order", "not_enough_money", "file", "date",
	"connect", "db", "exception", "exec", "internal", "timeout", "unknown",
	"wizard_unavailable", "captcha_verification_failed",
	"badpassword", "badip", "blocklogon", "blockgeoip", "blocked_ip", "runningoperation", "nouser", "socialrequest",
	"subaccount", "remove", "strptime",
	"image", "snapshot", "backup",
	"0", "2_start", "2_stop", "2_reboot", "2_hardreboot", "service_nosuitable",
	"suspended",
}

// documentedWord returns a word of the vendor's if the documents know it; any
// other is hidden.
func documentedWord(word string) string {
	if word == "" || slices.Contains(documentedWords, word) {
		return word
	}
	return redacted
}

// unknown gathers the fields below a value that the client does not know. It goes
// only into known paths, so that a path holds no other name.
func (s *surveyor) unknown(op, path string, value node) {
	object, ok := value.value.(map[string]any)
	if !ok {
		return
	}
	for name, inner := range object {
		if name == "$" || name == "$name" && path != "" {
			continue
		}
		for _, record := range (node{inner}).rows() {
			at := anyAddon(name)
			if of := record.at("$name").text(); of != "" && strings.HasSuffix(name, "list") {
				at += "[" + anyAddon(of) + "]"
			}
			if path != "" {
				at = path + "." + at
			}
			known := familiar(op, at)
			if s.friends != nil && known != stranger && isDocumented(op, at) {
				s.friends[friendField{at, formOf(record)}]++
			}
			switch known {
			case within:
				s.unknown(op, at, record)
			case stranger:
				s.strangers[strangerField{op, path, formOf(record), strings.TrimPrefix(at, path+".")}]++
			}
		}
	}
}

// anyAddon returns the name that stands for those of all add-ons.
func anyAddon(name string) string {
	if !addonNumber.MatchString(name) {
		return name
	}
	hint, _, _ := strings.Cut(name, "addon_")
	return hint + "addon_N"
}

// How well a path is known.
const (
	stranger = iota
	within   // something in it is known
	friend   // known, with everything in it
)

// isDocumented reports whether the documents have a field by just that path, so that it can be
// shown.
func isDocumented(op, path string) bool {
	return slices.Contains(frames, path) || slices.Contains(documented[op], path) ||
		slices.ContainsFunc(expectations, func(e expectation) bool { return e.op == op && e.path == path })
}

func familiar(op, path string) int {
	// The form of a server has the fields of its row.
	if row := "elem." + path; op == "instances.edit" && familiar("instances", row) != stranger {
		return friend
	}
	if slices.Contains(frames, path) || strings.HasPrefix(path, "$") || strings.HasSuffix(path, ".$type") ||
		slices.Contains(documented[op], path) {
		return friend
	}
	best := stranger
	field, list := path+".", path+"["
	for _, d := range documented[op] {
		if strings.HasPrefix(d, field) || strings.HasPrefix(d, list) {
			best = within
		}
	}
	for _, e := range expectations {
		if e.op != op {
			continue
		}
		inner, below := strings.CutPrefix(path, e.path+".")
		switch {
		case e.form.name == aPrice.name && below:
			if slices.Contains([]string{"cost", "currency", "price.cost", "price.currency"}, inner) {
				return friend
			}
			if inner == "price" {
				best = within
			}
		case e.path == path && (e.form.name == aPrice.name || e.form.name == aList.name):
			best = within
		case e.path == path && best == stranger:
			best = friend
		case strings.HasPrefix(e.path, field):
			best = within
		}
	}
	return best
}

// formOf says in words what a value is like, and nothing of what it is.
func formOf(n node) string {
	switch value := n.value.(type) {
	case nil:
		return "nothing"
	case []any:
		return "a list"
	case map[string]any:
		if _, ok := value["$"]; !ok {
			return "a record"
		}
	case bool:
		return "true or false"
	case string, json.Number:
	}
	text, ok := n.scalar()
	switch _, err := parseMoney(text, ""); {
	case !ok:
		return "not one text"
	case text == "":
		return "an empty text"
	case isNumber(text):
		return "a number"
	case err == nil:
		return "an amount with its currency"
	case text == "on" || text == "off":
		return "on or off"
	case dated.MatchString(text):
		return "a date"
	default:
		return "a text"
	}
}
