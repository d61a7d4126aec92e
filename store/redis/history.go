package redis

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"valse/store"
)

// History returns a part of one user's history, newest first.
func (s *Store) History(ctx context.Context, userID string, q store.HistoryQuery) (store.HistoryPage, error) {
	limit, err := pageLimit(q.Limit, store.MaxHistory, store.MaxHistory)
	if err != nil {
		return store.HistoryPage{}, err
	}
	types := slices.Compact(slices.Sorted(slices.Values(q.Types)))
	if len(types) == 0 {
		types = store.EventTypes()
	}
	query := fmt.Sprintf("history %q %v", userID, types)
	place, err := decodeCursor(query, q.Before)
	if err != nil {
		return store.HistoryPage{}, err
	}
	micros, seq, _ := strings.Cut(place, " ")

	at := s.user(userID)
	keys := []string{at.key("events:" + userID)}
	for _, t := range types {
		keys = append(keys, at.history(userID, t))
	}
	answer, err := s.runOne(ctx, historyScript, keys, limit+1, micros, seq)
	if err != nil {
		return store.HistoryPage{}, err
	}
	page := store.HistoryPage{}
	page.Interactions, err = interactions(userID, answer)
	if err != nil {
		return store.HistoryPage{}, err
	}
	if page.HasNext = len(page.Interactions) > limit; page.HasNext {
		page.Interactions = page.Interactions[:limit]
	}
	for _, i := range page.Interactions {
		page.Cursors = append(page.Cursors, encodeCursor(query, fmt.Sprint(i.Time.UnixMicro(), " ", i.Seq)))
	}
	return page, nil
}

// interactions reads an answer of event ids and packed events of one user.
func interactions(userID string, answer any) ([]store.Interaction, error) {
	pairs, err := texts(answer)
	if err != nil {
		return nil, err
	}
	events := make([]store.Interaction, 0, len(pairs)/2)
	for n := 0; n+1 < len(pairs); n += 2 {
		event, err := unpackEvent(userID, pairs[n], pairs[n+1])
		if err != nil {
			return nil, fmt.Errorf("history of %q: %w", userID, err)
		}
		events = append(events, event)
	}
	return events, nil
}

// Ratings returns a user's latest ratings, of some products or of all.
func (s *Store) Ratings(ctx context.Context, userID string, productIDs []string) ([]store.UserRating, error) {
	at := s.user(userID)
	if productIDs == nil {
		keys := []string{at.key("ratings:" + userID), at.key("rated:" + userID)}
		answer, err := s.runOne(ctx, ratingsScript, keys, store.MaxHistory)
		if err != nil {
			return nil, err
		}
		pairs, err := texts(answer)
		if err != nil {
			return nil, err
		}
		ratings := make([]store.UserRating, 0, len(pairs)/2)
		for n := 0; n+1 < len(pairs); n += 2 {
			if ratings, err = appendRating(ratings, pairs[n], pairs[n+1]); err != nil {
				return nil, err
			}
		}
		return ratings, nil
	}
	if len(productIDs) == 0 {
		return nil, nil
	}
	stored, err := s.client.HMGet(ctx, at.key("ratings:"+userID), productIDs...).Result()
	if err != nil {
		return nil, translate("ratings", err)
	}
	var ratings []store.UserRating
	for n, value := range stored {
		if packed, known := value.(string); known {
			if ratings, err = appendRating(ratings, productIDs[n], packed); err != nil {
				return nil, err
			}
		}
	}
	return ratings, nil
}

// appendRating appends a stored rating unless it was taken back.
func appendRating(ratings []store.UserRating, productID, packed string) ([]store.UserRating, error) {
	if len(packed) <= 16 {
		return nil, errPacked
	}
	micros, errTime := strconv.ParseInt(packed[:16], 10, 64)
	stars, errStars := strconv.ParseFloat(packed[16:], 64)
	if errTime != nil || errStars != nil {
		return nil, errPacked
	}
	if stars == 0 {
		return ratings, nil
	}
	return append(ratings, store.UserRating{ProductID: productID, Stars: stars, Time: time.UnixMicro(micros).UTC()}), nil
}
