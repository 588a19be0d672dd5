package engine

import (
	"context"

	"zomrobot/zomro"
)

// findCatalogue returns a catalogue that is new enough. Those who ask at the
// same time share one request. When the vendor does not answer, or answers with
// an empty list where there was a full one, it is the last
// one that is known.
func (d *desk) findCatalogue(ctx context.Context, user int64, account, lang, datacenter string, fresh bool) (offer, error) {
	name := lang + "/" + datacenter
	most := catalogueFor
	if fresh {
		most = catalogueWait
	}
	if found, ok := d.catalogue.get(name, d.now(), most); ok {
		return found, nil
	}
	fetch := func() (any, error) { return d.fetchCatalogue(ctx, user, account, lang, datacenter) }
	answer, err, shared := d.catalogue.group.Do(name, fetch)
	if shared && zomro.KindOf(err) == zomro.Denied {
		answer, err = fetch() // it may have been somebody else's session that was denied
	}
	found, _ := answer.(offer)
	last, known := d.catalogue.get(name, d.now(), catalogueLast)
	silent := zomro.KindOf(err) == zomro.Transient || zomro.KindOf(err) == zomro.Unreadable || err == nil && found.empty()
	if silent && known && !last.empty() {
		d.log.Info("the vendor tells no catalogue; the last one is offered", "datacenter", datacenter, "at", last.at, "error", err)
		last.silent = true
		return last, nil
	}
	return found, err
}

func (d *desk) fetchCatalogue(ctx context.Context, user int64, account, lang, datacenter string) (offer, error) {
	var found zomro.Catalogue
	err := d.accounts.With(ctx, user, account, lang, func(auth zomro.Auth) (err error) {
		found, err = d.vendor.Catalogue(ctx, auth, datacenter)
		return err
	})
	if err != nil {
		return offer{}, err
	}
	for _, left := range found.LeftOut {
		d.log.Debug("a plan of the catalogue is not offered", "plan", left.ID, "title", left.Title, "reason", left.Reason)
	}
	o := offer{catalogue: found, at: d.now().UTC()}
	// What was asked for without a datacenter is that of the one it names.
	d.catalogue.put(o, lang+"/"+datacenter, lang+"/"+found.Datacenter)
	return o, nil
}
