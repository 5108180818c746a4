# Seconds that surveillance takes for the flexible Farrington method on a few series of a table,
# scaled to all of them: Rscript trend_peer.R table.csv weeks series
suppressMessages(library(surveillance))
arguments <- commandArgs(TRUE)
counts <- as.matrix(read.csv(arguments[1], header = FALSE))
weeks <- as.integer(arguments[2])
n <- ncol(counts)
control <- list(
  range = (n - weeks + 1):n, b = 5, w = 3, noPeriods = 10, pastWeeksNotIncluded = 26,
  weightsThreshold = 2.58, pThresholdTrend = 1, thresholdMethod = "nbPlugin", alpha = 0.01,
  glmWarnings = FALSE
)
start <- proc.time()[["elapsed"]]
for (row in seq_len(nrow(counts))) {
  suppressWarnings(farringtonFlexible(sts(counts[row, ], frequency = 52), control))
}
seconds <- (proc.time()[["elapsed"]] - start) * as.integer(arguments[3]) / nrow(counts)
status <- readLines("/proc/self/status")
peak <- grep("VmHWM", status, value = TRUE)
cat(seconds, as.numeric(gsub("[^0-9]", "", peak)) / 1024, "\n")
