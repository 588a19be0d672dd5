package sandbox

import (
	"net/http"
	"time"

	"zomrobot/zomro"
	"zomrobot/zomro/profile"
)

// sessionLife is how long a session lives after its last call [g].
const sessionLife = time.Hour

// function is one function of the vendor's API. It runs with the sandbox
// locked.
type function struct {
	open bool         // needs no session
	half bool         // a session that waits for its second factor is enough
	read profile.Name // the fact about how its answer is read; "": there is none
	run  func(*Sandbox, *request) (object, *failure)
}

// functions are those of the vendor's that the sandbox has.
var functions = map[string]function{
	"auth":         {open: true, run: (*Sandbox).login},
	"totp.confirm": {half: true, run: (*Sandbox).confirmTOTP},
	"whoami":       {half: true, run: (*Sandbox).whoami},
	"keepalive":    {run: (*Sandbox).keepalive},
	"logon":        {open: true, run: (*Sandbox).logout},

	"v2.instances.order.pricelist": {run: (*Sandbox).pricelist},
	"v2.instances.order.param":     {read: profile.OrderForm, run: (*Sandbox).orderParam},
	"cart":                         {read: profile.CartFields, run: (*Sandbox).cart},
	"cart.empty":                   {run: (*Sandbox).cartEmpty},
	"cartorder.create.confirm":     {run: (*Sandbox).confirm},

	"instances":        {read: profile.ServerRows, run: (*Sandbox).instances},
	"v2.instances":     {run: (*Sandbox).serverList},
	"instances.filter": {run: (*Sandbox).instancesFilter},
	"instances.edit":   {run: (*Sandbox).instancesEdit},
	"instances.delete": {run: (*Sandbox).instancesDelete},
	"service.start":    {run: (*Sandbox).serviceStart},
	"service.stop":     {run: (*Sandbox).serviceStop},
	"service.reboot":   {run: (*Sandbox).serviceReboot},

	"image":        {run: (*Sandbox).imageList},
	"image.edit":   {run: (*Sandbox).imageEdit},
	"image.delete": {run: (*Sandbox).imageDelete},

	"instances.snapshots":                   {run: copyList(zomro.KindSnapshot)},
	"instances.snapshots.edit":              {run: makeCopy(zomro.KindSnapshot)},
	"instances.fleio_bckps":                 {run: copyList(zomro.KindBackup)},
	"instances.fleio_bckps.edit":            {run: makeCopy(zomro.KindBackup)},
	"instances.fleio_bckps.schedule":        {run: (*Sandbox).schedules},
	"instances.fleio_bckps.schedule.edit":   {run: (*Sandbox).scheduleEdit},
	"instances.fleio_bckps.schedule.delete": {run: (*Sandbox).scheduleDelete},

	"instances.fleio.measures":    {run: (*Sandbox).measures},
	"instances.fleio.trafficdata": {run: (*Sandbox).trafficData},

	"instances.fleio.changepassword":   {run: (*Sandbox).changePassword},
	"instances.fleio.rebuild":          {run: (*Sandbox).rebuild},
	"instances.fleio.vnc":              {run: (*Sandbox).console},
	"instances.fleio.rescue":           {run: (*Sandbox).rescue},
	"instances.fleio.boot_from_iso":    {run: (*Sandbox).bootISO},
	"instances.fleio.unrescue":         {run: (*Sandbox).unrescue},
	"service.prolong":                  {run: (*Sandbox).prolong},
	"service.changepricelist":          {run: (*Sandbox).sizes},
	"service.changepricelist.getmoney": {run: (*Sandbox).resize},
	"instances.confirm.resize":         {run: (*Sandbox).settleResize},

	"sshkeys":        {read: profile.KeyRows, run: (*Sandbox).sshkeys},
	"sshkeys.edit":   {run: (*Sandbox).sshkeysEdit},
	"sshkeys.delete": {run: (*Sandbox).sshkeysDelete},

	"expense":                     {read: profile.ChargeRows, run: (*Sandbox).expense},
	"order":                       {read: profile.OrderRows, run: (*Sandbox).orderList},
	"payment":                     {read: profile.PaymentRows, run: (*Sandbox).paymentList},
	"dashboard.info":              {run: (*Sandbox).dashboardInfo},
	"dashboard.subaccount_credit": {run: (*Sandbox).dashboardCredit},
	"notify":                      {run: (*Sandbox).notify},
}

