package model

import "valse/store"

// User shows a user of the store.
type User struct{ store.User }

// IsNode marks a type with global ids.
func (User) IsNode() {}

// ID is the global id.
func (u *User) ID() string { return GlobalID(KindUser, u.User.ID) }

// UserID is the id it was imported under.
func (u *User) UserID() string { return u.User.ID }

// Persona is nil but for the demo's users.
func (u *User) Persona() *string { return optional(u.User.Persona) }

// Attributes are the further columns by name.
func (u *User) Attributes() []Attribute { return attributes(u.User.Attributes) }

// Interaction shows an event of the store.
type Interaction struct{ store.Interaction }

// IsNode marks a type with global ids.
func (Interaction) IsNode() {}

// ID is the global id; event ids are unique within their user only.
func (i *Interaction) ID() string {
	return GlobalID(KindInteraction, i.UserID+interactionSeparator+i.EventID)
}

// Basket is nil when there is none.
func (i *Interaction) Basket() *string { return optional(i.Interaction.Basket) }

// RecommendationID is nil when no list led here.
func (i *Interaction) RecommendationID() *string { return optional(i.Interaction.RecommendationID) }

// UserRating shows the latest rating of a product.
type UserRating struct{ store.UserRating }
