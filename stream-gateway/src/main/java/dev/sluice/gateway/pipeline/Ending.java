package dev.sluice.gateway.pipeline;

import dev.sluice.gateway.admission.Permit;
import dev.sluice.gateway.generation.ErrorCode;
import dev.sluice.gateway.generation.GatewayError;
import dev.sluice.gateway.generation.Milestone;
import dev.sluice.gateway.generation.Milestone.AbortedBy;
import dev.sluice.gateway.generation.Milestones;
import dev.sluice.gateway.generation.Session;
import dev.sluice.gateway.generation.StreamEvent;
import dev.sluice.gateway.generation.Target;
import dev.sluice.gateway.log.StreamLog;
import dev.sluice.gateway.time.Timers;
import dev.sluice.stream.FinishReason;
import dev.sluice.stream.TokenUsage;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The end of one generation: tells how it ended, and gives back what it held. Comes once, which whoever brings it about sees to
 * by {@link #hasCome}. On the generation's context.
 */
final class Ending {

    private final StreamLog log;
    private final Session session;
    private final Timers timers;
    private final AnswerBuilder answer;
    private final Chronicle chronicle;
    private final Milestones milestones;
    private final Held held;
    private Timers.@Nullable Alarm totalAlarm;
    private boolean come;

    /**
     * What has to be given back at the end.
     *
     * @param permit the right to run, or to wait for it
     * @param forget takes the generation out of the list of running ones
     */
    record Held(Permit permit, Runnable forget) {}

    Ending(StreamLog log, Timers timers, AnswerBuilder answer, Chronicle chronicle, Milestones milestones, Held held) {
        this.log = log;
        this.session = log.session();
        this.timers = timers;
        this.answer = answer;
        this.chronicle = chronicle;
        this.milestones = milestones;
        this.held = held;
    }

    /** Whether it has come. */
    boolean hasCome() {
        return come;
    }

    /** Sets the total clock: unless the end has come by then, it has to be brought about. */
    void within(Duration total, Runnable late) {
        totalAlarm = timers.after(total, late);
    }

    /** The answer is whole. */
    void completed(Target from, FinishReason reason) {
        chronicle.finished();
        Milestone.Figures figures = chronicle.figures();
        session.completed(figures);
        end(
                new StreamEvent.Completed(answer.build(from, chronicle.attempts(), reason, timers.nanoTime())),
                new Milestone.Completed(log.info(), figures, reason),
                () -> tokens(figures));
    }

    /** The stream ends with an error. */
    void failed(GatewayError error) {
        Milestone.Figures figures = chronicle.figures();
        session.failed(figures, error.code());
        end(failed(error, figures), new Milestone.Failed(log.info(), figures, error), () -> tokens(figures));
    }

    /** The stream is ended early. */
    void aborted(AbortedBy by) {
        Milestone.Figures figures = chronicle.figures();
        session.aborted(figures, by);
        end(
                failed(GatewayError.of(ErrorCode.CANCELLED, reason(by)), figures),
                new Milestone.Aborted(log.info(), figures, by),
                () -> tokensUntilAbort(figures));
    }

    private static String reason(AbortedBy by) {
        return switch (by) {
            case CALLER -> "The stream was aborted.";
            case DISCONNECT -> "The stream was aborted, since nobody read it any more.";
            case IDLE -> "The stream was aborted, since nobody read it and nothing happened.";
            case SHUTDOWN -> "The stream was aborted, since the gateway stops.";
        };
    }

    private StreamEvent failed(GatewayError error, Milestone.Figures figures) {
        return new StreamEvent.Failed(error, answer.committed(), figures.usage(), figures.usageEstimated());
    }

    private static long tokens(Milestone.Figures figures) {
        TokenUsage usage = figures.usage();
        return usage == null ? 0 : usage.totalTokens();
    }

    /** A provider that was asked has read the prompt, even where nothing came of it. */
    private long tokensUntilAbort(Milestone.Figures figures) {
        return figures.usage() == null && chronicle.attempts() > 0 ? answer.promptTokens() : tokens(figures);
    }

    /** The one finaliser. */
    private void end(StreamEvent terminal, Milestone last, LongSupplier usedTokens) {
        come = true;
        Timers.Alarm alarm = totalAlarm;
        if (alarm != null) {
            alarm.cancel();
        }
        held.permit().end(usedTokens);
        held.forget().run();
        milestones.reached(last);
        log.append(terminal);
    }
}
