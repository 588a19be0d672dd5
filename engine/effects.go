package engine

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"zomrobot/chat"
	"zomrobot/conversation"
	accountflow "zomrobot/conversation/account"
	"zomrobot/conversation/bill"
	orderflow "zomrobot/conversation/order"
	serverflow "zomrobot/conversation/server"
	"zomrobot/storage"
	"zomrobot/telegram"
)

// A handler carries out the effects of one kind: exactly one of its functions is set.
type handler struct {
	within func(*transaction, conversation.Effect) ([]chat.Event, error) // in the turn's transaction; the events are stepped in the same turn
	after  func(context.Context, *Engine, errand, conversation.Effect) error
	ask    func(*desk, errand, conversation.Effect) asked // beside the line of the dialogue; its answer is an event
	decode func([]byte) (conversation.Effect, error)      // from the outbox; nil with within
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

func answered[T conversation.Effect](do func(*desk, errand, T) asked) handler {
	return handler{decode: decode[T], ask: func(d *desk, er errand, effect conversation.Effect) asked { return do(d, er, effect.(T)) }}
}

func decode[T conversation.Effect](text []byte) (conversation.Effect, error) {
	var effect T
	err := json.Unmarshal(text, &effect)
	return effect, err
}

// handlers is the table of effects. It is filled by init because what a handler does
// may look into it.
var handlers map[reflect.Type]handler

// handled has the handler of an effect's type in the table.
func handled[T conversation.Effect](h handler) func(map[reflect.Type]handler) {
	return func(table map[reflect.Type]handler) { table[reflect.TypeFor[T]()] = h }
}

func init() {
	handlers = make(map[reflect.Type]handler)
	for _, add := range []func(map[reflect.Type]handler){
		handled[conversation.Keep](quietly((*transaction).keepSecret)),
		handled[conversation.Drop](quietly((*transaction).dropSecret)),
		handled[conversation.Answer](quietly((*transaction).answer)),
		handled[conversation.Open](within((*transaction).open)),
		handled[conversation.Decide](quietly((*transaction).decide)),
		handled[serverflow.Act](within((*transaction).act)),
		handled[orderflow.KeepTemplate](within((*transaction).keepTemplate)),
		handled[orderflow.DropTemplate](within((*transaction).dropTemplate)),
		handled[orderflow.LoadTemplates](within((*transaction).loadTemplates)),
		handled[accountflow.ChangeAccount](quietly((*transaction).changeAccount)),
		handled[conversation.ChangeTeam](within((*transaction).changeTeam)),
		handled[conversation.ReleaseAccount](within((*transaction).releaseAccount)),
		handled[conversation.MakeLink](within((*transaction).makeLink)),
		handled[conversation.OpenLink](within((*transaction).openLink)),
		handled[orderflow.HandPassword](within((*transaction).handPassword)),

		handled[conversation.Show](after(show)),
		handled[conversation.Notify](after(notify)),
		handled[conversation.Delete](after(deleteMessage)),
		handled[bill.ShowPurchases](after(showPurchases)),
		handled[bill.ShowPurchase](after(showOnePurchase)),
		handled[bill.SendAudit](after(sendAudit)),

		handled[conversation.Check](answered((*desk).check)),
		handled[orderflow.LoadCatalogue](answered((*desk).loadCatalogue)),
		handled[orderflow.LoadForm](answered((*desk).loadForm)),
		handled[orderflow.LoadBalance](answered((*desk).loadBalance)),
		handled[orderflow.LoadNamesake](answered((*desk).loadNamesake)),
		handled[orderflow.MakePassword](answered((*desk).makePassword)),
		handled[accountflow.CheckLogin](answered((*desk).checkLogin)),
		handled[conversation.ReadFile](answered((*desk).readFile)),
		handled[accountflow.LoadKeys](answered((*desk).loadKeys)),
		handled[accountflow.AddKey](answered((*desk).addKey)),
		handled[accountflow.Forget](answered((*desk).forget)),
		handled[accountflow.LoadAccounts](answered((*desk).loadAccounts)),
		handled[accountflow.LoadMatters](answered((*desk).loadMatters)),
		handled[serverflow.LoadServers](answered((*desk).loadServers)),
		handled[serverflow.LoadSizes](answered((*desk).loadSizes)),
		handled[serverflow.LoadRebuild](answered((*desk).loadRebuild)),
		handled[serverflow.MakeServerPassword](answered((*desk).makeServerPassword)),
		handled[bill.LoadOrders](answered((*desk).loadOrders)),
		handled[bill.LoadAudit](answered((*desk).loadAudit)),
		handled[bill.RecallOrder](answered((*desk).recallOrder)),
	} {
		add(handlers)
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
	for of, h := range handlers {
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
	h, ok := handlers[reflect.TypeOf(effect)]
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
	h := handlers[reflect.TypeOf(p.Effect.Effect)]
	if h.ask == nil {
		return false, h.after(ctx, e, er, p.Effect.Effect)
	}
	e.spawn(func() { e.ask(er.key, p, h.ask(e.desk, er, p.Effect.Effect)) })
	return true, nil
}

// keepSecret seals a secret under the dialogue.
func (t *transaction) keepSecret(keep conversation.Keep) error {
	return storage.Put(t.tx, secretKey(t.key, keep.Slot), secret{Text: keep.Value.Reveal()})
}

// dropSecret forgets one.
func (t *transaction) dropSecret(drop conversation.Drop) error {
	return t.tx.Delete(secretKey(t.key, drop.Slot))
}

// answer has a press answered after the commit.
func (t *transaction) answer(answer conversation.Answer) error {
	t.answers = append(t.answers, answer)
	return nil
}

func show(ctx context.Context, e *Engine, er errand, effect conversation.Show) error {
	return e.showCard(ctx, er.key, er.lang, effect.Anew)
}

func notify(ctx context.Context, e *Engine, er errand, effect conversation.Notify) error {
	_, err := e.chat.Send(ctx, er.key, er.lang, telegram.Still(effect.Screen), effect.Protect)
	return err
}
