package order

import (
	"regexp"
	"slices"
	"strconv"

	"github.com/shopspring/decimal"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/zomro"
)

// A quick draft is filled in with the usual where nobody has said anything. It is the
// person's own from the first review on: what is missing then is asked.

// assume fills in the answer of a step for a quick draft, and marks it. What the person
// asked for and cannot have is asked, not assumed.
func assume(t *conversation.Turn, step conversation.Place, fill func(*conversation.Draft) bool) {
	dr := t.Dialogue.Draft
	if dr.Quick && !slices.Contains(dr.Refused, step) && !t.Machine.Spot(step).Done(dr) && fill(dr) {
		dr.Assumed = append(dr.Assumed, step)
	}
}

// usualDatacenter is the person's last one, else the one that the vendor's catalogue
// opens with. A plan that is named by its id names its datacenter too.
func usualDatacenter(t *conversation.Turn) {
	assume(t, PlaceDatacenter, func(dr *conversation.Draft) bool {
		c := dr.Catalogue
		if slices.ContainsFunc(c.Plans, func(p zomro.Plan) bool { return p.ID == dr.Wanted[paramPlan] }) {
			return false
		}
		for _, id := range []string{t.Dialogue.Centre, c.Datacenter} {
			if i := slices.IndexFunc(c.Datacenters, func(c zomro.Datacenter) bool { return c.ID == id }); i >= 0 {
				dr.Datacenter = c.Datacenters[i]
				return true
			}
		}
		return false
	})
}

// usualRest fills in what the order form and the plan decide, and the rest. line is what
// was wanted of the form.
func usualRest(t *conversation.Turn, line map[string]string) {
	assume(t, PlaceSystem, func(dr *conversation.Draft) bool {
		image, ok := usualImage(dr.Form.Images)
		if ok {
			dr.Image = &image
		}
		return ok
	})
	assume(t, PlaceAccess, func(dr *conversation.Draft) bool {
		if dr.Access.Kind != "" || len(dr.Form.Keys) != 1 || !keysFit(dr) || isOff(line[paramUseKey]) {
			return false
		}
		dr.Access = conversation.Access{Kind: conversation.AccessKey, Key: dr.Form.Keys[0]}
		return true
	})
	assume(t, PlaceName, func(dr *conversation.Draft) bool {
		dr.Named = true
		return true
	})
	assume(t, PlaceBackups, func(dr *conversation.Draft) bool {
		dr.NoBackups = dr.Backups == nil
		return dr.NoBackups
	})
	assume(t, PlacePeriod, func(dr *conversation.Draft) bool {
		dr.Period = usualPeriod(*dr.Plan)
		return dr.Period != ""
	})
	assume(t, PlaceCount, func(dr *conversation.Draft) bool {
		dr.Count = 1
		return true
	})
}

// The systems that are usual, by the vendor's labels: a long-term release of Ubuntu is
// that of April of an even year. A label that says more names something else.
var (
	ubuntu = regexp.MustCompile(`(?i)^ubuntu[ -](\d\d)\.04(?:\.\d+)?(?: lts)?$`)
	debian = regexp.MustCompile(`(?i)^debian[ -](\d+)(?:\.\d+)?$`)
)

// usualImage is the vendor's newest Ubuntu for the long term, else its newest Debian;
// false: neither is there.
func usualImage(images []zomro.Image) (zomro.Image, bool) {
	for _, system := range []struct {
		label *regexp.Regexp
		every int
	}{{ubuntu, 2}, {debian, 1}} {
		newest, found := -1, zomro.Image{}
		for _, im := range images {
			label := system.label.FindStringSubmatch(im.Label)
			if label == nil || im.Zone == "own" || im.Zone == "shr" {
				continue
			}
			if n, err := strconv.Atoi(label[1]); err == nil && n%system.every == 0 && n > newest {
				newest, found = n, im
			}
		}
		if newest >= 0 {
			return found, true
		}
	}
	return zomro.Image{}, false
}

// usualPeriod is the one with the least commitment that makes sense: a month, unless it
// saves nothing against paying by the day; without a month the shortest. "": the plan
// has none.
func usualPeriod(plan zomro.Plan) zomro.Period {
	month, monthly := plan.Price(zomro.Month)
	if monthly && !dayWillDo(plan, month) {
		return zomro.Month
	}
	for _, p := range periods {
		if _, ok := plan.Price(p); ok {
			return p
		}
	}
	return ""
}

// dayWillDo reports whether thirty days, each by itself, cost no more than the month.
func dayWillDo(plan zomro.Plan, month zomro.Money) bool {
	day, daily := plan.Price(zomro.Day)
	return daily && day.Currency == month.Currency && day.Amount.GreaterThan(decimal.Zero) &&
		!day.Amount.Mul(daysOfMonth).GreaterThan(month.Amount)
}

// assumed says each choice of the draft in words, and of what was filled in, why it is
// that.
func assumed(v *conversation.View) []chat.Phrase {
	dr := v.Draft
	var lines []chat.Phrase
	for _, step := range v.Machine.Steps() {
		say := v.Machine.Spot(step).Say
		if say == nil {
			continue
		}
		for i, line := range say(dr) {
			if slices.Contains(dr.Assumed, step) && (step != PlaceAddons || dr.Options[i].Default) {
				line = chat.Say("review.assumed", "Line", line, "Why", whyUsual(v, step))
			}
			lines = append(lines, line)
		}
	}
	return lines
}

// whyUsual says by what rule the answer of a step was filled in.
func whyUsual(v *conversation.View, step conversation.Place) chat.Phrase {
	dr := v.Draft
	switch {
	case step == PlaceDatacenter && dr.Datacenter.ID == v.Dialogue.Centre:
		return chat.Say("usual.last")
	case step == PlaceDatacenter:
		return chat.Say("usual.first")
	case step == PlaceAddons:
		return chat.Say("usual.default")
	case step == PlaceSystem && ubuntu.MatchString(dr.Image.Label):
		return chat.Say("usual.lts")
	case step == PlaceSystem:
		return chat.Say("usual.newest")
	case step == PlaceAccess:
		return chat.Say("usual.only_key")
	case step == PlacePeriod:
		return whyPeriod(dr)
	default:
		return chat.Say("usual.usual")
	}
}

func whyPeriod(dr *conversation.Draft) chat.Phrase {
	_, daily := dr.Plan.Price(zomro.Day)
	_, monthly := dr.Plan.Price(zomro.Month)
	switch {
	case dr.Period == zomro.Month && daily:
		return chat.Say("usual.month")
	case dr.Period == zomro.Day && monthly:
		return chat.Say("usual.day")
	default:
		return chat.Say("usual.shortest")
	}
}
