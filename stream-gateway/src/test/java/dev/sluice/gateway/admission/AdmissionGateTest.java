package dev.sluice.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.admission.Admission.Admitted;
import dev.sluice.gateway.admission.Admission.Refused;
import dev.sluice.gateway.admission.HeapLevel.Reading;
import dev.sluice.gateway.generation.Caller;
import dev.sluice.gateway.generation.ErrorCode;
import dev.sluice.gateway.generation.GatewayError;
import dev.sluice.gateway.generation.GatewayException;
import dev.sluice.gateway.time.VirtualTimers;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AdmissionGateTest {

    private static final Caller ALICE = new Caller("alice");
    private static final Caller BOB = new Caller("bob");
    private static final Caller CAROL = new Caller("carol");

    private final VirtualTimers timers = new VirtualTimers();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Map<Caller, Allowance> allowances = new HashMap<>();
    private Reading heap = new Reading(1, 0.5);

    private AdmissionGate gate(int maxStreams, int queue) {
        return Gates.gate(
                Map.of(
                        "sluice.admission.max-streams",
                        String.valueOf(maxStreams),
                        "sluice.admission.queue.size",
                        String.valueOf(queue),
                        "sluice.admission.queue.deadline",
                        "5s",
                        "sluice.admission.retry-after",
                        "3s"),
                caller -> allowances.getOrDefault(caller, Allowance.unlimited(caller.name())),
                Optional.of(() -> heap),
                timers,
                meters);
    }

    private void limit(Caller caller, int maxStreams) {
        allowances.put(
                caller, new Allowance(caller.name(), Optional.of(maxStreams), Optional.empty(), Optional.empty()));
    }

    @Test
    void admitsAsManyAsMayRunAndRefusesOneMore() {
        AdmissionGate gate = gate(2, 0);
        admit(gate, ALICE);
        admit(gate, BOB);

        GatewayError refusal = refuse(gate, CAROL);

        assertThat(refusal.code()).isEqualTo(ErrorCode.OVERLOADED);
        assertThat(refusal.retryAfter()).isEqualTo(Duration.ofSeconds(3));
        assertThat(gate.inUse()).as("a refusal takes no place").isEqualTo(2);
        assertThat(refusals("streams")).isEqualTo(1);
    }

    @Test
    void admitsAgainWhenAPermitComesBackAndCountsOneThatComesBackTwiceOnce() {
        AdmissionGate gate = gate(2, 0);
        Permit first = admit(gate, ALICE);
        admit(gate, ALICE);

        first.close();
        first.end(() -> 5);
        first.close();

        assertThat(gate.inUse()).isEqualTo(1);
        admit(gate, ALICE);
        refuse(gate, ALICE);
    }

    @Test
    void aCallerAtItsOwnLimitIsRefusedWhileOthersAreNot() {
        AdmissionGate gate = gate(10, 0);
        limit(ALICE, 1);
        admit(gate, ALICE);

        assertThat(refuse(gate, ALICE).code()).isEqualTo(ErrorCode.RATE_LIMIT);
        admit(gate, BOB);
        assertThat(streams("alice")).isEqualTo(1);
        assertThat(streams("bob")).isEqualTo(1);
        assertThat(streams("all")).isEqualTo(2);
        assertThat(refusals("caller_streams")).isEqualTo(1);
    }

    @Test
    void freePlacesGoRoundTheCallersWhoWait() {
        AdmissionGate gate = gate(1, 10);
        List<String> order = new ArrayList<>();
        Permit first = admit(gate, CAROL);
        List<Permit> flood = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            flood.add(waits(gate, ALICE, "alice" + i, order));
        }
        Permit one = waits(gate, BOB, "bob0", order);
        Permit two = waits(gate, BOB, "bob1", order);
        assertThat(gate.queued()).isEqualTo(6);

        first.end(() -> 0);
        for (Permit next : List.of(flood.get(0), one, flood.get(1), two, flood.get(2), flood.get(3))) {
            next.end(() -> 0);
        }

        assertThat(order).containsExactly("alice0", "bob0", "alice1", "bob1", "alice2", "alice3");
        assertThat(gate.inUse() + gate.queued() + timers.pending() - 1).isZero();
    }

    @Test
    void aFreePlacePassesByWhoMayNotRunMore() {
        AdmissionGate gate = gate(2, 10);
        limit(ALICE, 1);
        List<String> order = new ArrayList<>();
        Permit running = admit(gate, ALICE);
        Permit other = admit(gate, BOB);
        waits(gate, ALICE, "alice", order);
        waits(gate, CAROL, "carol", order);

        other.end(() -> 0);
        assertThat(order).containsExactly("carol");
        running.end(() -> 0);
        assertThat(order).containsExactly("carol", "alice");
    }

    @Test
    void aFullQueueMakesRoomForACallerWithAShorterLine() {
        AdmissionGate gate = gate(1, 3);
        List<String> order = new ArrayList<>();
        admit(gate, CAROL);
        for (int i = 0; i < 3; i++) {
            waits(gate, ALICE, "alice" + i, order);
        }

        assertThat(refuse(gate, ALICE).code()).isEqualTo(ErrorCode.OVERLOADED);
        waits(gate, BOB, "bob0", order);

        assertThat(order).containsExactly("alice2 OVERLOADED");
        assertThat(refuse(gate, BOB).code()).as("its line would become as long").isEqualTo(ErrorCode.OVERLOADED);
        assertThat(gate.queued()).isEqualTo(3);
        assertThat(refusals("queue_full")).isEqualTo(3);
    }

    @Test
    void whoWaitsTooLongIsRefusedAndTakesNoPlace() {
        AdmissionGate gate = gate(1, 2);
        List<String> order = new ArrayList<>();
        Permit running = admit(gate, ALICE);
        Permit waiting = waits(gate, BOB, "bob", order);

        timers.advance(Duration.ofMillis(4_999));
        assertThat(order).isEmpty();
        timers.advance(Duration.ofMillis(1));

        assertThat(order).containsExactly("bob OVERLOADED");
        assertThat(refusals("queue_deadline")).isEqualTo(1);
        assertThat(gate.queued()).isZero();
        waiting.end(() -> 0);
        running.end(() -> 0);
        assertThat(gate.inUse()).isZero();
        assertThat(order).hasSize(1);
    }

    @Test
    void whoLeavesTheQueueIsNeverCalled() {
        AdmissionGate gate = gate(1, 2);
        List<String> order = new ArrayList<>();
        Permit running = admit(gate, ALICE);
        Permit left = waits(gate, BOB, "bob", order);
        waits(gate, CAROL, "carol", order);

        left.close();
        running.end(() -> 0);
        timers.advance(Duration.ofMinutes(1));

        assertThat(order).containsExactly("carol");
        assertThat(gate.inUse()).isEqualTo(1);
    }

    @Test
    void refusesWhoStartsTooOftenAndSaysForHowLong() {
        AdmissionGate gate = gate(10, 0);
        allowances.put(ALICE, new Allowance("alice", Optional.empty(), Optional.of(new Rate(60, 2)), Optional.empty()));
        admit(gate, ALICE).end(() -> 0);
        admit(gate, ALICE).end(() -> 0);

        GatewayError refusal = refuse(gate, ALICE);

        assertThat(refusal.code()).isEqualTo(ErrorCode.RATE_LIMIT);
        assertThat(refusal.retryAfter()).isEqualTo(Duration.ofSeconds(1));
        assertThat(refusals("caller_requests")).isEqualTo(1);
        admit(gate, BOB);
        timers.advance(Duration.ofSeconds(1));
        admit(gate, ALICE);
    }

    @Test
    void tokensAreReservedAndThenSettledOnce() {
        AdmissionGate gate = gate(10, 0);
        allowances.put(
                ALICE, new Allowance("alice", Optional.empty(), Optional.empty(), Optional.of(new Rate(60, 1_000))));
        Permit permit = admit(gate, ALICE, 900);
        assertThat(tokens(gate, ALICE)).isEqualTo(100);

        assertThat(refuse(gate, ALICE, 200).retryAfter()).isEqualTo(Duration.ofSeconds(100));
        permit.end(() -> 10);
        permit.end(() -> 500);
        assertThat(tokens(gate, ALICE))
                .as("of 900 reserved tokens 10 were used")
                .isEqualTo(990);

        admit(gate, ALICE, 100).end(() -> 1_490);
        assertThat(tokens(gate, ALICE)).isZero();
        assertThat(refuse(gate, ALICE, 0).retryAfter())
                .as("more than was reserved is taken, and waited for")
                .isEqualTo(Duration.ofSeconds(500));
    }

    @Test
    void whatNeverRanCostsNothing() {
        AdmissionGate gate = gate(1, 1);
        allowances.put(
                ALICE,
                new Allowance("alice", Optional.empty(), Optional.of(new Rate(1, 9)), Optional.of(new Rate(1, 100))));
        Permit running = admit(gate, BOB);
        Permit waiting = permit(gate.enter(ALICE, () -> 60));
        assertThat(tokens(gate, ALICE)).isEqualTo(40);

        timers.advance(Duration.ofSeconds(5));
        assertThat(tokens(gate, ALICE)).as("refused").isEqualTo(100);
        permit(gate.enter(ALICE, () -> 60)).end(() -> 60);
        assertThat(tokens(gate, ALICE)).as("left the queue").isEqualTo(100);
        running.end(() -> 0);
        admit(gate, ALICE, 60).close();

        assertThat(tokens(gate, ALICE)).as("given back unused").isEqualTo(100);
        assertThat(gate.standing(ALICE).requests().orElseThrow().remaining()).isEqualTo(9);
        waiting.close();
        assertThat(gate.inUse()).isZero();
    }

    @Test
    void tokensAreNotEstimatedForWhoHasNoLimit() {
        AdmissionGate gate = gate(1, 0);

        permit(gate.enter(ALICE, () -> {
                    throw new AssertionError("asked");
                }))
                .end(() -> {
                    throw new AssertionError("asked");
                });

        assertThat(gate.standing(ALICE)).isEqualTo(new Standing(Optional.empty(), Optional.empty()));
    }

    @Test
    void refusesWhileTheHeapIsFullAndLetsRunningOnesGoOn() {
        AdmissionGate gate = gate(10, 5);
        List<Permit> running = List.of(admit(gate, ALICE), admit(gate, ALICE), admit(gate, ALICE), admit(gate, ALICE));

        heap(2, 0.91);
        assertThat(refuse(gate, BOB).code()).isEqualTo(ErrorCode.OVERLOADED);
        heap(3, 0.81);
        refuse(gate, BOB);
        heap(4, 0.79);
        Permit more = admit(gate, BOB);

        assertThat(refusals("memory")).isEqualTo(2);
        running.forEach(Permit::close);
        more.close();
    }

    /** Where nothing runs nothing is collected, and the last figure would stand for ever. */
    @Test
    void admitsAgainWhenHalfOfTheStreamsHaveEndedWithoutACollection() {
        AdmissionGate gate = gate(10, 5);
        List<Permit> running = List.of(admit(gate, ALICE), admit(gate, ALICE), admit(gate, ALICE), admit(gate, ALICE));
        heap(2, 0.95);
        refuse(gate, BOB);

        running.get(0).close();
        timers.advance(Duration.ofSeconds(1));
        refuse(gate, BOB);
        running.get(1).close();
        timers.advance(Duration.ofSeconds(2));
        admit(gate, BOB);

        heap(3, 0.95);
        refuse(gate, BOB);
    }

    @Test
    void whoWaitedComesFirstWhenThereIsMemoryAgain() {
        AdmissionGate gate = gate(1, 5);
        List<String> order = new ArrayList<>();
        Permit running = admit(gate, ALICE);
        waits(gate, BOB, "bob", order);
        heap(2, 0.95);
        running.close();
        assertThat(order).isEmpty();

        heap(3, 0.1);
        waits(gate, CAROL, "carol", order);

        assertThat(order).containsExactly("bob");
    }

    /** However calls meet, every place comes back, nobody is called twice, and never more run than may. */
    @Test
    void nothingIsLostInTenThousandInterleavings() throws Exception {
        long seed = System.nanoTime();
        System.out.println("AdmissionGateTest seed " + seed);
        AdmissionGate gate = gate(3, 6);
        limit(ALICE, 2);
        allowances.put(BOB, new Allowance("bob", Optional.empty(), Optional.empty(), Optional.of(new Rate(1, 1_000))));
        Random seeds = new Random(seed);
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (int round = 0; round < 25; round++) {
                CountDownLatch start = new CountDownLatch(1);
                List<AtomicInteger> turns = Collections.synchronizedList(new ArrayList<>());
                AtomicReference<@Nullable Permit> shared = new AtomicReference<>();
                List<Future<?>> work = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    Random random = new Random(seeds.nextLong());
                    work.add(threads.submit(() -> {
                        start.await();
                        for (int call = 0; call < 100; call++) {
                            interleave(gate, random, turns, shared);
                        }
                        return null;
                    }));
                }
                start.countDown();
                timers.advance(Duration.ofSeconds(seeds.nextInt(7)));
                for (Future<?> done : work) {
                    done.get();
                }
                assertThat(turns)
                        .as("seed %d", seed)
                        .allSatisfy(calls -> assertThat(calls.get()).isLessThan(2));
                assertThat(gate.inUse()).as("seed %d", seed).isZero();
                assertThat(gate.queued()).as("seed %d", seed).isZero();
                assertThat(timers.pending())
                        .as("seed %d: only memory is watched", seed)
                        .isEqualTo(1);
                assertThat(tokens(gate, BOB)).as("seed %d", seed).isEqualTo(1_000);
            }
        }
    }

    private static void interleave(
            AdmissionGate gate, Random random, List<AtomicInteger> turns, AtomicReference<@Nullable Permit> shared) {
        Caller caller = List.of(ALICE, BOB, CAROL).get(random.nextInt(3));
        if (gate.enter(caller, () -> 10) instanceof Admitted(Permit permit)) {
            AtomicInteger calls = new AtomicInteger();
            turns.add(calls);
            permit.turn().onComplete(_ -> calls.incrementAndGet());
            assertThat(gate.inUse()).isLessThanOrEqualTo(3);
            shared.set(permit);
            if (random.nextBoolean()) {
                Thread.onSpinWait();
            }
            // Most often another thread's, which gives it back at this moment too.
            Permit theirs = shared.get();
            if (theirs != null) {
                theirs.close();
            }
            permit.end(() -> 0);
        }
    }

    private void heap(int collections, double used) {
        heap = new Reading(collections, used);
        timers.advance(Duration.ofSeconds(1));
    }

    private static Permit admit(AdmissionGate gate, Caller caller) {
        return admit(gate, caller, 0);
    }

    private static Permit admit(AdmissionGate gate, Caller caller, long tokens) {
        Permit permit = permit(gate.enter(caller, () -> tokens));
        assertThat(permit.turn().succeeded()).as("at once").isTrue();
        return permit;
    }

    private static Permit waits(AdmissionGate gate, Caller caller, String name, List<String> order) {
        Permit permit = permit(gate.enter(caller, () -> 0));
        assertThat(permit.turn().isComplete()).isFalse();
        permit.turn()
                .onSuccess(_ -> order.add(name))
                .onFailure(failure -> order.add(
                        name + " " + ((GatewayException) failure).error().code()));
        return permit;
    }

    private static Permit permit(Admission admission) {
        assertThat(admission).isInstanceOf(Admitted.class);
        return ((Admitted) admission).permit();
    }

    private static GatewayError refuse(AdmissionGate gate, Caller caller) {
        return refuse(gate, caller, 0);
    }

    private static GatewayError refuse(AdmissionGate gate, Caller caller, long tokens) {
        Admission admission = gate.enter(caller, () -> tokens);
        assertThat(admission).isInstanceOf(Refused.class);
        return ((Refused) admission).error();
    }

    private static long tokens(AdmissionGate gate, Caller caller) {
        return gate.standing(caller).tokens().orElseThrow().remaining();
    }

    private double refusals(String reason) {
        return meters.get("sluice.admission.refused")
                .tag("reason", reason)
                .counter()
                .count();
    }

    private double streams(String caller) {
        return meters.get("sluice.admission.streams")
                .tag("caller", caller)
                .gauge()
                .value();
    }
}
