module zomrobot/cmd/bot/peers

go 1.26.7

require (
	github.com/go-telegram/bot v1.27.0
	go.etcd.io/bbolt v1.5.0
	gopkg.in/telebot.v4 v4.0.0-beta.10
	zomrobot v0.0.0
)

require golang.org/x/sys v0.49.0 // indirect

replace zomrobot => ../../..
