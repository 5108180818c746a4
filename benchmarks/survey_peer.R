# The same tasks in R's survey package, for benchmarks/survey.py: prints seconds and peak megabytes.
suppressMessages(library(survey))
arguments <- commandArgs(TRUE)
task <- arguments[1]
n <- as.integer(arguments[2])
set.seed(1)
draw <- function(levels) factor(sample(seq_len(levels) - 1L, n, replace = TRUE), seq_len(levels) - 1L)
d <- data.frame(
  weight = runif(n, 50, 150), stratum = draw(20), domain = draw(50), y = rnorm(n),
  a = draw(2), b = draw(7), c = draw(12)
)
design <- svydesign(ids = ~1, strata = ~stratum, weights = ~weight, data = d)
margin <- function(name) {
  totals <- as.vector(table(d[[name]])) * runif(nlevels(d[[name]]), 0.9, 1.1)
  setNames(data.frame(levels(d[[name]]), totals * 100 * n / sum(totals)), c(name, "Freq"))
}
margins <- lapply(c("a", "b", "c"), margin)
raked <- function() rake(design, list(~a, ~b, ~c), margins, control = list(maxit = 100, epsilon = 1e-9 * n))
ask <- switch(task,
  "domains" = function() svyby(~y, ~domain, design, svymean),
  "rake" = raked,
  "rake and mean" = function() svymean(~y, raked()),
  "bootstrap" = function() {
    svyby(~y, ~domain, as.svrepdesign(design, type = "bootstrap", replicates = 200), svymean)
  }
)
invisible(gc(reset = TRUE))
seconds <- system.time(ask())[["elapsed"]]
cat(seconds, sum(gc()[, 6]), "\n")
