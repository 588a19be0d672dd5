package sandbox

import "slices"

// isos are the public ISO images.
var isos = []string{"Debian 13 netinst", "SystemRescue 12", "Windows Server 2025 setup"}

// isos returns the ISO images that a server can be booted from.
func (v *service) isos() []image {
	var images []image
	for _, label := range isos {
		images = append(images, image{imageID(v.plan.place.id, "iso "+label), label, "pub", v.plan.place.id})
	}
	return images
}

// rescue shows what a server can be rescued with, or boots it into that [F]. Public
// images but Windows want a password, with the rules of an order.
func (s *Sandbox) rescue(r *request) (object, *failure) {
	v, failed := idle(r, "instances", "active", "stopped")
	if failed != nil {
		return nil, failed
	}
	images := r.account.imagesFor(v.plan)
	if !r.submitted() {
		return bootForm(r, "select_boot", images), nil
	}
	i, failed := chosenIn(r, "select_boot", images)
	if failed != nil {
		return nil, failed
	}
	password, given := r.lookup("password")
	needed := images[i].zone == "pub" && !images[i].windows()
	if (needed || given) && !strong(password) {
		return nil, badValue(r, "password")
	}
	return s.workOn(r, v, "rescuing", "2", "rescued")
}

// bootISO shows the ISO images, or boots a server from one [F].
func (s *Sandbox) bootISO(r *request) (object, *failure) {
	v, failed := idle(r, "instances", "active", "stopped")
	if failed != nil {
		return nil, failed
	}
	if !r.submitted() {
		return bootForm(r, "select_boot_from_iso", v.isos()), nil
	}
	if _, failed := chosenIn(r, "select_boot_from_iso", v.isos()); failed != nil {
		return nil, failed
	}
	return s.workOn(r, v, "booting_from_iso", "2", "booted_from_iso")
}

// unrescue boots a server from its own disk again; it ends both [F].
func (s *Sandbox) unrescue(r *request) (object, *failure) {
	v, failed := idle(r, "instances", "rescued", "booted_from_iso")
	if failed != nil {
		return nil, failed
	}
	return s.workOn(r, v, "unrescuing", "2", "active")
}

// bootForm is a form whose first choice says that there is none [F].
func bootForm(r *request, list string, images []image) object {
	none := entry("null", r.say("-- none --", "-- нет --"))
	return object{"slist": []object{
		{"$name": "zone", "val": []object{value("pub"), value("own"), value("shr")}},
		{"$name": list, "val": append([]object{none}, imageEntries(images)...)},
	}}
}

// chosenIn is which of the images a call names; with its zone.
func chosenIn(r *request, field string, images []image) (int, *failure) {
	i := slices.IndexFunc(images, func(i image) bool { return i.id == r.get(field) })
	if i < 0 || images[i].zone != r.get("zone") {
		return 0, badValue(r, field)
	}
	return i, nil
}
