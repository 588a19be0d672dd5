package engine

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"zomrobot/chat"
	"zomrobot/conversation"
	accountflow "zomrobot/conversation/account"
	"zomrobot/conversation/bill"
	"zomrobot/conversation/expense"
	"zomrobot/conversation/home"
	imageflow "zomrobot/conversation/image"
	loadflow "zomrobot/conversation/load"
	orderflow "zomrobot/conversation/order"
	prolongflow "zomrobot/conversation/prolong"
	serverflow "zomrobot/conversation/server"
	trialflow "zomrobot/conversation/trial"
	"zomrobot/engine/handlers"
	"zomrobot/engine/journal"
	"zomrobot/storage"
	"zomrobot/telegram"
)

// A handler carries out the effects of one kind: exactly one of its functions is set.
type handler struct {
	within func(*transaction, conversation.Effect) ([]chat.Event, error) // in the turn's transaction; the events are stepped in the same turn
	after  func(context.Context, *Engine, errand, conversation.Effect) error
	ask    func(*handlers.Desk, errand, conversation.Effect) handlers.Asked // beside the line of the dialogue; its answer is an event
	ahead  bool                                                             // with ask: asked at once, for the answer needs nothing that stands in the line before it
	decode func([]byte) (conversation.Effect, error)                        // from the outbox; nil with within

	unwatched bool // with ask: nobody waits for the answer
}

// An errand is on behalf of which dialogue an effect is carried out after the commit.
type errand struct {
	key  chat.Key
	lang string
	in   int64 // the id that the chat had at the commit; 0: its first one
	tail *tail // nil: what is done is written down at once

	again bool // it may have been carried out, before the program was started or its commit failed
}

// A tail is what is written down together with the removal of a post. Whoever shows a
// card without a post, as when one is asked for again, has none.
type tail struct {
	edited  string   // name of the card that was edited; "": none was
	sent    spot     // where news stand
	settled []string // the posts of news that say by now that they are over
	fading  fading   // a message that removes itself
	secret  secret   // a message that shows a secret
}

// The constructors of handlers give an effect to its function in its own type.

func within[T conversation.Effect](do func(*transaction, T) ([]chat.Event, error)) handler {
	return handler{within: func(t *transaction, effect conversation.Effect) ([]chat.Event, error) { return do(t, effect.(T)) }}
}

// quietly is within for what no event answers.
func quietly[T conversation.Effect](do func(*transaction, T) error) handler {
	return within(func(t *transaction, effect T) ([]chat.Event, error) { return nil, do(t, effect) })
}

func after[T conversation.Effect](do func(context.Context, *Engine, errand, T) error) handler {
	return handler{decode: decode[T], after: func(ctx context.Context, e *Engine, er errand, effect conversation.Effect) error {
		return do(ctx, e, er, effect.(T))
	}}
}

func answered[T conversation.Effect](do func(*handlers.Desk, chat.Key, string, T) handlers.Asked) handler {
	return handler{decode: decode[T], ask: func(d *handlers.Desk, er errand, effect conversation.Effect) handlers.Asked {
		return do(d, er.key, er.lang, effect.(T))
	}}
}

// asked is answered for what reads at the vendor: it is asked while what is shown before
// it is still on its way. Its answer has its turn in the line.
func asked[T conversation.Effect](do func(*handlers.Desk, chat.Key, string, T) handlers.Asked) handler {
	h := answered(do)
	h.ahead = true
	return h
}

// unwatched is asked for what nobody waits for: that it takes long is not shown.
func unwatched[T conversation.Effect](do func(*handlers.Desk, chat.Key, string, T) handlers.Asked) handler {
	h := asked(do)
	h.unwatched = true
	return h
}

// onceAsked is answered for what changes something at the vendor that is no purchase and no
// job: its function is told whether it may have been called before, and then only looks.
func onceAsked[T conversation.Effect](do func(d *handlers.Desk, key chat.Key, lang string, effect T, again bool) handlers.Asked) handler {
	return handler{decode: decode[T], ask: func(d *handlers.Desk, er errand, effect conversation.Effect) handlers.Asked {
		return do(d, er.key, er.lang, effect.(T), er.again)
	}}
}

func decode[T conversation.Effect](text []byte) (conversation.Effect, error) {
	var effect T
	err := json.Unmarshal(text, &effect)
	return effect, err
}

// effectHandlers is the table of effects. It is filled by init because what a handler does
// may look into it.
var effectHandlers map[reflect.Type]handler

// handled has the handler of an effect's type in the table.
func handled[T conversation.Effect](h handler) func(map[reflect.Type]handler) {
	return func(table map[reflect.Type]handler) { table[reflect.TypeFor[T]()] = h }
}

