package graph

import (
	"context"
	"strconv"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"golang.org/x/time/rate"

	"valse/graph/model"
)

// budget charges each operation's cost to its caller, who has so many points a
// minute: a bucket that fills steadily, so that a full one may be spent at once.
// What costs more than an operation may is refused and not charged.
type budget struct {
	limits  Limits
	clock   func() time.Time
	prices  prices
	buckets graphql.Cache[*rate.Limiter]
}

// maxCallers bounds the buckets that are kept; who was not seen for longest is
// forgotten and starts with a full one.
const maxCallers = 100_000

func newBudget(c Config) *budget {
	return &budget{limits: c.Limits, clock: c.Clock, buckets: lru.New[*rate.Limiter](maxCallers)}
}

var _ interface {
	graphql.HandlerExtension
	graphql.OperationContextMutator
	graphql.ResponseInterceptor
} = (*budget)(nil)

// ExtensionName names the budget among the handler's extensions.
func (b *budget) ExtensionName() string { return "Budget" }

// Validate learns of the schema whose operations are charged.
func (b *budget) Validate(schema graphql.ExecutableSchema) error {
	b.prices = newPrices(schema)
	return nil
}

// costExtension shows the charge.
const costExtension = "cost"

// charge is what an operation was charged.
type charge struct {
	// Requested is the operation's cost.
	Requested int `json:"requested"`
	// Remaining points of the caller.
	Remaining int `json:"remaining"`
	// ResetAt is when all points are there again.
	ResetAt time.Time `json:"resetAt"`
}

// append appends the charge as JSON.
func (c charge) append(b []byte) []byte {
	b = strconv.AppendInt(append(b, `{"requested":`...), int64(c.Requested), 10)
	b = strconv.AppendInt(append(b, `,"remaining":`...), int64(c.Remaining), 10)
	return append(c.ResetAt.AppendFormat(append(b, `,"resetAt":"`...), time.RFC3339Nano), `"}`...)
}

// MutateOperationContext charges an operation or refuses it.
func (b *budget) MutateOperationContext(ctx context.Context, op *graphql.OperationContext) *gqlerror.Error {
	cost := b.prices.of(ctx, op.Operation, op.Variables)
	if cost > b.limits.Cost {
		err := gqlerror.Errorf("operation has complexity %d, which exceeds the limit of %d", cost, b.limits.Cost)
		errcode.Set(err, codeTooComplex)
		return err
	}
	points := b.points(IdentityOf(ctx))
	now := b.clock()
	bucket := b.bucket(ctx, points)
	paid := bucket.AllowN(now, cost)
	left := bucket.TokensAt(now)
	c := charge{
		Requested: cost, Remaining: int(max(left, 0)),
		ResetAt: now.Add(time.Duration((float64(points) - left) / float64(points) * float64(time.Minute))).UTC().Truncate(time.Millisecond),
	}
	op.Stats.SetExtension(b.ExtensionName(), c)
	if !paid {
		err := gqlerror.Errorf("the operation costs %d points and %d are left: try again later", c.Requested, c.Remaining)
		errcode.Set(err, codeRateLimited)
		return err
	}
	return nil
}

// points a minute of a caller.
func (b *budget) points(i Identity) int {
	if i.Role == model.RoleServer || i.Role == model.RoleAdmin {
		return b.limits.KeyPoints
	}
	return b.limits.Points
}

func (b *budget) bucket(ctx context.Context, points int) *rate.Limiter {
	caller := IdentityOf(ctx).Principal
	if bucket, ok := b.buckets.Get(ctx, caller); ok && bucket.Burst() == points {
		return bucket
	}
	bucket := rate.NewLimiter(rate.Limit(float64(points)/60), points)
	b.buckets.Add(ctx, caller, bucket)
	return bucket
}

// InterceptResponse shows the charge with the response.
func (b *budget) InterceptResponse(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	if graphql.HasOperationContext(ctx) {
		if c, ok := graphql.GetOperationContext(ctx).Stats.GetExtension(b.ExtensionName()).(charge); ok {
			graphql.RegisterExtension(ctx, costExtension, c)
		}
	}
	return next(ctx)
}
