// Package als factorises a sparse matrix of users and items by alternating
// least squares: fix the item factors and every user's factor is a small ridge
// regression, fix the users and every item's is; alternate until it converges.
//
// Two models share one row solver.
//
//   - Train fits implicit feedback (Hu, Koren, Volinsky 2008, with the
//     frequency-scaled regulariser of Rendle et al. 2021). With s = xᵤᵀyᵢ it
//     minimises
//
//     Σ_observed c(1−s)² + w₀ Σ_all s² + λ Σ_rows (n_row + w₀N_other)^ν ‖row‖²
//
//     where c is the weight of an observed pair, n_row the sum of the weights
//     of a row and N_other the number of rows on the other side.
//
//   - TrainExplicit fits stars, r ≈ μ + bᵤ + bᵢ + xᵤᵀyᵢ, over observed pairs
//     only, with λ n^ν on each row's factor and bias.
//
// Folder and ExplicitFolder compute one user's factor from a history without
// the training matrices, and say what each interaction adds to a score.
//
// The package is a pure core: slices, settings and a seed in, factors and
// statistics out. It knows row and column numbers, not users and products. The
// same data, settings and seed give the same factors to the bit, whatever the
// number of threads. No factor is ever NaN or infinite: what cannot be trained
// comes back as an error.
package als
