package dev.sluice.gateway.pipeline;

import dev.sluice.gateway.admission.Admission;
import dev.sluice.gateway.admission.AdmissionGate;
import dev.sluice.gateway.admission.Permit;
import dev.sluice.gateway.generation.Caller;
import dev.sluice.gateway.generation.ErrorCode;
import dev.sluice.gateway.generation.GatewayException;
import dev.sluice.gateway.generation.GenerationInfo;
import dev.sluice.gateway.generation.Milestone.AbortedBy;
import dev.sluice.gateway.generation.Milestones;
import dev.sluice.gateway.generation.Session.State;
import dev.sluice.gateway.generation.StreamKey;
import dev.sluice.gateway.generation.Target;
import dev.sluice.gateway.log.StreamLog;
import dev.sluice.gateway.log.StreamLogs;
import dev.sluice.gateway.resilience.TargetChain;
import dev.sluice.gateway.routing.Router;
import dev.sluice.gateway.time.Timers;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;

/** What happens to a request, in order: admitted, routed, attempted, transformed, logged. */
@Singleton
public final class GenerationPipeline {

    private static final Logger LOG = Logger.getLogger(GenerationPipeline.class);

    private final AdmissionGate gate;
    private final Router router;
    private final TargetChain targets;
    private final StreamLogs logs;
    private final Milestones milestones;
    private final Vertx vertx;
    private final Timers timers;
    private final PipelineLimits limits;
    private final Map<StreamKey, Generation> running = new ConcurrentHashMap<>();

    GenerationPipeline(
            AdmissionGate gate,
            Router router,
            TargetChain targets,
            StreamLogs logs,
            Milestones milestones,
            Vertx vertx,
            Timers timers,
            PipelineLimits limits,
            MeterRegistry meters) {
        this.gate = gate;
        this.router = router;
        this.targets = targets;
        this.logs = logs;
        this.milestones = milestones;
        this.vertx = vertx;
        this.timers = timers;
        this.limits = limits;
        meters.gaugeMapSize("sluice.streams.active", Tags.empty(), running);
        meters.gauge("sluice.streams.readers", running, GenerationPipeline::readers);
        for (State state : State.values()) {
            if (!state.terminal()) {
                Tags tags = Tags.of("state", state.wireName());
                meters.gauge("sluice.streams.state", tags, running, all -> count(all, state));
            }
        }
    }

    /**
     * Starts a generation on the current Vert.x context, or joins the one that the same caller started by the same request
     * under the same name.
     *
     * @return the log in which the answer appears
     * @throws GatewayException when the request is refused; then nothing has happened
     */
    public StreamLog start(GenerationRequest request) {
        StreamKey key = new StreamKey(request.caller(), request.id());
        Optional<StreamLog> known = request.digest() == null ? Optional.empty() : logs.find(key);
        return known.map(log -> join(log, request)).orElseGet(() -> admit(key, request));
    }

    private StreamLog admit(StreamKey key, GenerationRequest request) {
        List<Target> route =
                targets.admit(router.route(request.model(), request.fallbacks(), request.stickyKey()), request.chat());
        return switch (gate.enter(
                request.caller(), () -> TokenReserve.of(request.chat(), limits.assumedOutputTokens()))) {
            case Admission.Refused refused -> throw new GatewayException(refused.error());
            case Admission.Admitted admitted -> start(key, request, route, admitted.permit());
        };
    }

    /** Ends a running generation early. Does nothing where there is none. */
    public void abort(StreamKey key) {
        Generation generation = running.get(key);
        if (generation != null) {
            var _ = generation.abort(AbortedBy.CALLER);
        }
    }

    /**
     * Ends every running generation of these callers.
     *
     * @return completed once they have ended, with how many this call ended
     */
    public Future<Integer> abortAll(Collection<Caller> owners) {
        Set<Caller> whose = Set.copyOf(owners);
        List<Future<Boolean>> aborts = new ArrayList<>();
        running.forEach((key, generation) -> {
            if (whose.contains(key.owner())) {
                aborts.add(generation.abort(AbortedBy.CALLER));
            }
        });
        return Future.join(aborts).map(all ->
                (int) all.<Boolean>list().stream().filter(mine -> mine).count());
    }

    /** Waits a little, so that what the ends of the streams report still goes out. */
    void abortAll(@Observes ShutdownDelayInitiatedEvent stopping) {
        List<Future<Boolean>> aborts = running.values().stream()
                .map(generation -> generation.abort(AbortedBy.SHUTDOWN))
                .toList();
        try {
            Future.join(aborts).toCompletionStage().toCompletableFuture().get(2, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("Not every stream was ended in good order", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private StreamLog start(StreamKey key, GenerationRequest request, List<Target> route, Permit permit) {
        GenerationInfo info = new GenerationInfo(
                key, request.model(), request.endpoint(), request.streamed(), request.digest(), Instant.now());
        Context context = vertx.getOrCreateContext();
        ReaderWatch watch = new ReaderWatch(context, timers, request.onDisconnect(), limits.idle());
        StreamLog log = logs.open(info, watch).orElse(null);
        if (log == null) {
            permit.close();
            return logs.find(key).map(other -> join(other, request)).orElseThrow(GenerationPipeline::conflict);
        }
        Generation generation = new Generation(
                log,
                context,
                timers,
                new AnswerBuilder(request.chat().messages(), limits.maxTextBytes(), timers.nanoTime()),
                router.transforms(request.model(), request.fallbacks()).then(request.transforms()),
                request.onInterrupt(),
                milestones,
                new Ending.Held(permit, () -> {
                    running.remove(key);
                    watch.forget();
                }));
        running.put(key, generation);
        watch.watch(generation);
        generation.run(targets.stream(route, request.chat(), generation.chronicle()), limits.total(request.model()));
        return log;
    }

    private static StreamLog join(StreamLog log, GenerationRequest request) {
        if (request.digest() == null || !request.digest().equals(log.info().requestDigest())) {
            throw conflict();
        }
        return log;
    }

    private static GatewayException conflict() {
        return GatewayException.of(
                ErrorCode.CONFLICT, "There is another stream of this name, started by a different request.");
    }

    private static double readers(Map<StreamKey, Generation> running) {
        return running.values().stream().mapToInt(Generation::readers).sum();
    }

    private static double count(Map<StreamKey, Generation> running, State state) {
        return running.values().stream()
                .filter(generation -> generation.session().standing().state() == state)
                .count();
    }
}
