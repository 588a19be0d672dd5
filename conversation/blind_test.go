package conversation_test

import (
	"strings"
	"testing"

	"zomrobot/conversation"
	"zomrobot/conversation/bill"
	"zomrobot/purchase"
	"zomrobot/zomro"
)

// TestBlindQuestion: to go on without the cart is offered with all that it
// means, and what it means for a promo code only where one is still to be
// applied.
func TestBlindQuestion(t *testing.T) {
	means := []string{"can't read the cart", "whether it holds anything else", "can't compare the price", "Nothing was charged"}
	for _, c := range []struct {
		name     string
		promo    string
		promoted bool
		choices  []purchase.Choice
		blind    bool
		code     bool
	}{
		{"another trouble", "SUMMER10", false, []purchase.Choice{purchase.ChooseAgain, purchase.ChooseGiveUp}, false, false},
		{"no promo code", "", false, []purchase.Choice{purchase.ChooseAgain, purchase.ChooseAnyway, purchase.ChooseGiveUp}, true, false},
		{"promo code", "SUMMER10", false, []purchase.Choice{purchase.ChooseAgain, purchase.ChooseAnyway, purchase.ChooseGiveUp}, true, true},
		{"promo code applied", "SUMMER10", true, []purchase.Choice{purchase.ChooseAgain, purchase.ChooseAnyway, purchase.ChooseGiveUp}, true, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := aPurchase(bill.StagePricing)
			p.Promo, p.Promoted = c.promo, c.promoted
			p.Problem = &conversation.Problem{Kind: zomro.Unreadable}
			p.Question = &bill.Question{Kind: purchase.AskTrouble, Choices: c.choices}
			s := bill.RenderPurchase(p)
			checkScreen(t, s)
			text := show(t, s)
			offered := strings.Contains(text, "Continue without the cart")
			for _, part := range means[:3] {
				if offered != c.blind || strings.Contains(text, part) != c.blind {
					t.Errorf("offered %v, want %v, with %q:\n%s", offered, c.blind, part, text)
				}
			}
			if !strings.Contains(text, means[3]) || strings.Contains(text, "applies to everything in the cart") != c.code {
				t.Errorf("of the promo code it is spoken wrongly:\n%s", text)
			}
		})
	}
}

// TestUnreadPrice: the checklist does not say that a price was checked that
// nobody could read.
func TestUnreadPrice(t *testing.T) {
	p := aPurchase(bill.StagePaying)
	p.LineItem, p.Unpriced = "1818", true
	if text := show(t, bill.RenderPurchase(p)); !strings.Contains(text, "unreadable, you agreed") {
		t.Errorf("price:\n%s", text)
	}
	p.Price = new(zomro.Money)
	*p.Price = euro("8.40")
	if text := show(t, bill.RenderPurchase(p)); strings.Contains(text, "not read") {
		t.Errorf("price:\n%s", text)
	}
}
