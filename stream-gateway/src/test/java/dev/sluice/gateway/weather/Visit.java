package dev.sluice.gateway.weather;

import dev.sluice.gateway.generation.GatewayError;
import dev.sluice.gateway.generation.Target;
import dev.sluice.gateway.resilience.AttemptObserver;
import dev.sluice.gateway.resilience.GivenChain;
import dev.sluice.gateway.time.Timers;
import dev.sluice.provider.Beginning;
import dev.sluice.stream.Chunk;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** One request and what its caller saw. */
final class Visit implements AttemptObserver {

    private final GivenChain chain;
    private final Timers timers;
    private final List<String> text = new ArrayList<>();
    private long begunNanos;
    private long lastDeltaNanos;
    private int attempts;
    private boolean finished;
    private boolean answered;
    private @Nullable Duration took;

    Visit(GivenChain chain, Timers timers) {
        this.chain = chain;
        this.timers = timers;
    }

    void begin() {
        begunNanos = timers.nanoTime();
        lastDeltaNanos = begunNanos;
        chain.ask(Weather.MODEL, this).subscribe().with(this::take, _ -> end(false), () -> end(true));
    }

    private void take(Chunk chunk) {
        if (chunk instanceof Chunk.TextDelta delta) {
            text.add(delta.text().strip());
            lastDeltaNanos = timers.nanoTime();
        }
        finished |= chunk instanceof Chunk.Finished;
    }

    private void end(boolean whole) {
        if (took != null) {
            throw new IllegalStateException("A second end.");
        }
        answered = whole;
        took = Duration.ofNanos(timers.nanoTime() - begunNanos);
    }

    boolean ended() {
        return took != null;
    }

    boolean answered() {
        return answered;
    }

    @Override
    public int attempts() {
        return attempts;
    }

    /** Returns how long it was from the request to its end. */
    Duration took() {
        if (took == null) {
            throw new IllegalStateException("Not ended.");
        }
        return took;
    }

    /** Whether its text is that of one call, from its beginning, with nothing left out or said twice; all of it if it was answered. */
    boolean faithful() {
        if (answered && text.size() != Answer.WHOLE) {
            return false;
        }
        String call = text.isEmpty()
                ? ""
                : text.getFirst().substring(0, text.getFirst().indexOf('.'));
        return text.equals(IntStream.range(0, text.size())
                .mapToObj(chunk -> call + "." + chunk)
                .toList());
    }

    @Override
    public void attemptStarted(Target target) {
        attempts++;
    }

    @Override
    public void attemptFailed(Target target, GatewayError error, int upstreamStatus, @Nullable Duration retryIn) {}

    @Override
    public void fallingBack(Target next) {}

    @Override
    public boolean committed() {
        return !text.isEmpty();
    }

    @Override
    public long lastDeltaNanos() {
        return lastDeltaNanos;
    }

    @Override
    public boolean satisfied() {
        return finished;
    }

    @Override
    public boolean interrupted(GatewayError error) {
        return false;
    }

    @Override
    public Optional<Beginning> beginning() {
        return Optional.empty();
    }
}
