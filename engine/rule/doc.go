// Package rule says what a shop decides about its lists: what to push, to hold
// back, to pin, to hide, how much of one vendor is enough, how varied a list
// should be and how much of it may explore.
//
// A [Book] is one immutable, numbered document of rules; a change makes the
// next number. A [Rule] says what it does (its [Kind]), to which products (its
// [Match]), on which shelves and between which dates. The package knows what a
// good rule looks like, and nothing of how lists are made: package engine
// prepares a book for a catalogue and applies it.
package rule
