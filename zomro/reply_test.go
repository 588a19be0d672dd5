package zomro

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"zomrobot/zomro/profile"
)

// repliesOf returns what was told of the answers to a call.
func repliesOf(t *testing.T, answered string, call func(context.Context, *Client) error) []Reply {
	t.Helper()
	_, c := newVendor(t, answer{body: answered})
	var replies []Reply
	_ = call(WithReplies(t.Context(), func(r Reply) { replies = append(replies, r) }), c) // its outcome is not what is tested
	return replies
}

func confirming(ctx context.Context, c *Client) error { return c.Confirm(ctx, testAuth, "7") }

func TestReplySays(t *testing.T) {
	t.Parallel()
	for answered, want := range map[string]profile.Answer{
		`{"doc":{"ok":{"$":""}}}`:                                      profile.Word,
		`{"doc":{"$func":"cartorder.create.confirm"}}`:                 profile.Word,
		`{"doc":{"ok":{"$":"func=order"},"tparams":{"x":{"$":"1"}}}}`:  profile.Word,
		`{"doc":{"ok":{"$":""},"id":{"$":"5116804"}}}`:                 profile.Service,
		`{"doc":{"billorder":{"$":"17"}}}`:                             profile.Service,
		`{"doc":{"ok":{"$":"https://pay.example/1"},"id":{"$":"51"}}}`: profile.Address,
		`{"doc":{"ok":{"$":"func=payment.add"}}}`:                      profile.Other,
		`{"doc":{"metadata":{},"elid":{"$":"7"}}}`:                     profile.Other,
		`{"doc":{"thanks":{"$":"yes"}}}`:                               profile.Other,
	} {
		replies := repliesOf(t, answered, confirming)
		if len(replies) != 1 || replies[0].Says != want || !replies[0].Writes {
			t.Errorf("%s: %+v, want %s", answered, replies, want)
		}
	}
}

func TestReplyShowsWhatIsDocumented(t *testing.T) {
	t.Parallel()
	replies := repliesOf(t, `{"doc":{"$features":"abc","$binary":"/billmgr","ok":{"$":""},"billorder":{"$":"12"},"mine":{"$":"x"}}}`, confirming)
	r := replies[0]
	want := []ReplyField{{"billorder", "a number", 1}, {"ok", "an empty text", 1}}
	if len(r.Fields) != 2 || r.Fields[0] != want[0] || r.Fields[1] != want[1] || len(r.Unknown) != 1 || r.Unknown[0].Names != 1 || len(r.Build) != 12 {
		t.Errorf("%+v", r)
	}
	r = repliesOf(t, `{"doc":{"error":{"$type":"missed","$object":"alice"}}}`, func(ctx context.Context, c *Client) error {
		return c.ApplyPromo(ctx, testAuth, "CODE")
	})[0]
	if r.Type != CodeMissed || r.Object != Unfamiliar || r.Button != "apply_promocode" || r.Kind != Refused {
		t.Errorf("%+v", r)
	}
}

// TestReplyHoldsNoValue plants a word wherever an answer has room for one: as a value, as a
// name, as an attribute, in an error.
func TestReplyHoldsNoValue(t *testing.T) {
	t.Parallel()
	const planted = "planted-4711"
	bodies := []string{
		`{"doc":{"$PLANT":"PLANT","$features":"PLANT","PLANT":{"$":"PLANT"},"ok":{"$":"PLANT","PLANT":"PLANT"},"tparams":{"PLANT":{"$":"PLANT"}},` +
			`"id":{"$":"PLANT"},"billorder":[{"$":"PLANT"},{"PLANT":{"PLANT":[{"$name":"PLANT"}]}}],"list":[{"$name":"PLANT","elem":[{"PLANT":{"$":"PLANT"}}]}],` +
			`"metadata":{"form":{"page":{"$name":"PLANT"}}},"messages":{"msg":{"PLANT":"PLANT"}},"slist":[{"$name":"PLANT","val":[{"$key":"PLANT","$":"PLANT","$type":"PLANT"}]}],"x.$type":"PLANT","PLANT.$type":"PLANT"}}`,
		`{"doc":{"error":{"$type":"PLANT","$object":"PLANT","msg":{"$":"PLANT"},"param":[{"$name":"PLANT","$":"PLANT"}]}}}`,
		`PLANT`,
	}
	for _, body := range bodies {
		body = strings.ReplaceAll(body, "PLANT", planted)
		for name, call := range map[string]func(context.Context, *Client) error{
			"confirm": confirming,
			"cart":    func(ctx context.Context, c *Client) error { _, err := c.Cart(ctx, testAuth); return err },
			"servers": func(ctx context.Context, c *Client) error { _, err := c.Services(ctx, testAuth); return err },
			"promo":   func(ctx context.Context, c *Client) error { return c.ApplyPromo(ctx, testAuth, planted) },
			"form": func(ctx context.Context, c *Client) error {
				_, err := c.Form(ctx, testAuth, "1", "2", Month)
				return err
			},
			"keys": func(ctx context.Context, c *Client) error { _, err := c.SSHKeys(ctx, testAuth); return err },
		} {
			replies := repliesOf(t, body, call)
			if len(replies) == 0 {
				t.Errorf("%s told nothing of its answer", name)
			}
			if shown, err := json.Marshal(replies); err != nil || strings.Contains(string(shown), planted) {
				t.Errorf("%s shows what was planted: %s, %v", name, shown, err)
			}
		}
	}
}

func TestBuildOfAnswers(t *testing.T) {
	t.Parallel()
	v, c := newVendor(t, answer{body: `{"doc":{"$features":"one","ok":{"$":""}}}`}, answer{body: `{"doc":{"$features":"two","ok":{"$":""}}}`}, answer{body: `{"doc":{"ok":{"$":""}}}`})
	defer v.Close()
	var met []string
	for range 3 {
		_ = c.EmptyCart(t.Context(), testAuth)
		met = append(met, c.AtOnce().Build("cart.empty"))
	}
	if met[0] == "" || met[1] == "" || met[0] == met[1] || met[2] != met[1] || c.Build("cart") != "" {
		t.Errorf("the builds were %q", met)
	}
}
