package etcd_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"

	"zomrobot/storage"
	"zomrobot/storage/etcd"
	"zomrobot/storage/etcd/etcdtest"
)

// TestSecure: a cluster that wants certificates and passwords lets in whom it knows, to the
// prefix of theirs, and goes on when it has forgotten who was let in.
func TestSecure(t *testing.T) {
	t.Parallel()
	cluster, files := etcdtest.StartSecure(t)
	dir := t.TempDir()
	const password, wrong = "right-horse", "wrong-horse" // and the names of their files
	for _, word := range []string{password, wrong} {
		if err := os.WriteFile(filepath.Join(dir, word), []byte(word+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	with := func(c etcdtest.Certificate) string { return fmt.Sprintf("&ca=%s&cert=%s&key=%s", c.CA, c.Cert, c.Key) }
	urlWith := func(user, prefix, password, files string) string {
		url := fmt.Sprintf("etcd://%s%s/%s?mark=%s&lease=30s%s", user, cluster.Addresses(), prefix, filepath.Join(dir, "mark"), files)
		if password != "" {
			url += "&password-file=" + filepath.Join(dir, password)
		}
		return url
	}
	root := letIn(t, urlWith("", "bots", "", with(files)), password)

	a := lead(t, urlWith("bot@", "bots/one", password, with(files)))
	if err := errors.Join(add(t.Context(), a, "n"), a.SaveMark(1)); err != nil {
		t.Fatal(err)
	}
	a.LookForRoom(t.Context())
	if size, err := a.Size(t.Context()); err != nil || size == 0 {
		t.Errorf("the size of a member that wants to know who asks: %d, %v", size, err)
	}
	if _, err := root.RoleAdd(t.Context(), "another"); err != nil { // who was let in has to come anew
		t.Fatal(err)
	}
	if err := add(t.Context(), a, "n"); err != nil {
		t.Errorf("after a change of the roles: %v", err)
	}

	renew, before := a.Renewing(), logins(t, cluster.Addresses(), files)
	for range 10 {
		if seconds, err := renew(t.Context()); err != nil || seconds == 0 {
			t.Fatalf("its lease is granted for %d seconds: %v", seconds, err)
		}
	}
	if n := logins(t, cluster.Addresses(), files) - before; n > 2 { // its own renewals and these have a stream each
		t.Errorf("it has logged in %d times to ask ten times for its lease", n)
	}

	other := etcdtest.NewAuthority(t).Issue(t)
	for name, c := range map[string]struct{ url, says string }{
		"another authority":                {urlWith("bot@", "bots/one", password, "&ca="+other.CA+"&cert="+files.Cert+"&key="+files.Key), "certificate signed by unknown authority"},
		"the authorities of the system":    {urlWith("bot@", "bots/one", password, "&tls=true"), "certificate signed by unknown authority"},
		"no certificate":                   {urlWith("bot@", "bots/one", password, "&ca="+files.CA), "certificate required"},
		"a certificate of another's":       {urlWith("bot@", "bots/one", password, "&ca="+files.CA+"&cert="+other.Cert+"&key="+other.Key), "tls: "},
		"another password":                 {urlWith("bot@", "bots/one", wrong, with(files)), "invalid user ID or password"},
		"another user":                     {urlWith("nobody@", "bots/one", password, with(files)), "invalid user ID or password"},
		"no user":                          {urlWith("", "bots/one", "", with(files)), "permission denied"},
		"keys that are not the user's":     {urlWith("bot@", "bots/two", password, with(files)), "permission denied"},
		"keys that the user may only read": {urlWith("bot@", "bots/read", password, with(files)), "permission denied"},
	} {
		config, err := etcd.Parse(c.url)
		if err != nil {
			t.Fatal(err)
		}
		for way, leads := range map[string]func(*etcd.Cluster) (*etcd.Backend, error){
			"at once": func(k *etcd.Cluster) (*etcd.Backend, error) { return k.TryLead(t.Context()) },
			"waiting": func(k *etcd.Cluster) (*etcd.Backend, error) { return k.Lead(t.Context(), ignore) },
		} {
			k := etcd.Connect(config, slog.New(slog.DiscardHandler))
			_, err := leads(k)
			if !errors.Is(err, storage.ErrAccess) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%s, %s: %v, want ErrAccess with %q", name, way, err, c.says)
			}
			if said := fmt.Sprintf("%v %+v", err, config); strings.Contains(said, "horse") {
				t.Errorf("%s: the password is shown: %s", name, said)
			}
			if err := k.Close(); err != nil {
				t.Error(err)
			}
		}
	}

	member := cluster.Members()[0]
	member.Kill() // which keeps in memory whom it has let in
	member.Begin()
	member.Ready()
	if err := add(t.Context(), a, "n"); err != nil {
		t.Errorf("after a member has forgotten who was let in: %v", err)
	}
	if got := value(t, a, "n"); got != "3" {
		t.Errorf("n is %s, want 3", got)
	}
	closed(t, a)
}

// logins counts how often somebody has logged in to a member.
func logins(t *testing.T, address string, c etcdtest.Certificate) (n int) {
	t.Helper()
	pair, err := tls.LoadX509KeyPair(c.Cert, c.Key)
	if err != nil {
		t.Fatal(err)
	}
	ca, err := os.ReadFile(c.CA)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(ca)
	transport := &http.Transport{TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots, Certificates: []tls.Certificate{pair}}}
	defer transport.CloseIdleConnections()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://"+address+"/metrics", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := transport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(answer.Body)
	if err := errors.Join(err, answer.Body.Close()); err != nil {
		t.Fatal(err)
	}
	counted := regexp.MustCompile(`(?m)^grpc_server_handled_total\{.*grpc_code="OK",grpc_method="Authenticate".*\} (\d+)$`).FindSubmatch(text)
	if counted == nil {
		t.Fatalf("the member does not say how often somebody has logged in:\n%s", text)
	}
	if n, err = strconv.Atoi(string(counted[1])); err != nil {
		t.Fatal(err)
	}
	return n
}

// letIn has a cluster let in root, whose client it returns, and a user bot who may write below
// bots/one and read below bots/read.
func letIn(t *testing.T, url, password string) *clientv3.Client {
	t.Helper()
	config, err := etcd.Parse(url)
	if err != nil {
		t.Fatal(err)
	}
	connect := func(user, password string) *clientv3.Client {
		c, err := clientv3.New(clientv3.Config{Endpoints: config.Endpoints, TLS: config.TLS, Username: user, Password: password, DialTimeout: 10 * time.Second})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.Close() })
		return c
	}
	c, ctx := connect("", ""), context.Background()
	do := func(_ any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	for user, roles := range map[string][]string{"root": {"root"}, "bot": {"writer", "reader"}} {
		do(c.UserAdd(ctx, user, password))
		for _, role := range roles {
			do(c.RoleAdd(ctx, role))
			do(c.UserGrantRole(ctx, user, role))
		}
	}
	do(c.RoleGrantPermission(ctx, "writer", "bots/one/", clientv3.GetPrefixRangeEnd("bots/one/"), clientv3.PermissionType(clientv3.PermReadWrite)))
	do(c.RoleGrantPermission(ctx, "reader", "bots/read/", clientv3.GetPrefixRangeEnd("bots/read/"), clientv3.PermissionType(clientv3.PermRead)))
	do(c.AuthEnable(ctx))
	return connect("root", password)
}
