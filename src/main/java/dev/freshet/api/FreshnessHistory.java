package dev.freshet.api;

import dev.freshet.freshness.LagHistory;
import java.util.List;

/** Throughput and lag by stage over the last minutes. */
record FreshnessHistory(long stepSeconds, List<LagHistory.Step> steps) {}
