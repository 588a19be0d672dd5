// Package load is the flow of what is measured of a server: the load of its processor and
// its traffic, as a picture and in words. It only looks: everybody who may see a server may
// see that.
package load
