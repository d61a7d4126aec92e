"""implicit (PyPI): AlternatingLeastSquares, by conjugate gradient or Cholesky.

implicit weighs unobserved pairs 1, observed ones a, and aims at 1. With t = 1/(1+w0) its
objective for a = (1+w0)/w0 and regularization reg*(1+w0)/w0 is valse's for nu = 0, when its
factors are divided by the root of t: w0*t*t times the one is the other but for a constant.
"""

import numpy as np
from implicit.als import AlternatingLeastSquares

from contest import await_round, say, take_job, took

job = take_job()


def train():
    if job.nu != 0:
        return say(error="implicit knows no frequency-scaled regularization (nu is not 0)")
    a, reg = (1 + job.w0) / job.w0, job.reg * (1 + job.w0) / job.w0
    m = job.read_matrix(1.0)
    t = np.float32(np.sqrt(1 / (1 + job.w0)))
    model = AlternatingLeastSquares(
        factors=job.rank, alpha=a, regularization=reg, iterations=job.rounds,
        use_cg=job.solver == "cg", num_threads=job.threads,
    )
    x, y = job.read_factors(*m.shape)
    model.user_factors, model.item_factors = x / t, y / t
    save = lambda: job.write(model.user_factors * t, model.item_factors * t)
    say()
    clock = [await_round(save)]

    def turn(*_):
        took(clock[0])
        clock[0] = await_round(save)
        if clock[0] is None:
            raise SystemExit

    model.fit(m, show_progress=False, callback=turn)


def lists():
    m = job.read_matrix()
    model = AlternatingLeastSquares(factors=job.rank, num_threads=job.threads)
    model.user_factors, model.item_factors = job.read_factors(*m.shape)
    users = np.arange(job.users)
    seen = m[: job.users]
    found = [None]
    save = lambda: job.write(found[0].astype("<i4"))
    say()
    while (clock := await_round(save)) is not None:
        found[0], _ = model.recommend(users, seen, N=job.n)
        took(clock)


train() if job.kind == "als" else lists()
