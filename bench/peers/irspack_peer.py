"""irspack (PyPI): IALSTrainer, by conjugate gradient, Cholesky or iALS++ blocks.

Its loss is valse's, term by term (half of it).
"""

from irspack.recommenders.ials import IALSTrainer, str_to_loss_type, str_to_solver_type

from contest import await_round, say, take_job, took

job = take_job()
m = job.read_matrix()
trainer = IALSTrainer(
    m, job.rank, alpha0=job.w0, reg=job.reg, nu=job.nu, init_std=0.1,
    solver_type=str_to_solver_type(job.solver), max_cg_steps=3, ialspp_subspace_dimension=64,
    loss_type=str_to_loss_type("IALSPP"), random_seed=1, n_threads=job.threads,
    prediction_time_max_cg_steps=5, prediction_time_ialspp_iteration=5,
)
core = trainer.core_trainer
core.user, core.item = job.read_factors(*m.shape)
save = lambda: job.write(core.user, core.item)
say()
while (clock := await_round(save)) is not None:
    trainer.run_epoch()
    took(clock)
