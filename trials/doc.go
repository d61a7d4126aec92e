// Package trials holds trials that need modules which the product must not
// depend on: a module of its own, so that they stay out of its graph.
package trials
