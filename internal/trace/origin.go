// Package trace follows what a list leads to. A list's id says where the list
// came from (an [Origin]: kind of row, model, rules, arm of an experiment)
// under a seal that only the partition's servers can make. So nothing has to
// remember the lists that were shown: an event that carries the id is credited
// to its origin when it is stored, in the same step (store.Credits).
//
// A purchase or cart event that carries no id is credited to the list in which
// the user last clicked that product, if that was within [Window] (last touch).
package trace

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"
)

// Origin is where a list came from.
type Origin struct {
	Shelf      string // kind of row, like "FOR_YOU"
	ModelID    string // empty when no model served
	Rules      int    // version of the rule book; 0 for none
	Experiment int    // 0 for none
	Arm        int    // within the experiment, from 0
}

// Merit is what events are counted by: an origin and, in an experiment, the
// group that the user falls into.
type Merit struct {
	Origin
	Bucket int // 0 to Buckets-1; 0 outside experiments
}

// Buckets is how many groups an experiment's users fall into. Counting by
// group shows how much users differ, which counting events alone would hide.
const Buckets = 64

// merit is what an event of a user counts for when a list of this origin led
// to it.
func (o Origin) merit(userID string) Merit {
	m := Merit{Origin: o}
	if o.Experiment != 0 {
		m.Bucket = Bucket(o.Experiment, userID)
	}
	return m
}

// Bucket is the group of a user in an experiment: stable within it, unrelated
// between two of them.
func Bucket(experiment int, userID string) int {
	h := fnv.New64a()
	h.Write(binary.AppendVarint([]byte("bucket"), int64(experiment)))
	h.Write([]byte(userID))
	sum := h.Sum64()
	return int((sum ^ sum>>32) % Buckets)
}

// String encodes an origin like "0,7,1,FOR_YOU,20261126T011200-ab12": rules,
// experiment, arm, shelf, model.
func (o Origin) String() string {
	return fmt.Sprintf("%d,%d,%d,%s,%s", o.Rules, o.Experiment, o.Arm, o.Shelf, o.ModelID)
}

// Credit encodes a merit as the store counts it: its bucket, then its origin.
func (m Merit) Credit() string { return strconv.Itoa(m.Bucket) + "," + m.Origin.String() }

var errFormat = errors.New("not an encoded origin")

// parseOrigin reads what String wrote.
func parseOrigin(text string) (o Origin, err error) {
	parts := strings.SplitN(text, ",", 5)
	if len(parts) < 5 {
		return o, fmt.Errorf("%q: %w", text, errFormat)
	}
	for i, number := range []*int{&o.Rules, &o.Experiment, &o.Arm} {
		if *number, err = strconv.Atoi(parts[i]); err != nil {
			return o, fmt.Errorf("%q: %w", text, errFormat)
		}
	}
	o.Shelf, o.ModelID = parts[3], parts[4]
	return o, nil
}

// ParseCredit reads what Credit wrote.
func ParseCredit(credit string) (m Merit, err error) {
	bucket, origin, _ := strings.Cut(credit, ",")
	if m.Bucket, err = strconv.Atoi(bucket); err != nil || m.Bucket < 0 || m.Bucket >= Buckets {
		return m, fmt.Errorf("%q: %w", credit, errFormat)
	}
	m.Origin, err = parseOrigin(origin)
	return m, err
}
