package etcdtest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// Certificate is files in PEM.
type Certificate struct{ CA, Cert, Key string }

// StartSecure starts one member that clients reach by TLS with a certificate, and returns the
// files of a client that it lets in.
func StartSecure(t testing.TB) (*Cluster, Certificate) {
	t.Helper()
	a := NewAuthority(t)
	server := a.Issue(t)
	return start(t, 1, folder(t), "-unsafe-no-fsync", "-ca", server.CA, "-cert", server.Cert, "-key", server.Key), a.Issue(t)
}

// Authority issues certificates.
type Authority struct {
	dir  string
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

// NewAuthority returns an authority that nobody knows.
func NewAuthority(t testing.TB) *Authority {
	t.Helper()
	a := &Authority{dir: t.TempDir()}
	a.cert, a.key = a.make(t, "ca", &x509.Certificate{IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign})
	return a
}

// Issue issues a certificate for this machine, good for clients and servers.
func (a *Authority) Issue(t testing.TB) Certificate {
	t.Helper()
	file, err := os.MkdirTemp(a.dir, "")
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Base(file)
	a.make(t, name, &x509.Certificate{
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, KeyUsage: x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	})
	at := func(name string) string { return filepath.Join(a.dir, name) }
	return Certificate{at("ca.pem"), at(name + ".pem"), at(name + ".key")}
}

// make signs a certificate, the authority's own first, and writes it and its key to files.
func (a *Authority) make(t testing.TB, name string, c *x509.Certificate) (*x509.Certificate, *ecdsa.PrivateKey) {
	t.Helper()
	fatal := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	fatal(err)
	c.SerialNumber, err = rand.Int(rand.Reader, big.NewInt(1<<62))
	fatal(err)
	c.Subject = pkix.Name{CommonName: name}
	c.NotBefore, c.NotAfter = time.Now().Add(-time.Minute), time.Now().Add(time.Hour)
	parent, signer := a.cert, a.key
	if parent == nil {
		parent, signer = c, key
	}
	der, err := x509.CreateCertificate(rand.Reader, c, parent, key.Public(), signer)
	fatal(err)
	c, err = x509.ParseCertificate(der)
	fatal(err)
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	fatal(err)
	for file, block := range map[string]*pem.Block{
		name + ".pem": {Type: "CERTIFICATE", Bytes: der},
		name + ".key": {Type: "PRIVATE KEY", Bytes: secret},
	} {
		fatal(os.WriteFile(filepath.Join(a.dir, file), pem.EncodeToMemory(block), 0o600))
	}
	return c, key
}
