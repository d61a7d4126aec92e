// Package demo makes up a believable shop: a catalogue, the people who use it
// and eighteen months of what they did.
//
// Everything follows from a seed, a size and an end date, to the byte, on
// every machine: random numbers come from PCG streams named after what they
// decide (random.go), choices are made in integers, and no map is ranged over.
//
// How the parts fit:
//
//   - data/catalog.txt is the vocabulary; lexicon.go reads it and expands its
//     templates. catalog.go turns it into products, complement.go links them.
//   - taste.go gives every user a latent taste: a few categories that people
//     share leanings towards, a style, a price level, favourite vendors.
//     persona.go adds the people to sign in as.
//   - visit.go plays each visit as a funnel (impression, click, view, cart,
//     purchase, rating) over season, taste, popularity and complements;
//     calendar.go says when visits happen.
//   - export.go writes it all as CSV in the generic import format.
//
// A shop of [Large] size is never held in memory: only its catalogue is, and
// users and interactions are made while they are read.
package demo
