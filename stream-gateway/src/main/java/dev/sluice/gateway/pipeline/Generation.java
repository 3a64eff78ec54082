package dev.sluice.gateway.pipeline;

import dev.sluice.gateway.admission.Permit;
import dev.sluice.gateway.generation.ErrorCode;
import dev.sluice.gateway.generation.GatewayError;
import dev.sluice.gateway.generation.GatewayException;
import dev.sluice.gateway.generation.Milestone;
import dev.sluice.gateway.generation.Milestone.AbortedBy;
import dev.sluice.gateway.generation.Milestones;
import dev.sluice.gateway.generation.Session;
import dev.sluice.gateway.generation.Session.State;
import dev.sluice.gateway.generation.StreamEvent;
import dev.sluice.gateway.generation.StreamEvent.Progress;
import dev.sluice.gateway.generation.Target;
import dev.sluice.gateway.log.StreamLog;
import dev.sluice.gateway.resilience.AttemptObserver;
import dev.sluice.gateway.time.Timers;
import dev.sluice.gateway.transform.Transforms;
import dev.sluice.provider.Beginning;
import dev.sluice.provider.Phase;
import dev.sluice.stream.Chunk;
import dev.sluice.stream.FinishReason;
import dev.sluice.stream.TokenUsage;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.MultiSubscriber;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Flow.Subscription;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One running generation: takes the chunks of its attempts into its log until the end, which comes exactly once. Everything
 * here runs on one Vert.x context, so nothing is locked; {@link #abort} may be called from anywhere.
 */
final class Generation implements MultiSubscriber<Chunk>, AttemptObserver {

    private static final Logger LOG = Logger.getLogger(Generation.class);

    /** So many chunks may still come after the log was full. */
    private static final int BATCH = 32;

    private final StreamLog log;
    private final Session session;
    private final Context context;
    private final Timers timers;
    private final AnswerBuilder answer;
    private final Continuation continuation;
    private final Milestones milestones;
    private final Ending ending;
    private Timers.@Nullable Alarm totalAlarm;
    private @Nullable Subscription subscription;
    private @Nullable Target target;
    private int attempts;
    private long maxTokens = Long.MAX_VALUE;
    private long lastEventNanos;
    private int wanted;
    private boolean streaming;
    private boolean ended;

    /**
     * What has to be given back at the end.
     *
     * @param permit the right to run, or to wait for it
     * @param forget takes the generation out of the list of running ones
     */
    record Ending(Permit permit, Runnable forget) {

        void run(LongSupplier usedTokens) {
            permit.end(usedTokens);
            forget.run();
        }
    }

    Generation(
            StreamLog log,
            Context context,
            Timers timers,
            AnswerBuilder answer,
            Transforms transforms,
            OnInterrupt onInterrupt,
            Milestones milestones,
            Ending ending) {
        this.log = log;
        this.session = log.session();
        this.context = context;
        this.timers = timers;
        this.answer = answer;
        this.continuation = new Continuation(onInterrupt, transforms.open(this::transformed));
        this.milestones = milestones;
        this.ending = ending;
    }

    /** Begins, or waits until it may. On the generation's context. */
    void run(Multi<Chunk> chunks, Duration total) {
        Future<Void> turn = ending.permit().turn();
        boolean atOnce = turn.succeeded();
        if (atOnce) {
            tell(Progress.ACCEPTED, "Accepted", null);
        } else {
            session.trying(State.QUEUED, 0, null);
            tell(Progress.QUEUED, "Waiting for a free place", null);
        }
        milestones.reached(new Milestone.Started(log.info()));
        totalAlarm = timers.after(total, () -> timedOut(total));
        if (atOnce) {
            chunks.subscribe().withSubscriber(this);
        } else {
            turn.onComplete(come -> context.runOnContext(_ -> turnCame(come, chunks)));
        }
    }

    private void turnCame(AsyncResult<Void> come, Multi<Chunk> chunks) {
        if (ended) {
            return;
        }
        if (come.failed()) {
            onFailure(come.cause());
            return;
        }
        session.trying(State.ACCEPTED, 0, null);
        tell(Progress.ACCEPTED, "Accepted", null);
        chunks.subscribe().withSubscriber(this);
    }

    /** Whether it still waits for a place to run. */
    boolean queued() {
        return session.standing().state() == State.QUEUED;
    }

    /**
     * Ends the stream early and closes its upstream call; does nothing after the end.
     *
     * @return completed once that is done, with whether this call ended it
     */
    Future<Boolean> abort(AbortedBy by) {
        Promise<Boolean> done = Promise.promise();
        context.runOnContext(_ -> done.complete(abortHere(by)));
        return done.future();
    }

    private boolean abortHere(AbortedBy by) {
        if (ended) {
            return false;
        }
        cancelUpstream();
        continuation.breakOff();
        Milestone.Figures figures = figures();
        session.aborted(figures, by);
        end(
                failed(GatewayError.of(ErrorCode.CANCELLED, reason(by)), figures),
                new Milestone.Aborted(log.info(), figures, by),
                () -> tokensUntilAbort(figures));
        return true;
    }

    private static String reason(AbortedBy by) {
        return switch (by) {
            case CALLER -> "The stream was aborted.";
            case DISCONNECT -> "The stream was aborted, since nobody read it any more.";
            case IDLE -> "The stream was aborted, since nobody read it and nothing happened.";
            case SHUTDOWN -> "The stream was aborted, since the gateway stops.";
        };
    }

    /** Whether anybody reads it now. */
    boolean read() {
        return log.readers() > 0;
    }

    /** Returns how it stands. */
    Session session() {
        return session;
    }

    /** Returns how many read it now. */
    int readers() {
        return log.readers();
    }

    /** Returns when something was last logged. On the generation's context. */
    long lastEventNanos() {
        return lastEventNanos;
    }

    /**
     * Ends it early as soon as more has come than this. On the generation's context.
     *
     * @param further output tokens from now on, by estimate
     */
    void limitTokens(long further) {
        maxTokens = further == Long.MAX_VALUE ? further : answer.outputTokens() + further;
    }

    private void timedOut(Duration total) {
        if (!ended) {
            cancelUpstream();
            fail(GatewayError.of(ErrorCode.TIMEOUT, "The answer took longer than " + total.toSeconds() + " s.")
                    .withPhase(Phase.TOTAL));
        }
    }

    @Override
    public void onSubscribe(Subscription upstream) {
        subscription = upstream;
        wantMore();
    }

    /** Asks the provider for more unless the log has no room: then nothing is read of the upstream socket. */
    private void wantMore() {
        Subscription upstream = subscription;
        if (!ended && wanted == 0 && upstream != null && !log.full()) {
            wanted = BATCH;
            upstream.request(BATCH);
        }
    }

    /** The log has room again. On the generation's context. */
    void roomAgain() {
        wantMore();
    }

    @Override
    public void onItem(Chunk chunk) {
        if (ended) {
            return;
        }
        switch (chunk) {
            case Chunk.TextDelta delta -> received(delta.text());
            case Chunk.ReasoningDelta delta -> received(delta.text());
            case Chunk.ToolCallDelta delta -> received(delta.arguments());
            case Chunk.Started _, Chunk.UsageReported _, Chunk.Finished _ -> {}
        }
        continuation.accept(chunk);
        wanted--;
        if (maxTokens != Long.MAX_VALUE && answer.outputTokens() > maxTokens) {
            abortHere(AbortedBy.DISCONNECT);
        } else if (answer.finishReason() != null && !(chunk instanceof Chunk.Finished)) {
            // A transform ended the answer before the provider did.
            cancelUpstream();
            onCompletion();
        } else {
            wantMore();
        }
    }

    /** What the log, and so everybody, gets of the answer. */
    private void transformed(Chunk chunk) {
        switch (chunk) {
            case Chunk.Started started -> answer.started(started);
            case Chunk.TextDelta delta -> log.append(answer.text(delta.text()));
            case Chunk.ReasoningDelta delta -> log.append(answer.reasoning(delta.text()));
            case Chunk.ToolCallDelta delta -> log.append(answer.toolCall(delta));
            case Chunk.UsageReported reported -> answer.usage(reported.usage());
            case Chunk.Finished finished -> answer.finished(finished.reason());
        }
    }

    @Override
    public void onFailure(Throwable failure) {
        if (failure instanceof GatewayException known) {
            fail(continuation.ending(known.error()));
        } else {
            LOG.errorf(
                    failure,
                    "Stream %s failed inside the gateway",
                    log.info().key().id());
            fail(GatewayError.of(
                    ErrorCode.INTERNAL, "The gateway failed. The stream's id helps its operator to find out why."));
        }
    }

    @Override
    public void onCompletion() {
        FinishReason reason = answer.finishReason();
        Target from = target;
        if (reason == null || from == null) {
            fail(GatewayError.of(ErrorCode.PARSE, "The provider's answer ended before its end."));
        } else if (!ended) {
            if (!answer.committed()) {
                tell(Progress.STREAMING, "Streaming", null);
            }
            Milestone.Figures figures = figures();
            session.completed(figures);
            end(
                    new StreamEvent.Completed(answer.build(from, attempts, reason, timers.nanoTime())),
                    new Milestone.Completed(log.info(), figures, reason),
                    () -> tokens(figures));
        }
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

    /** While the rest of an answer is awaited, that is what a session shows, whatever it takes. */
    private void trying(State state) {
        session.trying(continuation.pending() ? State.CONTINUING : state, attempts, target);
    }

    @Override
    public boolean satisfied() {
        return answer.finishReason() != null;
    }

    /** The first delta from the provider is the commit point, even where a transform holds it back. */
    private void received(String delta) {
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

    private void fail(GatewayError error) {
        if (!ended) {
            continuation.breakOff();
            Milestone.Figures figures = figures();
            session.failed(figures, error.code());
            end(failed(error, figures), new Milestone.Failed(log.info(), figures, error), () -> tokens(figures));
        }
    }

    private static long tokens(Milestone.Figures figures) {
        TokenUsage usage = figures.usage();
        return usage == null ? 0 : usage.totalTokens();
    }

    /** A provider that was asked has read the prompt, even where nothing came of it. */
    private long tokensUntilAbort(Milestone.Figures figures) {
        return figures.usage() == null && attempts > 0 ? answer.promptTokens() : tokens(figures);
    }

    /** The one finaliser. */
    private void end(StreamEvent terminal, Milestone last, LongSupplier usedTokens) {
        ended = true;
        Timers.Alarm alarm = totalAlarm;
        if (alarm != null) {
            alarm.cancel();
        }
        ending.run(usedTokens);
        milestones.reached(last);
        log.append(terminal);
    }

    private void cancelUpstream() {
        Subscription upstream = subscription;
        if (upstream != null) {
            upstream.cancel();
        }
    }

    private Milestone.Figures figures() {
        return answer.figures(target, attempts, timers.nanoTime());
    }

    private StreamEvent failed(GatewayError error, Milestone.Figures figures) {
        return new StreamEvent.Failed(error, answer.committed(), figures.usage(), figures.usageEstimated());
    }

    private void tell(Progress progress, String message, @Nullable Duration retryIn) {
        log(new StreamEvent.Status(progress, message, attempts, log.info().model(), retryIn));
    }

    private void log(StreamEvent.Status status) {
        lastEventNanos = timers.nanoTime();
        log.append(status);
    }
}
