package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"syscall"
	"time"

	"zomrobot/storage"
	"zomrobot/storage/etcd"
)

// The bot that holds a store listens on a socket, for the verbs that ask it something: beside
// the file of the store, or, while it is the active one of a cluster, beside the mark of its
// machine. Permissions guard the socket as they guard the file: its user may ask.

const backupPath = "/backup"

// A copy is read as fast as a disk takes it. Who stops reading is let go: while a copy is
// made the store's file keeps everything that is replaced, and grows by it.
const (
	copyWithin = 10 * time.Minute
	readWithin = 10 * time.Second // each piece
	sentWithin = time.Minute      // the same, as who asks sees it
)

// socketBeside returns where the bot with that store listens, "" for a store that is nowhere.
func socketBeside(storageURL string) string {
	if config, err := etcd.Parse(storageURL); err == nil {
		return config.MarkFile + ".sock"
	}
	path, ok := strings.CutPrefix(storageURL, "bolt:")
	if !ok {
		return ""
	}
	return path + ".sock"
}

// listenBeside listens on the socket at path. The store, or of one on a cluster the mark, is ours,
// so whoever listened there before is gone.
func listenBeside(ctx context.Context, path string) (net.Listener, error) {
	if err := tooLong(path); err != nil {
		return nil, err
	}
	if info, err := os.Lstat(path); err == nil && info.Mode().Type() == fs.ModeSocket {
		if err := os.Remove(path); err != nil {
			return nil, err
		}
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "unix", path)
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	return listener, nil
}

// tooLong fails when a path is longer than the system takes for a socket.
func tooLong(path string) error {
	if most := len(syscall.RawSockaddrUnix{}.Path) - 1; len(path) > most {
		return fmt.Errorf("the path of a socket has at most %d bytes here, %s has %d: give the store a shorter one", most, path, len(path))
	}
	return nil
}

// serveBeside answers the verbs that ask a running bot.
func (p *Program) serveBeside(ctx context.Context) {
	listener, err := listenBeside(ctx, p.Socket)
	if err != nil {
		p.Log.WarnContext(ctx, "bot backup and bot trial cannot ask this bot; a store in a file is copied only while it is stopped", "error", err)
		return
	}
	mux := http.NewServeMux()
	if p.lead == nil { // a cluster is copied by its own tools
		mux.Handle("GET "+backupPath, backupHandler(p.sealed, p.Log))
	}
	mux.Handle(trialPath, trialHandler(&p.tries))
	mux.Handle(trialPath+"/", trialHandler(&p.tries))
	p.beside, p.local = listener, &http.Server{Handler: mux, ReadHeaderTimeout: readWithin}
	go func(server *http.Server) {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			p.Log.ErrorContext(ctx, "bot backup and bot trial are not answered any more", "error", err)
		}
	}(p.local)
}

// backupHandler sends a copy of the store, one at a time.
func backupHandler(store storage.Store, log *slog.Logger) http.Handler {
	var busy sync.Mutex
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !busy.TryLock() {
			http.Error(w, "another copy is being made", http.StatusConflict)
			return
		}
		defer busy.Unlock()
		ctx, cancel := context.WithTimeout(r.Context(), copyWithin)
		defer cancel()
		began, out := time.Now(), &promptly{to: w, control: http.NewResponseController(w)}
		err := storage.Backup(ctx, store, out)
		switch {
		case err == nil:
			log.InfoContext(ctx, "a copy of the store was made", "bytes", out.written, "took", time.Since(began))
		case out.written == 0:
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
		default:
			log.ErrorContext(ctx, "a copy of the store was not made to its end", "bytes", out.written, "error", err)
			panic(http.ErrAbortHandler) // what was sent is not the whole
		}
	})
}

// promptly writes to somebody who has to take each piece soon.
type promptly struct {
	to      io.Writer
	control *http.ResponseController
	written int64
}

func (p *promptly) Write(piece []byte) (int, error) {
	if err := p.control.SetWriteDeadline(time.Now().Add(readWithin)); err != nil {
		return 0, err
	}
	n, err := p.to.Write(piece)
	p.written += int64(n)
	return n, err
}

// errNobody: no bot listens at a socket.
var errNobody = errors.New("no bot listens")

// soonRead is a connection whose other end has to send something soon: a bot that is frozen
// does not.
type soonRead struct{ net.Conn }

func (c soonRead) Read(p []byte) (int, error) {
	if err := c.SetReadDeadline(time.Now().Add(sentWithin)); err != nil {
		return 0, err
	}
	return c.Conn.Read(p)
}

// besideBot is the bot that listens at a socket.
type besideBot struct{ socket string }

// ask asks the bot, and returns its answer, which is to be closed, or fails with errNobody.
func (b besideBot) ask(ctx context.Context, method, path string, body io.Reader) (*http.Response, error) {
	if err := tooLong(b.socket); err != nil {
		return nil, fmt.Errorf("%w: %w", errNobody, err)
	}
	client := &http.Client{Transport: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			conn, err := (&net.Dialer{}).DialContext(ctx, "unix", b.socket)
			return soonRead{conn}, err
		},
		ResponseHeaderTimeout: readWithin,
		DisableKeepAlives:     true,
	}}
	request, err := http.NewRequestWithContext(ctx, method, "http://bot"+path, body)
	if err != nil {
		return nil, err
	}
	response, err := client.Do(request)
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ECONNREFUSED):
		return nil, fmt.Errorf("%w at %s", errNobody, b.socket)
	case err != nil:
		return nil, fmt.Errorf("ask the bot: %w", err)
	}
	return response, nil
}

// whyNot is what the bot says of what it does not do.
func whyNot(response *http.Response) string {
	why, _ := io.ReadAll(io.LimitReader(response.Body, 1000)) // without it the status has to suffice
	return strings.TrimSpace(string(why))
}

// askBackup has the bot that listens at a socket write a copy of its store to w, or fails
// with errNobody.
func askBackup(ctx context.Context, socket string, w io.Writer) error {
	response, err := besideBot{socket}.ask(ctx, http.MethodGet, backupPath, http.NoBody)
	if waited := net.Error(nil); errors.As(err, &waited) && waited.Timeout() {
		return fmt.Errorf("the bot that has the store does not answer: it may be frozen or have too much to do, its log says more; stop it, and the copy is made without it: %w", err)
	}
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("the bot makes no copy: %s: %s", response.Status, whyNot(response))
	}
	if _, err := io.Copy(w, response.Body); err != nil {
		return fmt.Errorf("the bot's copy has not come to its end, the bot's log says why: %w", err)
	}
	return nil
}
