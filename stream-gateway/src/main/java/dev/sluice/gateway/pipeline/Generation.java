package dev.sluice.gateway.pipeline;

import dev.sluice.gateway.admission.Permit;
import dev.sluice.gateway.generation.ErrorCode;
import dev.sluice.gateway.generation.GatewayError;
import dev.sluice.gateway.generation.GatewayException;
import dev.sluice.gateway.generation.Milestone;
import dev.sluice.gateway.generation.Milestone.AbortedBy;
import dev.sluice.gateway.generation.Milestones;
import dev.sluice.gateway.generation.StreamEvent;
import dev.sluice.gateway.generation.StreamEvent.Progress;
import dev.sluice.gateway.generation.Target;
import dev.sluice.gateway.log.StreamLog;
import dev.sluice.gateway.resilience.AttemptObserver;
import dev.sluice.gateway.time.Timers;
import dev.sluice.provider.Phase;
import dev.sluice.stream.Chunk;
import dev.sluice.stream.FinishReason;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.MultiSubscriber;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Flow.Subscription;
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
    private final Context context;
    private final Timers timers;
    private final AnswerBuilder answer;
    private final Milestones milestones;
    private final Ending ending;
    private Timers.@Nullable Alarm totalAlarm;
    private @Nullable Subscription subscription;
    private @Nullable Target target;
    private int attempts;
    private int wanted;
    private boolean ended;

    /**
     * What has to be given back at the end.
     *
     * @param permit the right to run
     * @param forget takes the generation out of the list of running ones
     */
    record Ending(Permit permit, Runnable forget) {

        void run() {
            permit.close();
            forget.run();
        }
    }

    Generation(
            StreamLog log, Context context, Timers timers, AnswerBuilder answer, Milestones milestones, Ending ending) {
        this.log = log;
        this.context = context;
        this.timers = timers;
        this.answer = answer;
        this.milestones = milestones;
        this.ending = ending;
    }

    /** Begins. On the generation's context. */
    void run(Multi<Chunk> chunks, Duration total) {
        log.append(status(Progress.ACCEPTED, "Accepted", null));
        milestones.reached(new Milestone.Started(log.info()));
        totalAlarm = timers.after(total, () -> timedOut(total));
        chunks.subscribe().withSubscriber(this);
    }

    /**
     * Ends the stream early and closes its upstream call; does nothing after the end.
     *
     * @return completed once that is done
     */
    Future<Void> abort(AbortedBy by) {
        Promise<Void> done = Promise.promise();
        context.runOnContext(_ -> {
            abortHere(by);
            done.complete();
        });
        return done.future();
    }

    private void abortHere(AbortedBy by) {
        if (!ended) {
            cancelUpstream();
            end(
                    new StreamEvent.Failed(
                            GatewayError.of(ErrorCode.CANCELLED, "The stream was aborted."), answer.committed()),
                    new Milestone.Aborted(log.info(), figures(), by));
        }
    }

    private void timedOut(Duration total) {
        if (!ended) {
            cancelUpstream();
            fail(new GatewayError(
                    ErrorCode.TIMEOUT,
                    ErrorCode.TIMEOUT.status(),
                    "The answer took longer than " + total.toSeconds() + " s.",
                    null,
                    null,
                    null,
                    committed() ? Phase.MID_STREAM : Phase.HEAD,
                    null));
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
        if (wanted == 0 && upstream != null && !log.full()) {
            wanted = BATCH;
            upstream.request(BATCH);
        }
    }

    /** The log has room again. On the generation's context. */
    void roomAgain() {
        if (!ended) {
            wantMore();
        }
    }

    @Override
    public void onItem(Chunk chunk) {
        if (ended) {
            return;
        }
        switch (chunk) {
            case Chunk.Started started -> answer.started(started);
            case Chunk.TextDelta delta -> append(answer.text(delta.text(), timers.nanoTime()));
            case Chunk.ReasoningDelta delta -> append(answer.reasoning(delta.text(), timers.nanoTime()));
            case Chunk.ToolCallDelta delta -> append(answer.toolCall(delta, timers.nanoTime()));
            case Chunk.UsageReported reported -> answer.usage(reported.usage());
            case Chunk.Finished finished -> answer.finished(finished.reason());
        }
        wanted--;
        wantMore();
    }

    @Override
    public void onFailure(Throwable failure) {
        if (failure instanceof GatewayException known) {
            fail(known.error());
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
            if (!committed()) {
                log.append(status(Progress.STREAMING, "Streaming", null));
            }
            end(
                    new StreamEvent.Completed(answer.build(from, attempts, reason, timers.nanoTime())),
                    new Milestone.Completed(log.info(), figures(), reason));
        }
    }

    @Override
    public void attemptStarted(Target to) {
        attempts++;
        target = to;
        log.append(status(Progress.CONNECTING, "Asking " + log.info().model(), null));
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
            log.append(status(
                    Progress.RETRYING, "Retrying in " + seconds + " s (attempt " + (attempts + 1) + ")", retryIn));
        }
    }

    @Override
    public void fallingBack(Target next) {
        log.append(status(Progress.FALLING_BACK, "Trying another model", null));
    }

    @Override
    public boolean committed() {
        return answer.committed();
    }

    /** The first delta is the commit point. */
    private void append(StreamEvent delta) {
        Target from = target;
        if (answer.chunks() == 1 && from != null) {
            log.append(status(Progress.STREAMING, "Streaming", null));
            milestones.reached(new Milestone.FirstChunk(log.info(), attempts, from, answer.timeToFirstChunk()));
        }
        log.append(delta);
    }

    private void fail(GatewayError error) {
        if (!ended) {
            end(new StreamEvent.Failed(error, answer.committed()), new Milestone.Failed(log.info(), figures(), error));
        }
    }

    /** The one finaliser. */
    private void end(StreamEvent terminal, Milestone last) {
        ended = true;
        Timers.Alarm alarm = totalAlarm;
        if (alarm != null) {
            alarm.cancel();
        }
        ending.run();
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

    private StreamEvent.Status status(Progress progress, String message, @Nullable Duration retryIn) {
        return new StreamEvent.Status(progress, message, attempts, log.info().model(), retryIn);
    }
}
