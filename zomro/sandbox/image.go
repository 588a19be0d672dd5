package sandbox

import (
	"crypto/sha256"
	"fmt"
	"strings"
)

// image is an operating system in one datacenter.
type image struct {
	id, label, zone, place string
}

// windows reports whether the label says Windows, the vendor's only sign of
// it [F].
func (i image) windows() bool { return strings.Contains(i.label, "Windows") }

// systems are the public images; ids differ by datacenter [F].
var systems = []string{
	"Ubuntu 24.04", "Ubuntu 22.04", "Ubuntu 20.04",
	"Debian 13", "Debian 12", "Debian 11",
	"AlmaLinux 9", "AlmaLinux 8", "Rocky Linux 9", "CentOS Stream 9", "Fedora 42", "Oracle Linux 9",
	"FreeBSD 14", "Astra Linux 1.8", "Ubuntu 22.04 HestiaCP",
	"Windows Server 2025", "Windows Server 2022", "Windows Server 2019",
}

// article462Image is the one that article 462 orders in datacenter 13 [A].
const article462Image = "479c96f1-ccc6-47a2-952c-c9e3bbdc8d07"

// imageID derives an image's UUID from what it is and where.
func imageID(place, label string) string {
	if place == article462Place.id && label == "Ubuntu 20.04" {
		return article462Image
	}
	sum := sha256.Sum256([]byte("image " + place + " " + label))
	sum[6], sum[8] = sum[6]&0x0f|0x40, sum[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}

// images returns what a plan can be installed with by an account: the public
// ones and the account's own.
func (a *account) imagesFor(p *plan) []image {
	var images []image
	add := func(i image) {
		if i.windows() && p.windows || !i.windows() && p.linux {
			images = append(images, i)
		}
	}
	for _, label := range systems {
		add(image{imageID(p.place.id, label), label, "pub", p.place.id})
	}
	for _, own := range a.images {
		if own.place == p.place.id {
			add(own)
		}
	}
	return images
}

// AddImage gives an account an image of its own in a datacenter and returns
// its id; "" if there is no such account.
func (s *Sandbox) AddImage(login, datacenter, label string) string {
	id := ""
	s.withAccount(login, func(a *account) {
		id = imageID(datacenter, login+" "+label)
		a.images = append(a.images, image{id, label, "own", datacenter})
	})
	return id
}
