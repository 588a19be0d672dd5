package etcd

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"strings"
	"time"

	"zomrobot/storage"
)

// Scheme begins the URLs of stores on etcd.
const Scheme = "etcd"

// The lease's time when the URL says nothing, and the least and longest that it may say.
// etcd itself grants none under a second or two, and a long one is a long wait for the next.
const (
	usualLease   = 10 * time.Second
	leastLease   = 2 * time.Second
	longestLease = time.Minute
)

// Config says where the cluster is and how to reach it.
type Config struct {
	Endpoints []string // host:port
	Prefix    string   // of all keys; ends with "/"
	Lease     time.Duration
	MarkFile  string // where this machine keeps the mark
	TLS       *tls.Config
	Retried   func() // is told of each request that is made once more, as it was not answered; nil: nobody is

	user         string
	passwordFile string
	password     string // not printed
	files        tlsFiles
}

// String says where the cluster is, and not how to get in.
func (c Config) String() string { return strings.Join(c.Endpoints, ",") + "/" + c.Prefix }

// GoString is String.
func (c Config) GoString() string { return c.String() }

// Parse reads a URL:
//
//	etcd://[user@]host:2379,host:2379,host:2379/prefix?mark=FILE
//
// with any of
//
//	lease=10s             how long the leader may be silent, 2s to 1m
//	tls=true              TLS, with the system's authorities
//	ca=FILE               TLS, with these authorities (PEM)
//	cert=FILE&key=FILE    TLS, with this certificate of the client (PEM)
//	password-file=FILE    the password of user
//
// Its errors are [storage.ErrURL], and of files that cannot be read. They show no password:
// one in the URL itself is refused.
func Parse(text string) (Config, error) {
	c, err := parse(text)
	if err != nil {
		return Config{}, fmt.Errorf("%w: %w; write etcd://host:2379,host:2379/prefix?mark=/var/lib/zomrobot/bot.mark", storage.ErrURL, err)
	}
	if c.passwordFile != "" {
		text, err := os.ReadFile(c.passwordFile)
		if err != nil {
			return Config{}, fmt.Errorf("storage: the password of the store: %w", err)
		}
		c.password = strings.TrimRight(string(text), "\r\n")
	}
	c.TLS, err = c.files.config()
	return c, err
}

// parse reads a URL, and no files.
func parse(text string) (Config, error) {
	rest, found := strings.CutPrefix(text, Scheme+"://")
	if !found {
		return Config{}, errors.New("it does not begin with etcd://")
	}
	// The hosts are several, which net/url does not read.
	hosts, path, _ := strings.Cut(rest, "/")
	c := Config{Lease: usualLease}
	if err := c.readHosts(hosts); err != nil {
		return Config{}, err
	}
	u, err := url.Parse("/" + path)
	if err != nil {
		return Config{}, errors.New("what follows its hosts cannot be read")
	}
	prefix := strings.Trim(u.Path, "/")
	if prefix == "" {
		return Config{}, errors.New("it has no prefix")
	}
	c.Prefix = prefix + "/"
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil || u.Fragment != "" {
		return Config{}, errors.New("what follows its prefix cannot be read")
	}
	for name, values := range query {
		if len(values) > 1 || values[0] == "" {
			return Config{}, fmt.Errorf("%s has to be there once, with a value", name)
		}
		if err := c.set(name, values[0]); err != nil {
			return Config{}, err
		}
	}
	switch {
	case c.MarkFile == "":
		return Config{}, errors.New("it does not name a file for the mark")
	case (c.user == "") != (c.passwordFile == ""):
		return Config{}, errors.New("a user and a password-file belong together")
	case (c.files.cert == "") != (c.files.key == ""):
		return Config{}, errors.New("cert and key belong together")
	}
	return c, nil
}

// readHosts reads [user@]host:port,host:port.
func (c *Config) readHosts(text string) (err error) {
	if user, hosts, found := strings.Cut(text, "@"); found {
		if strings.Contains(user, ":") {
			return errors.New("a password does not belong into it: name a file with password-file=")
		}
		if c.user, err = url.PathUnescape(user); err != nil || c.user == "" {
			return errors.New("the name of its user cannot be read")
		}
		text = hosts
	}
	for host := range strings.SplitSeq(text, ",") {
		name, port, err := net.SplitHostPort(host)
		if err != nil || name == "" || port == "" {
			return fmt.Errorf("%q is not host:port", host)
		}
		c.Endpoints = append(c.Endpoints, host)
	}
	return nil
}

// set takes in one of the values behind the prefix.
func (c *Config) set(name, value string) (err error) {
	switch name {
	case "lease":
		c.Lease, err = time.ParseDuration(value)
		if err != nil || c.Lease < leastLease || c.Lease > longestLease || c.Lease%time.Second != 0 {
			return fmt.Errorf("lease has to be whole seconds from %s to %s", leastLease, longestLease)
		}
	case "mark":
		c.MarkFile = value
	case "tls":
		if c.files.on = value == "true"; !c.files.on {
			return errors.New("tls is true, or is left out")
		}
	case "ca":
		c.files.ca = value
	case "cert":
		c.files.cert = value
	case "key":
		c.files.key = value
	case "password-file":
		c.passwordFile = value
	default:
		return fmt.Errorf("%q is not known", name)
	}
	return nil
}

// tlsFiles are the files that TLS is made of.
type tlsFiles struct {
	on            bool
	ca, cert, key string
}

func (f tlsFiles) config() (*tls.Config, error) {
	if !f.on && f.ca == "" && f.cert == "" && f.key == "" {
		return nil, nil //nolint:nilnil // no TLS
	}
	c := &tls.Config{MinVersion: tls.VersionTLS12}
	if f.ca != "" {
		pem, err := os.ReadFile(f.ca)
		if err != nil {
			return nil, fmt.Errorf("storage: the authorities of the store: %w", err)
		}
		c.RootCAs = x509.NewCertPool()
		if !c.RootCAs.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("storage: the authorities of the store: %s holds no certificate", f.ca)
		}
	}
	if f.cert != "" {
		pair, err := tls.LoadX509KeyPair(f.cert, f.key)
		if err != nil {
			return nil, fmt.Errorf("storage: the certificate for the store: %w", err)
		}
		c.Certificates = []tls.Certificate{pair}
	}
	return c, nil
}
