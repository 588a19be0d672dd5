package etcd_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"zomrobot/storage"
	"zomrobot/storage/etcd"
)

func TestParse(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(file, []byte("se:cr@t\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := etcd.Parse("etcd://b%40t@a:2379,b:2380,[::1]:2379/bots/one?mark=/m&lease=15s&tls=true&password-file=" + file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"a:2379", "b:2380", "[::1]:2379"}, c.Endpoints); diff != "" {
		t.Error(diff)
	}
	if c.Prefix != "bots/one/" || c.Lease != 15*time.Second || c.MarkFile != "/m" || c.TLS == nil || c.Password() != "se:cr@t" {
		t.Errorf("it was read as prefix %q, lease %s, mark %q, TLS %v, password %q", c.Prefix, c.Lease, c.MarkFile, c.TLS != nil, c.Password())
	}
	if printed := fmt.Sprintf("%v %+v %#v", c, c, c); strings.Contains(printed, "cr@t") {
		t.Errorf("the password is printed: %s", printed)
	}
	if c, err := etcd.Parse("etcd://a:2379/p?mark=m"); err != nil || c.Lease != 10*time.Second || c.TLS != nil {
		t.Errorf("the shortest URL: %v, %v, %v", c.Lease, c.TLS, err)
	}
	for _, wrong := range []string{
		"bolt:bot.db", "etcd:a:2379/p?mark=m", "etcd://a/p?mark=m", "etcd://a:2379,/p?mark=m", "etcd:///p?mark=m",
		"etcd://a:2379?mark=m", "etcd://a:2379/?mark=m", "etcd://a:2379/p", "etcd://a:2379/p?mark=",
		"etcd://a:2379/p?mark=m&mark=n", "etcd://a:2379/p?mark=m&what=1", "etcd://a:2379/p?mark=m#x",
		"etcd://a:2379/p?mark=m&lease=1s", "etcd://a:2379/p?mark=m&lease=2m", "etcd://a:2379/p?mark=m&lease=2500ms", "etcd://a:2379/p?mark=m&lease=x",
		"etcd://a:2379/p?mark=m&tls=false", "etcd://a:2379/p?mark=m&cert=x", "etcd://a:2379/p?mark=m%zz",
		"etcd://bot@a:2379/p?mark=m", "etcd://a:2379/p?mark=m&password-file=" + file, "etcd://bot:hidden@a:2379/p?mark=m",
	} {
		if _, err := etcd.Parse(wrong); !errors.Is(err, storage.ErrURL) || strings.Contains(err.Error(), "hidden") {
			t.Errorf("%s: %v, want ErrURL without a password", wrong, err)
		}
	}
	for _, name := range []string{"ca", "cert=" + file + "&key", "password-file"} {
		user := ""
		if name == "password-file" {
			user = "bot@"
		}
		if _, err := etcd.Parse("etcd://" + user + "a:2379/p?mark=m&" + name + "=/not/there"); err == nil {
			t.Errorf("%s of a file that is not there is no error", name)
		}
	}
}
