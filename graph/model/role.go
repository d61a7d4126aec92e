package model

// roleOrder is the width of each role.
var roleOrder = map[Role]int{RoleConsumer: 1, RoleServer: 2, RoleAdmin: 3}

// Includes reports whether whoever has role r may do what needs the other. The
// empty role includes none.
func (r Role) Includes(other Role) bool { return roleOrder[r] >= roleOrder[other] }
