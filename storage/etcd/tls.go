package etcd

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
)

var errTLS = errors.New("TLS")

// shakeHands looks whether the members and we agree on TLS. gRPC takes a refusal for a member
// that may come, and does not say why. An error wraps errTLS: one member at least has
// refused, and none has not. Who is not reached says nothing.
func (c *Cluster) shakeHands(ctx context.Context) error {
	var refused error
	for _, endpoint := range c.config.Endpoints {
		_, err := once(ctx, c.config.within(), func(ctx context.Context) (struct{}, error) {
			return struct{}{}, shakeHand(ctx, endpoint, c.config.TLS)
		})
		if err == nil {
			return nil
		}
		if refuses(err) {
			refused = fmt.Errorf("%w: member %s: %w", errTLS, endpoint, err)
		}
	}
	return refused
}

// shakeHand opens a connection and waits for what a server of HTTP/2 says first: only then it
// is known whether it takes our certificate.
func shakeHand(ctx context.Context, endpoint string, config *tls.Config) (err error) {
	config = config.Clone()
	config.NextProtos = []string{"h2"}
	conn, err := (&tls.Dialer{Config: config}).DialContext(ctx, "tcp", endpoint)
	if err != nil {
		return err
	}
	defer conn.Close() //nolint:errcheck // nothing was written
	if end, ok := ctx.Deadline(); ok {
		if err := conn.SetReadDeadline(end); err != nil {
			return err
		}
	}
	_, err = conn.Read(make([]byte, 1))
	return err
}

// refuses reports whether an error is one of TLS, and not of the network.
func refuses(err error) bool {
	var (
		certificate *tls.CertificateVerificationError
		noTLS       tls.RecordHeaderError
		alert       *net.OpError
	)
	return errors.As(err, &certificate) || errors.As(err, &noTLS) ||
		errors.As(err, &alert) && alert.Op == "remote error"
}
