package dev.sluice.gateway.pipeline;

import dev.sluice.gateway.generation.GatewayError;
import dev.sluice.gateway.generation.Milestone;
import dev.sluice.gateway.generation.Milestones;
import dev.sluice.gateway.generation.Session;
import dev.sluice.gateway.generation.Session.State;
import dev.sluice.gateway.generation.StreamEvent;
import dev.sluice.gateway.generation.StreamEvent.Progress;
import dev.sluice.gateway.generation.Target;
import dev.sluice.gateway.log.StreamLog;
import dev.sluice.gateway.resilience.AttemptObserver;
import dev.sluice.gateway.time.Timers;
import dev.sluice.provider.Beginning;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Follows one generation through its attempts and tells how it goes: its readers by status events, its session, and whoever
 * hears milestones. Of the end {@link Ending} tells. On the generation's context.
 */
final class Chronicle implements AttemptObserver {

    private static final Logger LOG = Logger.getLogger(Chronicle.class);

    private final StreamLog log;
    private final Session session;
    private final Timers timers;
    private final AnswerBuilder answer;
    private final Continuation continuation;
    private final Milestones milestones;
    private @Nullable Target target;
    private int attempts;
    private long lastEventNanos;
    private boolean streaming;

    Chronicle(StreamLog log, Timers timers, AnswerBuilder answer, Continuation continuation, Milestones milestones) {
        this.log = log;
        this.session = log.session();
        this.timers = timers;
        this.answer = answer;
        this.continuation = continuation;
        this.milestones = milestones;
    }

    /**
     * The generation begins.
     *
     * @param atOnce whether it has a place, and need not wait
     */
    void begins(boolean atOnce) {
        if (atOnce) {
            accepted();
        } else {
            session.trying(State.QUEUED, 0, null);
            tell(Progress.QUEUED, "Waiting for a free place", null);
        }
        milestones.reached(new Milestone.Started(log.info()));
    }

    /** It has a place. */
    void accepted() {
        session.trying(State.ACCEPTED, 0, null);
        tell(Progress.ACCEPTED, "Accepted", null);
    }

    @Override
    public void attemptStarted(Target to) {
        attempts++;
        target = to;
        streaming = false;
        continuation.callStarts();
        trying(State.CONNECTING);
        String asking = "Asking " + log.info().model();
        tell(Progress.CONNECTING, to.streams() ? asking : asking + " for the whole answer at once", null);
    }

    @Override
    public void attemptFailed(Target to, GatewayError error, int upstreamStatus, @Nullable Duration retryIn) {
        milestones.reached(new Milestone.AttemptFailed(log.info(), attempts, to, error, upstreamStatus, retryIn));
        if (upstreamStatus == 401 || upstreamStatus == 403) {
            LOG.warnf(
                    "Provider %s refuses our credentials (HTTP %d)",
                    to.endpoint().name(), upstreamStatus);
        }
        // Without the message, which may quote the prompt.
        LOG.debugf("Attempt %d at %s failed: %s, HTTP %d", attempts, to, error.code(), upstreamStatus);
        if (retryIn != null) {
            String seconds = String.format(Locale.ROOT, "%.1f", retryIn.toMillis() / 1_000.0);
            trying(State.RETRYING);
            tell(Progress.RETRYING, "Retrying in " + seconds + " s (attempt " + (attempts + 1) + ")", retryIn);
        }
    }

    @Override
    public void fallingBack(Target next) {
        trying(State.FALLING_BACK);
        tell(Progress.FALLING_BACK, "Trying another model", null);
    }

    @Override
    public boolean interrupted(GatewayError error) {
        if (!continuation.interrupted(error)) {
            return false;
        }
        String text = continuation.text();
        answer.continued(text);
        trying(State.CONTINUING);
        Target from = target;
        if (from != null) {
            milestones.reached(new Milestone.Continued(log.info(), attempts, from));
        }
        int characters = text.codePointCount(0, text.length());
        log(new StreamEvent.Status(
                Progress.CONTINUING,
                "The answer broke off after " + characters + " characters, and its rest is asked for",
                attempts,
                log.info().model(),
                null,
                characters));
        return true;
    }

    @Override
    public Optional<Beginning> beginning() {
        return continuation.pending()
                ? Optional.of(new Beginning(continuation.text(), answer.outputTokens()))
                : Optional.empty();
    }

    @Override
    public int attempts() {
        return attempts;
    }

    @Override
    public boolean committed() {
        return continuation.committed();
    }

    @Override
    public long lastDeltaNanos() {
        return answer.lastDeltaNanos();
    }

    @Override
    public boolean satisfied() {
        return answer.finishReason() != null;
    }

    /** The provider sent a delta. The first one is the commit point, even where a transform holds it back. */
    void received(String delta) {
        answer.received(delta, timers.nanoTime());
        if (!streaming) {
            streaming = true;
            streamingStarts();
        }
        session.counted(answer.chunks(), answer.textBytes());
        lastEventNanos = answer.lastDeltaNanos();
    }

    private void streamingStarts() {
        session.streaming(answer.timeToFirstChunk());
        Target from = target;
        if (answer.chunks() == 1 && from != null) {
            tell(Progress.STREAMING, "Streaming", null);
            milestones.reached(new Milestone.FirstChunk(log.info(), attempts, from, answer.timeToFirstChunk()));
        }
    }

    /** The answer is whole. One without a delta is told of as if it had streamed. */
    void finished() {
        if (!answer.committed()) {
            tell(Progress.STREAMING, "Streaming", null);
        }
    }

    /** Returns who was asked last, null before the first attempt. */
    @Nullable
    Target target() {
        return target;
    }

    /** Returns what can be counted now. */
    Milestone.Figures figures() {
        return answer.figures(target, attempts, timers.nanoTime());
    }

    /** Returns when something was last logged. */
    long lastEventNanos() {
        return lastEventNanos;
    }

    /** While the rest of an answer is awaited, that is what a session shows, whatever it takes. */
    private void trying(State state) {
        session.trying(continuation.pending() ? State.CONTINUING : state, attempts, target);
    }

    private void tell(Progress progress, String message, @Nullable Duration retryIn) {
        log(new StreamEvent.Status(progress, message, attempts, log.info().model(), retryIn));
    }

    private void log(StreamEvent.Status status) {
        lastEventNanos = timers.nanoTime();
        log.append(status);
    }
}