func init() {
	effectHandlers = make(map[reflect.Type]handler)
	for _, add := range []func(map[reflect.Type]handler){
		handled[conversation.Keep](quietly((*transaction).keepSecret)),
		handled[conversation.Drop](quietly((*transaction).dropSecret)),
		handled[conversation.Answer](quietly((*transaction).answer)),
		handled[conversation.Open](within((*transaction).open)),
		handled[conversation.Decide](within((*transaction).decide)),
		handled[conversation.Act](within((*transaction).act)),
		handled[serverflow.Acts](within((*transaction).actTogether)),
		handled[serverflow.RecallBatch](within((*transaction).recallBatch)),
		handled[serverflow.StopWaiting](quietly((*transaction).stopWaiting)),
		handled[serverflow.SizeSeen](quietly((*transaction).sizeSeen)),
		handled[trialflow.Begin](ofTrial[trialflow.Begin]()),
		handled[trialflow.Run](ofTrial[trialflow.Run]()),
		handled[trialflow.Consent](ofTrial[trialflow.Consent]()),
		handled[trialflow.Put](ofTrial[trialflow.Put]()),
		handled[trialflow.Leave](ofTrial[trialflow.Leave]()),
		handled[trialflow.Stop](ofTrial[trialflow.Stop]()),
		handled[trialflow.Close](ofTrial[trialflow.Close]()),
		handled[orderflow.KeepTemplate](within((*transaction).keepTemplate)),
		handled[orderflow.DropTemplate](within((*transaction).dropTemplate)),
		handled[orderflow.LoadTemplates](within((*transaction).loadTemplates)),
		handled[orderflow.LoadOffers](within((*transaction).loadOffers)),
		handled[accountflow.ServersTold](quietly((*transaction).serversTold)),
		handled[accountflow.NoteMissing](quietly((*transaction).noteMissing)),
		handled[accountflow.ChangeAccount](quietly((*transaction).changeAccount)),
		handled[conversation.ChangeTeam](within((*transaction).changeTeam)),
		handled[conversation.ReleaseAccount](within((*transaction).releaseAccount)),
		handled[conversation.MakeLink](within((*transaction).makeLink)),
		handled[conversation.OpenLink](within((*transaction).openLink)),
		handled[orderflow.ShareOrder](within((*transaction).shareOrder)),
		handled[orderflow.SharePromo](within((*transaction).sharePromo)),
		handled[orderflow.HandPassword](within((*transaction).handPassword)),

		handled[conversation.Show](after(show)),
		handled[conversation.Notify](after(notify)),
		handled[conversation.Delete](after(deleteMessage)),
		handled[conversation.TakeBack](after(takeBack)),
		handled[bill.ShowPurchases](after(showPurchases)),
		handled[bill.ShowPurchase](after(showOnePurchase)),
		handled[bill.SendAudit](after(sendAudit)),
		handled[expense.SendCosts](after(sendCosts)),
		handled[trialflow.SendReport](after(sendTrialReport)),

		handled[conversation.Check](answered((*handlers.Desk).Check)),
		handled[orderflow.LoadCatalogue](asked((*handlers.Desk).LoadCatalogue)),
		handled[orderflow.LoadForm](asked((*handlers.Desk).LoadForm)),
		handled[orderflow.LoadBalance](asked((*handlers.Desk).LoadBalance)),
		handled[orderflow.LoadNamesake](unwatched((*handlers.Desk).LoadNamesake)),
		handled[orderflow.FindNames](answered((*handlers.Desk).FindNames)),
		handled[orderflow.MakePassword](answered((*handlers.Desk).MakePassword)),
		handled[accountflow.CheckLogin](asked((*handlers.Desk).CheckLogin)),
		handled[conversation.ReadFile](answered((*handlers.Desk).ReadFile)),
		handled[accountflow.LoadKeys](asked((*handlers.Desk).LoadKeys)),
		handled[accountflow.AddKey](answered((*handlers.Desk).AddKey)),
		handled[accountflow.ChangeKey](onceAsked((*handlers.Desk).ChangeKey)),
		handled[accountflow.Forget](answered((*handlers.Desk).Forget)),
		handled[accountflow.LoadAccounts](asked((*handlers.Desk).LoadAccounts)),
		handled[accountflow.LoadMatters](unwatched((*handlers.Desk).LoadMatters)),
		handled[serverflow.LoadServers](asked((*handlers.Desk).LoadServers)),
		handled[serverflow.LoadSizes](asked((*handlers.Desk).LoadSizes)),
		handled[serverflow.LoadRebuild](asked((*handlers.Desk).LoadRebuild)),
		handled[imageflow.LoadCopies](asked((*handlers.Desk).LoadCopies)),
		handled[imageflow.LoadImages](asked((*handlers.Desk).LoadImages)),
		handled[loadflow.ReadMeasures](asked((*handlers.Desk).ReadMeasures)),
		handled[serverflow.LoadBoot](asked((*handlers.Desk).LoadBoot)),
		handled[serverflow.OpenConsole](answered((*handlers.Desk).OpenConsole)),
		handled[serverflow.MakeServerPassword](answered((*handlers.Desk).MakeServerPassword)),
		handled[expense.LoadCosts](asked((*handlers.Desk).LoadCosts)),
		handled[prolongflow.LoadPaying](asked((*handlers.Desk).LoadPaying)),
		handled[prolongflow.LoadPeriods](asked((*handlers.Desk).LoadPeriods)),
		handled[bill.LoadOrders](answered((*handlers.Desk).LoadOrders)),
		handled[bill.LoadAudit](answered((*handlers.Desk).LoadAudit)),
		handled[home.LoadStore](answered((*handlers.Desk).LoadStore)),
		handled[home.LoadVendor](asked((*handlers.Desk).LoadVendor)),
		handled[home.LoadExample](answered((*handlers.Desk).LoadExample)),
		handled[bill.RecallOrder](answered((*handlers.Desk).RecallOrder)),
	} {
		add(effectHandlers)
	}
}

