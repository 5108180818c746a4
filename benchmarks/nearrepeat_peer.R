# One cell of Knox's test in R's surveillance, for benchmarks/nearrepeat.py: prints seconds and
# peak megabytes.
suppressMessages(library(surveillance))
n <- as.integer(commandArgs(TRUE)[1])
set.seed(1)
place <- dist(cbind(runif(n, 0, 38000), runif(n, 0, 38000)))
time <- dist(sample(0:364, n, TRUE))
invisible(gc(reset = TRUE))
sink("/dev/null")
seconds <- system.time(
  knox(dt = time, ds = place, eps.t = 28, eps.s = 1000, simulate.p.value = TRUE, B = 999)
)[["elapsed"]]
sink()
cat("\n", seconds, sum(gc()[, 6]), "\n")
