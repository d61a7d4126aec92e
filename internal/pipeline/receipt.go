package pipeline

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"valse/store"
)

// receiptKey is the setting with the seed that receipts are signed with.
const receiptKey = "erase/key"

// Receipt says that a user was erased. It is handed out and not kept, as it
// names the user.
type Receipt struct {
	UserID   string    `json:"user_id"`
	ErasedAt time.Time `json:"erased_at"`
	// Interactions and WarehouseRows are how many went.
	Interactions  int `json:"interactions"`
	WarehouseRows int `json:"warehouse_rows"`
	// Reached lists where nothing of the user is left.
	Reached []string `json:"reached"`
}

// reached is where an erasure goes. The journal belongs to the store.
var reached = []string{
	"store: history, ratings, log, counts, lists under every model, dead letters", "journal",
	"warehouse: interactions, users", "user rows of every kept model", "checkpoints of trainings",
}

// A receipt is signed as a compact JSON Web Signature (RFC 7515) with Ed25519
// (RFC 8037), so that any JOSE library can check it.
var receiptHeader = base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"EdDSA","typ":"valse-erasure"}`))

// signingKey is the partition's key, made at the first erasure.
func (p *Pipeline) signingKey(ctx context.Context) (ed25519.PrivateKey, error) {
	seed := make([]byte, ed25519.SeedSize)
	_, _ = rand.Read(seed) // never fails
	seed, err := p.store.InitSetting(ctx, receiptKey, seed)
	if err != nil {
		return nil, err
	}
	if len(seed) != ed25519.SeedSize {
		return nil, fmt.Errorf("setting %s has %d bytes, want %d", receiptKey, len(seed), ed25519.SeedSize)
	}
	return ed25519.NewKeyFromSeed(seed), nil
}

// sign makes a receipt's text.
func (p *Pipeline) sign(ctx context.Context, r Receipt) (string, error) {
	key, err := p.signingKey(ctx)
	if err != nil {
		return "", err
	}
	payload, err := json.Marshal(r)
	if err != nil {
		return "", err
	}
	signed := receiptHeader + "." + base64.RawURLEncoding.EncodeToString(payload)
	return signed + "." + base64.RawURLEncoding.EncodeToString(ed25519.Sign(key, []byte(signed))), nil
}

// VerifyReceipt checks the text of a receipt and returns what it says.
// store.ErrInvalid when it was not signed here or was changed since.
func (p *Pipeline) VerifyReceipt(ctx context.Context, text string) (Receipt, error) {
	key, err := p.signingKey(ctx)
	if err != nil {
		return Receipt{}, err
	}
	return readReceipt(text, key.Public().(ed25519.PublicKey))
}

// PublicKey is what others check receipts with, in base64url as in a JSON Web
// Key.
func (p *Pipeline) PublicKey(ctx context.Context) (string, error) {
	key, err := p.signingKey(ctx)
	if err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(key.Public().(ed25519.PublicKey)), nil
}

// readReceipt checks a receipt against a key.
func readReceipt(text string, key ed25519.PublicKey) (Receipt, error) {
	refused := &store.Invalid{Field: "receipt", Want: "a receipt that was signed here"}
	signed, signature, _ := cutLast(strings.TrimSpace(text), ".")
	header, payload, _ := strings.Cut(signed, ".")
	sum, err := base64.RawURLEncoding.Strict().DecodeString(signature)
	if err != nil || header != receiptHeader || !ed25519.Verify(key, []byte(signed), sum) {
		return Receipt{}, refused
	}
	data, err := base64.RawURLEncoding.Strict().DecodeString(payload)
	var r Receipt
	if err != nil || json.Unmarshal(data, &r) != nil {
		return Receipt{}, refused
	}
	return r, nil
}

func cutLast(s, sep string) (before, after string, found bool) {
	if at := strings.LastIndex(s, sep); at >= 0 {
		return s[:at], s[at+len(sep):], true
	}
	return s, "", false
}
