// Package eval measures how well a model predicts what it was not shown:
// deterministic splits of a log of interactions, RMSE for stars, ranking
// metrics over the full catalogue for lists, baselines to beat, and a grid
// search that keeps the best model. It knows row and column numbers only.
package eval
