package dev.sluice.gateway.pipeline;

import dev.sluice.gateway.admission.Permit;
import dev.sluice.gateway.generation.ErrorCode;
import dev.sluice.gateway.generation.GatewayError;
import dev.sluice.gateway.generation.GatewayException;
import dev.sluice.gateway.generation.Milestone.AbortedBy;
import dev.sluice.gateway.generation.Milestones;
import dev.sluice.gateway.generation.Session;
import dev.sluice.gateway.generation.Session.State;
import dev.sluice.gateway.generation.Target;
import dev.sluice.gateway.log.StreamLog;
import dev.sluice.gateway.resilience.AttemptObserver;
import dev.sluice.gateway.time.Timers;
import dev.sluice.gateway.transform.Transforms;
import dev.sluice.provider.Phase;
import dev.sluice.stream.Chunk;
import dev.sluice.stream.FinishReason;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.MultiSubscriber;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.concurrent.Flow.Subscription;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One running generation: takes the chunks of its attempts into its log until the end, which comes exactly once. Of the way
 * there its {@link Chronicle} tells, of the end its {@link Ending}. Everything here runs on one Vert.x context, so nothing is
 * locked; {@link #abort} may be called from anywhere.
 */
final class Generation implements MultiSubscriber<Chunk> {

    private static final Logger LOG = Logger.getLogger(Generation.class);

    /** So many chunks may still come after the log was full. */
    private static final int BATCH = 32;

    private final StreamLog log;
    private final Context context;
    private final Permit permit;
    private final AnswerBuilder answer;
    private final Continuation continuation;
    private final Chronicle chronicle;
    private final Ending ending;
    private @Nullable Subscription subscription;
    private long maxTokens = Long.MAX_VALUE;
    private int wanted;

    Generation(
            StreamLog log,
            Context context,
            Timers timers,
            AnswerBuilder answer,
            Transforms transforms,
            OnInterrupt onInterrupt,
            Milestones milestones,
            Ending.Held held) {
        this.log = log;
        this.context = context;
        this.permit = held.permit();
        this.answer = answer;
        this.continuation = new Continuation(onInterrupt, transforms.open(this::transformed));
        this.chronicle = new Chronicle(log, timers, answer, continuation, milestones);
        this.ending = new Ending(log, timers, answer, chronicle, milestones, held);
    }

    /** Returns who has to be told of the attempts. */
    AttemptObserver chronicle() {
        return chronicle;
    }

    /**
     * Begins, or waits until it may. On the generation's context.
     *
     * @param chunks of the attempts, which begin with the subscription
     * @param total how long it may take from now on
     */
    void run(Multi<Chunk> chunks, Duration total) {
        Future<Void> turn = permit.turn();
        boolean atOnce = turn.succeeded();
        chronicle.begins(atOnce);
        ending.within(total, () -> timedOut(total));
        if (atOnce) {
            chunks.subscribe().withSubscriber(this);
        } else {
            turn.onComplete(come -> context.runOnContext(_ -> turnCame(come, chunks)));
        }
    }

    private void turnCame(AsyncResult<Void> come, Multi<Chunk> chunks) {
        if (ending.hasCome()) {
            return;
        }
        if (come.failed()) {
            onFailure(come.cause());
            return;
        }
        chronicle.accepted();
        chunks.subscribe().withSubscriber(this);
    }

    /** Whether it still waits for a place to run. */
    boolean queued() {
        return session().standing().state() == State.QUEUED;
    }

    /** Whether anybody reads it now. */
    boolean read() {
        return log.readers() > 0;
    }

    /** Returns how it stands. */
    Session session() {
        return log.session();
    }

    /** Returns how many read it now. */
    int readers() {
        return log.readers();
    }

    /** Returns when something was last logged. On the generation's context. */
    long lastEventNanos() {
        return chronicle.lastEventNanos();
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
        if (ending.hasCome()) {
            return false;
        }
        cancelUpstream();
        continuation.breakOff();
        ending.aborted(by);
        return true;
    }

    private void timedOut(Duration total) {
        if (!ending.hasCome()) {
            cancelUpstream();
            fail(GatewayError.of(ErrorCode.TIMEOUT, "The answer took longer than " + total.toSeconds() + " s.")
                    .withPhase(Phase.TOTAL));
        }
    }

    /**
     * Ends it early as soon as more has come than this. On the generation's context.
     *
     * @param further output tokens from now on, by estimate
     */
    void limitTokens(long further) {
        maxTokens = further == Long.MAX_VALUE ? further : answer.outputTokens() + further;
    }

    @Override
    public void onSubscribe(Subscription upstream) {
        subscription = upstream;
        wantMore();
    }

    /** Asks the provider for more unless the log has no room: then nothing is read of the upstream socket. */
    private void wantMore() {
        Subscription upstream = subscription;
        if (!ending.hasCome() && wanted == 0 && upstream != null && !log.full()) {
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
        if (ending.hasCome()) {
            return;
        }
        switch (chunk) {
            case Chunk.TextDelta delta -> chronicle.received(delta.text());
            case Chunk.ReasoningDelta delta -> chronicle.received(delta.text());
            case Chunk.ToolCallDelta delta -> chronicle.received(delta.arguments());
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
        Target from = chronicle.target();
        if (reason == null || from == null) {
            fail(GatewayError.of(ErrorCode.PARSE, "The provider's answer ended before its end."));
        } else if (!ending.hasCome()) {
            ending.completed(from, reason);
        }
    }

    private void fail(GatewayError error) {
        if (!ending.hasCome()) {
            continuation.breakOff();
            ending.failed(error);
        }
    }

    private void cancelUpstream() {
        Subscription upstream = subscription;
        if (upstream != null) {
            upstream.cancel();
        }
    }
}
