// Member is a member of an etcd cluster, for the tests of the store on one. It is a module
// of its own, so that the bot does not need what a server needs.
//
//	member -name a -dir DIR -client 127.0.0.1:2379 -peer 127.0.0.1:2380 -cluster a=http://127.0.0.1:2380,…
//
// It says "ready" once the cluster has a leader, "leader" or "follower" when its standard
// input asks with a line, and ends with its standard input.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"net/url"
	"os"

	"go.etcd.io/etcd/server/v3/embed"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	c := embed.NewConfig()
	flag.StringVar(&c.Name, "name", "", "its name")
	flag.StringVar(&c.Dir, "dir", "", "its folder")
	flag.StringVar(&c.InitialCluster, "cluster", "", "all members, as name=http://host:port,…")
	client := flag.String("client", "", "host:port for clients")
	peer := flag.String("peer", "", "host:port for other members")
	flag.Int64Var(&c.QuotaBackendBytes, "quota", 0, "how many bytes its file may have; 0: etcd's default")
	t := &c.ClientTLSInfo
	flag.StringVar(&t.CertFile, "cert", "", "its certificate for clients, PEM; empty: no TLS")
	flag.StringVar(&t.KeyFile, "key", "", "the key of it")
	flag.StringVar(&t.TrustedCAFile, "ca", "", "whose certificates clients need")
	flag.BoolVar(&c.UnsafeNoFsync, "unsafe-no-fsync", false, "do not wait for the disk")
	flag.Parse()
	at := func(scheme, address string) []url.URL { return []url.URL{{Scheme: scheme, Host: address}} }
	scheme := "http"
	if t.CertFile != "" {
		scheme, t.ClientCertAuth = "https", true
	}
	c.ListenClientUrls, c.AdvertiseClientUrls = at(scheme, *client), at(scheme, *client)
	c.ListenPeerUrls, c.AdvertisePeerUrls = at("http", *peer), at("http", *peer)
	c.LogLevel, c.LogOutputs = "panic", []string{"stderr"} // it ends with its error
	c.BcryptCost = 4                                       // the least: its passwords are of tests
	member, err := embed.StartEtcd(c)
	if err != nil {
		return err
	}
	defer member.Close()
	select {
	case <-member.Server.ReadyNotify():
	case err := <-member.Err():
		return err
	}
	fmt.Println("ready")
	for asked := bufio.NewScanner(os.Stdin); asked.Scan(); {
		if member.Server.Leader() == member.Server.MemberID() {
			fmt.Println("leader")
		} else {
			fmt.Println("follower")
		}
	}
	return nil
}
