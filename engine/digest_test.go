package engine

import (
	"reflect"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"zomrobot/chat"
)

// screens returns a screen that has everything, and for each of its parts, however deep, a
// screen that differs in it alone.
func screens() (whole chat.Screen, others map[string]chat.Screen) {
	whole = fill(reflect.TypeFor[chat.Screen](), "", "", 0).Interface().(chat.Screen)
	others = map[string]chat.Screen{}
	var parts []string
	fill(reflect.TypeFor[chat.Screen](), "", "", 0, &parts)
	for _, part := range parts {
		others[part] = fill(reflect.TypeFor[chat.Screen](), "", part, 0).Interface().(chat.Screen)
	}
	return whole, others
}

// deepest is how deep phrases are in phrases.
const deepest = 2

// fill returns a value of a type with something in each of its parts, something else in
// the one whose path is other. parts gets all paths.
func fill(of reflect.Type, path, other string, phrases int, parts ...*[]string) reflect.Value {
	v := reflect.New(of).Elem()
	odd := 1
	if path == other {
		odd = 2
	}
	leaf := func() {
		for _, p := range parts {
			*p = append(*p, path)
		}
	}
	switch {
	case of == reflect.TypeFor[time.Time]():
		leaf()
		v.Set(reflect.ValueOf(time.Unix(int64(odd), 0).UTC()))
	case of == reflect.TypeFor[decimal.Decimal]():
		leaf()
		v.Set(reflect.ValueOf(decimal.NewFromInt(int64(odd))))
	case of == reflect.TypeFor[chat.Phrase]() && phrases == deepest:
		leaf()
		v.Set(reflect.ValueOf(chat.Phrase{Key: map[int]string{1: "a", 2: "b"}[odd]}))
	case of.Kind() == reflect.Struct:
		if of == reflect.TypeFor[chat.Phrase]() {
			phrases++
		}
		for i := range of.NumField() {
			v.Field(i).Set(fill(of.Field(i).Type, path+"."+of.Field(i).Name, other, phrases, parts...))
		}
	case of.Kind() == reflect.Pointer:
		v.Set(reflect.New(of.Elem()))
		v.Elem().Set(fill(of.Elem(), path, other, phrases, parts...))
	case of.Kind() == reflect.Slice:
		leaf()
		for i := range odd { // one more
			v = reflect.Append(v, fill(of.Elem(), path+"["+string(rune('0'+i))+"]", other, phrases, parts...))
		}
	case of == reflect.TypeFor[map[string]chat.Arg]():
		v.Set(reflect.MakeMap(of))
		for i := range of.Elem().NumField() { // exactly one field of each is set
			arg := reflect.New(of.Elem()).Elem()
			field := of.Elem().Field(i)
			arg.Field(i).Set(fill(field.Type, path+"."+field.Name, other, phrases, parts...))
			v.SetMapIndex(reflect.ValueOf(field.Name), arg)
		}
	case of.Kind() == reflect.String:
		leaf()
		v.SetString(map[int]string{1: "a", 2: "b"}[odd])
	case of.Kind() == reflect.Bool:
		leaf()
		v.SetBool(odd == 2)
	case of.Kind() == reflect.Float64:
		leaf()
		v.SetFloat(float64(odd))
	case of.Kind() == reflect.Uint8:
		leaf()
		v.SetUint(uint64(odd))
	default:
		leaf()
		v.SetInt(int64(odd))
	}
	return v
}

// TestDigestKnowsEveryPart: two screens that differ in anything have different digests,
// also in what will be added to them one day.
func TestDigestKnowsEveryPart(t *testing.T) {
	whole, others := screens()
	seen := map[string]string{digest("en", whole): "the whole", digest("ru", whole): "the language"}
	if len(seen) != 2 {
		t.Errorf("digests %v", seen)
	}
	if len(others) < 60 {
		t.Errorf("only %d parts are known", len(others))
	}
	for part, other := range others {
		sum := digest("en", other)
		if like, twice := seen[sum]; twice {
			t.Errorf("another %s is like %s", part, like)
		}
		seen[sum] = part
	}
}

// TestDigestIsTheSameInEveryRun: cards that were drawn before a restart are not drawn
// again.
func TestDigestIsTheSameInEveryRun(t *testing.T) {
	if got := digest("en", chat.Screen{Lines: []chat.Phrase{chat.Say("a", "b", 1, "c", "d")}}); got != "4ecb6634280a38cb" {
		t.Errorf("the digest is %s", got)
	}
}
