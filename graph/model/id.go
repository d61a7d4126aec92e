package model

import (
	"encoding/base64"
	"strings"
)

// Kind names a type that has global ids.
type Kind string

// The kinds of global id, named like their types in the schema.
const (
	KindProduct     Kind = "Product"
	KindCategory    Kind = "Category"
	KindVendor      Kind = "Vendor"
	KindUser        Kind = "User"
	KindInteraction Kind = "Interaction"
	KindRun         Kind = "Run"
	KindModel       Kind = "Model"
	KindAPIKey      Kind = "ApiKey"
)

// GlobalID is the opaque id of a thing, unique over all kinds: the base64 of
// "Product:<id>".
func GlobalID(kind Kind, id string) string {
	return string(AppendGlobalID(nil, kind, id))
}

// AppendGlobalID appends a global id.
func AppendGlobalID(b []byte, kind Kind, id string) []byte {
	return base64.StdEncoding.AppendEncode(b, []byte(string(kind)+":"+id))
}

// SplitID takes a global id apart. It is false for anything else.
func SplitID(globalID string) (kind Kind, id string, ok bool) {
	text, err := base64.StdEncoding.DecodeString(globalID)
	if err != nil {
		return "", "", false
	}
	name, id, found := strings.Cut(string(text), ":")
	switch kind = Kind(name); kind {
	case KindProduct, KindCategory, KindVendor, KindUser, KindInteraction, KindRun, KindModel, KindAPIKey:
		return kind, id, found
	}
	return "", "", false
}

// LocalID returns the id that an argument means: the one within a global id
// of this kind, or else the argument itself.
func LocalID(kind Kind, argument string) string {
	if k, id, ok := SplitID(argument); ok && k == kind {
		return id
	}
	return argument
}

// interactionSeparator joins user and event id: neither may contain it.
const interactionSeparator = "\x00"

// SplitInteractionID takes the id of an interaction apart, as LocalID gives it.
func SplitInteractionID(id string) (userID, eventID string, ok bool) {
	return strings.Cut(id, interactionSeparator)
}
