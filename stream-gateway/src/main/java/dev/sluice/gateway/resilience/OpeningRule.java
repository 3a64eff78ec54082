package dev.sluice.gateway.resilience;

import dev.sluice.gateway.resilience.BreakerState.Closed;

/** What makes too many failures. */
sealed interface OpeningRule {

    /** Returns what a breaker knows that has seen nothing yet. */
    Closed fresh();

    /** Returns what a breaker knows after one more call. */
    Closed remember(Closed before, boolean failed);

    /** Whether what a breaker knows after a failure opens it. */
    boolean opens(Closed known);

    /**
     * So many failures with no success between them.
     *
     * @param failures at least 1
     */
    record FailuresInARow(int failures) implements OpeningRule {

        @Override
        public Closed fresh() {
            return new Closed(0);
        }

        @Override
        public Closed remember(Closed before, boolean failed) {
            return new Closed(failed ? before.failures() + 1 : 0);
        }

        @Override
        public boolean opens(Closed known) {
            return known.failures() >= failures;
        }
    }

    /**
     * So great a part of the last calls.
     *
     * @param ratio above 0, at most 1
     * @param window how many calls the last calls are, at least 1
     * @param minimumCalls so many of them must there be, at least 1, at most {@code window}
     */
    record FailureRatio(double ratio, int window, int minimumCalls) implements OpeningRule {

        @Override
        public Closed fresh() {
            return new Closed(0, CallWindow.of(window));
        }

        @Override
        public Closed remember(Closed before, boolean failed) {
            CallWindow calls = before.calls().with(failed);
            return new Closed(calls.failures(), calls);
        }

        @Override
        public boolean opens(Closed known) {
            int calls = known.calls().size();
            return calls >= minimumCalls && (double) known.failures() / calls >= ratio;
        }
    }
}