// effectName is what an effect is called in the outbox: "loadForm".
func effectName(of reflect.Type) string { return strings.ToLower(of.Name()[:1]) + of.Name()[1:] }

// An outward is an effect in the outbox: an object with one member, the effect by its
// name.
type outward struct{ conversation.Effect }

// MarshalJSON writes the effect by its name.
func (o outward) MarshalJSON() ([]byte, error) {
	return json.Marshal(map[string]any{effectName(reflect.TypeOf(o.Effect)): o.Effect})
}

// UnmarshalJSON reads what MarshalJSON wrote. An effect that this version does not know
// is an error: the record that has it is set aside.
func (o *outward) UnmarshalJSON(text []byte) error {
	var named map[string]json.RawMessage
	if err := json.Unmarshal(text, &named); err != nil {
		return err
	}
	for of, h := range effectHandlers {
		if value, ok := named[effectName(of)]; ok && h.decode != nil {
			effect, err := h.decode(value)
			o.Effect = effect
			return err
		}
	}
	return fmt.Errorf("no effect is known of %d in the outbox", len(named))
}

// take carries out an effect in the transaction, or puts it into the outbox.
func (t *transaction) take(effect conversation.Effect) ([]chat.Event, error) {
	h, ok := effectHandlers[reflect.TypeOf(effect)]
	switch {
	case !ok:
		return nil, fmt.Errorf("nobody carries out %T", effect)
	case h.within != nil:
		return h.within(t, effect)
	default:
		return nil, t.post(post{To: t.key, Effect: &outward{effect}})
	}
}

// effect carries out an effect of the dialogue. beside: it goes on by itself,
// and ends its post with the turn of its answer.
func (e *Engine) effect(ctx context.Context, er errand, p post) (beside bool, err error) {
	h := effectHandlers[reflect.TypeOf(p.Effect.Effect)]
	if h.ask == nil {
		return false, h.after(ctx, e, er, p.Effect.Effect)
	}
	answer := p.answer
	if answer == nil {
		answer = h.ask(e.desk, er, p.Effect.Effect)
	}
	e.spawn(func() {
		if !h.unwatched {
			defer e.typing(ctx, er.key)()
		}
		e.ask(er.key, p, answer)
	})
	return true, nil
}

// askAhead asks what a post asks, when it needs nothing that stands in the line before
// it, and returns what waits for the answer; nil: it is asked in the line.
func (e *Engine) askAhead(p post) handlers.Asked {
	if p.Effect == nil {
		return nil
	}
	h := effectHandlers[reflect.TypeOf(p.Effect.Effect)]
	if !h.ahead {
		return nil
	}
	var event chat.Event
	var also []func(storage.Tx) error
	done := make(chan struct{})
	e.spawn(func() {
		defer close(done)
		ctx := e.goesOut(p)
		lang := cmp.Or(p.Lang, e.langOf(ctx, p.To))
		event, also = h.ask(e.desk, errand{key: p.To, lang: lang, in: p.In}, p.Effect.Effect)(ctx)
	})
	return func(context.Context) (chat.Event, []func(storage.Tx) error) {
		<-done
		return event, also
	}
}

// keepSecret seals a secret under the dialogue.
func (t *transaction) keepSecret(keep conversation.Keep) error {
	return storage.Put(t.tx, journal.SecretKey(t.key, keep.Slot), journal.Secret{Text: keep.Value.Reveal()})
}

// dropSecret forgets one.
func (t *transaction) dropSecret(drop conversation.Drop) error {
	return t.tx.Delete(journal.SecretKey(t.key, drop.Slot))
}

// answer has a press answered after the commit.
func (t *transaction) answer(answer conversation.Answer) error {
	t.answers = append(t.answers, answer)
	return nil
}

func show(ctx context.Context, e *Engine, er errand, effect conversation.Show) error {
	return e.showCard(ctx, er, placing{asNew: effect.AsNew, typed: effect.Typed})
}

func notify(ctx context.Context, e *Engine, er errand, effect conversation.Notify) error {
	if effect.Alone {
		err := e.chat.SendAlone(ctx, er.key, er.lang, telegram.Still(effect.Screen), effect.Press)
		if !errors.Is(err, telegram.ErrRefused) {
			return err
		}
		if effect.Spare {
			return nil
		}
	}
	sent, err := e.chat.Send(ctx, er.key, er.lang, telegram.Still(effect.Screen), effect.Protect)
	if err == nil && effect.Fades > 0 {
		er.tail.fading = fading{at: sent, due: e.now().Add(effect.Fades)}
	}
	if err == nil && effect.Slot != "" {
		er.tail.secret = secret{at: sent, key: shownKey(er.key, effect.Slot)}
	}
	return err
}
