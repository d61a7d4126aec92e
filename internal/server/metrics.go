package server

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"valse/graph"
	"valse/store"
)

// maxOperationNames bounds the label that callers choose; further names count
// as "other".
const maxOperationNames = 100

// metrics counts what the server does.
type metrics struct {
	registry   *prometheus.Registry
	operations *prometheus.CounterVec
	latency    *prometheus.HistogramVec
	streams    prometheus.Gauge
	refused    prometheus.Counter

	mu    sync.Mutex
	names map[string]bool
}

var _ graph.Observer = (*metrics)(nil)

func newMetrics(runs store.Runs) *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		operations: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "valse_graphql_responses_total",
			Help: "GraphQL responses by the operation's name and kind and the code of the first error.",
		}, []string{"operation", "kind", "code"}),
		latency: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "valse_graphql_seconds",
			Help:    "Time to answer queries and mutations.",
			Buckets: prometheus.ExponentialBuckets(0.0005, 2, 15),
		}, []string{"kind"}),
		streams: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "valse_graphql_subscriptions_open",
			Help: "Subscriptions that are open now.",
		}),
		refused: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "valse_graphql_refused_total",
			Help: "Operations that were answered 503, since as many ran and waited as there is room for.",
		}),
		names: map[string]bool{},
	}
	m.registry.MustRegister(m.operations, m.latency, m.streams, m.refused, runCollector{runs},
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Responded counts a response.
func (m *metrics) Responded(o graph.Operation) {
	m.operations.WithLabelValues(m.bounded(o.Name), o.Kind, o.Code).Inc()
	if o.Kind != "subscription" {
		m.latency.WithLabelValues(o.Kind).Observe(o.Took.Seconds())
	}
}

// Streaming counts open subscriptions.
func (m *metrics) Streaming(delta int) { m.streams.Add(float64(delta)) }

// bounded returns the name, or "other" once there are too many.
func (m *metrics) bounded(name string) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.names[name] {
		if len(m.names) >= maxOperationNames {
			return "other"
		}
		m.names[name] = true
	}
	return name
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

// runCollector counts the newest runs when it is asked.
type runCollector struct{ runs store.Runs }

var runsDesc = prometheus.NewDesc("valse_runs", "The newest 100 runs by kind and state.", []string{"kind", "state"}, nil)

// Describe announces the one metric.
func (c runCollector) Describe(to chan<- *prometheus.Desc) { to <- runsDesc }

// Collect reads the store.
func (c runCollector) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	runs, err := c.runs.RunList(ctx, "", "", 100)
	if err != nil {
		to <- prometheus.NewInvalidMetric(runsDesc, err)
		return
	}
	counts := map[[2]string]int{}
	for _, r := range runs {
		counts[[2]string{string(r.Kind), string(r.State)}]++
	}
	for labels, n := range counts {
		to <- prometheus.MustNewConstMetric(runsDesc, prometheus.GaugeValue, float64(n), labels[:]...)
	}
}