// serveVendor answers one call of a vendor function, with a fault if one is due.
func (s *Sandbox) serveVendor(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, "only POST is served here", http.StatusMethodNotAllowed)
		return
	}
	if r.URL.RawQuery != "" {
		s.mu.Lock()
		s.violations = append(s.violations, "fields in the URL: secrets would end up in logs")
		s.mu.Unlock()
		http.Error(w, "fields belong into the body", http.StatusBadRequest)
		return
	}
	fields, err := readFields(w, r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	call, injection := s.begin(fields)
	answer := s.serve(r.Context(), call, injection)
	s.finish(call, answer)
	answer.send(w)
}

// run does the work of a call and returns its document.
func (s *Sandbox) run(fields []Field) object {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.config.Now()
	s.settle(now)
	r := &request{fields: fields, now: now}
	name := r.get("func")
	function, failed := s.admit(name, r)
	var body object
	if failed == nil {
		body, failed = function.run(s, r)
	}
	if failed == nil {
		body = s.formed(name, r, body)
	}
	return s.document(name, r, body, failed)
}

// admit returns the function of a call once the call may use it, and gives the
// request its session.
func (s *Sandbox) admit(name string, r *request) (function, *failure) {
	if field, twice := r.twice(); twice {
		return function{}, badValue(r, field)
	}
	called, known := functions[name]
	if !known {
		return function{}, noFunction(r)
	}
	if called.open {
		return called, nil
	}
	r.session = s.liveSession(r.get("auth"), r.now)
	if r.session == nil || (r.session.half && !called.half) {
		return function{}, noSession(name, r)
	}
	r.session.used = r.now
	r.user = s.users[r.session.login]
	r.account = r.user.account
	return called, nil
}

// noFunction says that there is no function of that name [F].
func noFunction(r *request) *failure {
	name := r.get("func")
	return &failure{
		kind: "missed", object: name,
		text: r.say("Function '"+name+"' is not found", "Не удалось найти функцию '"+name+"'. Возможно, управляющий модуль не загружен."),
	}
}

// noSession is the answer to a call without a live session: "access" from
// keepalive [F], "auth" from the others [C].
func noSession(name string, r *request) *failure {
	if name == "keepalive" {
		return noAccess(name, r)
	}
	return &failure{kind: "auth", text: r.say("Authorization required", "Необходима авторизация")}
}

// noAccess refuses a function to somebody who has no right to it [F].
func noAccess(name string, r *request) *failure {
	return &failure{kind: "access", object: name, text: r.say(
		"Insufficient privileges to perform", "У вас недостаточно прав на выполнение функции")}
}

// settle brings everything that depends on the time up to date, and on the way does
// what was postponed until then. What cannot be done by then is dropped.
func (s *Sandbox) settle(now time.Time) {
	for len(s.postponed) > 0 && !now.Before(s.postponed[0].due) {
		next := s.postponed[0]
		s.postponed = s.postponed[1:]
		s.settleSurcharges(next.due)
		s.settleServices(next.due)
		next.request.now = next.due
		_, failed := next.run(s, next.request)
		next.call.Done = failed == nil
	}
	s.settleSurcharges(now)
	s.settleServices(now)
}

func (s *Sandbox) settleServices(now time.Time) {
	for _, user := range s.users {
		user.account.settle(now, s.activation, s.config.SoldOutDelay)
	}
}
