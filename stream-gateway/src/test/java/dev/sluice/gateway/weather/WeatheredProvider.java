package dev.sluice.gateway.weather;

import dev.sluice.gateway.time.Timers;
import dev.sluice.provider.ChatRequest;
import dev.sluice.provider.Endpoint;
import dev.sluice.provider.ModelProvider;
import dev.sluice.provider.ProviderException;
import dev.sluice.provider.ProviderFailure;
import dev.sluice.stream.Chunk;
import dev.sluice.stream.FinishReason;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.MultiEmitter;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** All providers of a simulation. Answers as the weather is when the call comes; each chunk says which of which call it is. */
final class WeatheredProvider implements ModelProvider {

    private final Timers timers;
    private final List<Spell> spells;
    private final RandomGenerator random;
    private final long startedNanos;
    private final Map<String, Integer> open = new HashMap<>();
    private int calls;
    private int callsInBadWeather;

    WeatheredProvider(Timers timers, List<Spell> spells, RandomGenerator random) {
        this.timers = timers;
        this.spells = spells;
        this.random = random;
        this.startedNanos = timers.nanoTime();
    }

    @Override
    public String adapter() {
        return "simulator";
    }

    @Override
    public Multi<Chunk> stream(Endpoint endpoint, String model, ChatRequest request) {
        return Multi.createFrom().emitter(emitter -> new Call(endpoint.name(), emitter).begin());
    }

    int calls() {
        return calls;
    }

    /** Returns how many calls met a provider in a spell that hit them. */
    int callsInBadWeather() {
        return callsInBadWeather;
    }

    /** Returns how many calls have not ended. */
    int open() {
        return open.values().stream().mapToInt(Integer::intValue).sum();
    }

    private Answer answer(String provider) {
        Duration at = Duration.ofNanos(timers.nanoTime() - startedNanos);
        int now = open.getOrDefault(provider, 0);
        double chance = random.nextDouble();
        for (Spell spell : spells) {
            if (spell.hits(provider, at, now, chance)) {
                callsInBadWeather++;
                return spell.answer();
            }
        }
        return Answer.FAIR;
    }

    /** One upstream call. */
    private final class Call {

        private final String provider;
        private final MultiEmitter<? super Chunk> emitter;
        private final int number = ++calls;
        private final Answer answer;
        private Timers.Alarm alarm;
        private int sent;

        Call(String provider, MultiEmitter<? super Chunk> emitter) {
            this.provider = provider;
            this.emitter = emitter;
            this.answer = answer(provider);
            this.alarm = () -> {};
        }

        void begin() {
            open.merge(provider, 1, Integer::sum);
            emitter.onTermination(() -> {
                open.merge(provider, -1, Integer::sum);
                alarm.cancel();
            });
            if (answer.accepts()) {
                emitter.emit(new Chunk.Started("call-" + number, provider));
            }
            alarm = timers.after(answer.first(), this::next);
        }

        private void next() {
            if (sent < answer.chunks()) {
                emitter.emit(new Chunk.TextDelta(number + "." + sent++ + " "));
            }
            if (sent < answer.chunks()) {
                alarm = timers.after(Answer.PACE, this::next);
                return;
            }
            ProviderFailure failure = answer.failure();
            if (failure != null) {
                emitter.fail(new ProviderException(failure));
            } else {
                emitter.emit(new Chunk.Finished(FinishReason.STOP));
                emitter.complete();
            }
        }
    }
}
