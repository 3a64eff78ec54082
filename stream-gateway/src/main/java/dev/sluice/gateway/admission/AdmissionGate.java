package dev.sluice.gateway.admission;

import dev.sluice.gateway.generation.Caller;
import dev.sluice.gateway.generation.GatewayException;
import dev.sluice.gateway.time.Timers;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.SequencedSet;
import java.util.function.LongSupplier;

/**
 * Decides which requests may run, and when. Thread-safe; no thread waits for a decision.
 *
 * <p>Whoever has no place at once may wait for one. Each caller's requests wait in their own line, and free places go round
 * the lines, past those whose caller already runs all that it may. When the queue is full, the last of the longest line gives
 * way to a caller with a shorter one, so that nobody can keep others out by asking often.
 */
@Startup
@Singleton
public final class AdmissionGate {

    private static final long FORGET_NANOS = 60_000_000_000L;

    private final AdmissionConfig config;
    private final Allowances allowances;
    private final MemoryPressure memory;
    private final Timers timers;
    private final MeterRegistry meters;
    private final int maxStreams;
    private final Object lock = new Object();
    private final Map<String, Account> accounts = new HashMap<>();
    private final SequencedSet<Account> lines = new LinkedHashSet<>();
    private int running;
    private int waiting;
    private long forgotNanos;

    AdmissionGate(
            AdmissionConfig config,
            Allowances allowances,
            OpenFiles files,
            MemoryPressure memory,
            Timers timers,
            MeterRegistry meters) {
        this.config = config;
        this.allowances = allowances;
        this.memory = memory;
        this.timers = timers;
        this.meters = meters;
        this.maxStreams = files.maxStreams(config.maxStreams(), config.queue().size());
        this.forgotNanos = timers.nanoTime();
        meters.gauge("sluice.admission.streams", limit("gateway", "all"), this, AdmissionGate::inUse);
        meters.gauge("sluice.admission.max.streams", this, gate -> gate.maxStreams);
        meters.gauge("sluice.admission.queue", this, AdmissionGate::queued);
        memory.watch(this::inUse);
    }

    /**
     * Asks for the right to run one more stream.
     *
     * @param tokens tells what it may cost; is asked only where the caller's tokens are limited
     */
    public Admission enter(Caller caller, LongSupplier tokens) {
        Allowance allowance = allowances.of(caller);
        long reserve = allowance.tokens().isPresent() ? tokens.getAsLong() : 0;
        synchronized (lock) {
            long now = timers.nanoTime();
            forgetIdle(now);
            // A place may have become free while nobody was let in for want of memory: it is for those who wait.
            serve();
            return decide(account(allowance, now), reserve, now);
        }
    }

    /** Returns how much of its rates a caller has left. */
    public Standing standing(Caller caller) {
        Allowance allowance = allowances.of(caller);
        synchronized (lock) {
            long now = timers.nanoTime();
            return account(allowance, now).standing(now);
        }
    }

    /** Returns how many permits are out, those that wait not counted. */
    public int inUse() {
        synchronized (lock) {
            return running;
        }
    }

    /** Returns how many requests wait for a place. */
    public int queued() {
        synchronized (lock) {
            return waiting;
        }
    }

    private Admission decide(Account account, long reserve, long now) {
        if (memory.shedding()) {
            return refused(Refusal.MEMORY, config.retryAfter());
        }
        long requestWait = account.requestWaitNanos(now);
        long tokenWait = account.tokenWaitNanos(reserve, now);
        if (requestWait > 0 || tokenWait > 0) {
            Refusal why = requestWait >= tokenWait ? Refusal.CALLER_REQUESTS : Refusal.CALLER_TOKENS;
            return refused(why, Duration.ofNanos(Math.max(requestWait, tokenWait)));
        }
        Permit permit = new Permit(this, account, reserve);
        if (running < maxStreams && account.hasRoom()) {
            account.reserve(reserve, now);
            run(permit);
            return new Admission.Admitted(permit);
        }
        if (config.queue().size() == 0) {
            return refused(account.hasRoom() ? Refusal.STREAMS : Refusal.CALLER_STREAMS, config.retryAfter());
        }
        if (waiting >= config.queue().size() && !displaceFor(account)) {
            return refused(account.hasRoom() ? Refusal.QUEUE_FULL : Refusal.CALLER_STREAMS, config.retryAfter());
        }
        account.reserve(reserve, now);
        permit.waits(timers.after(config.queue().deadline(), () -> expire(permit)));
        account.waiting().add(permit);
        lines.add(account);
        waiting++;
        return new Admission.Admitted(permit);
    }

    /** Makes the last of the longest line give way, unless the line of this account would then be as long. */
    private boolean displaceFor(Account account) {
        Account longest = lines.stream()
                .max(Comparator.comparingInt(line -> line.waiting().size()))
                .orElse(account);
        if (longest.waiting().size() <= account.waiting().size() + 1) {
            return false;
        }
        refuse(longest.waiting().getLast(), Refusal.QUEUE_FULL);
        return true;
    }

    private void expire(Permit permit) {
        synchronized (lock) {
            if (permit.state() == Permit.State.WAITING) {
                refuse(permit, permit.account().hasRoom() ? Refusal.QUEUE_DEADLINE : Refusal.CALLER_STREAMS);
            }
        }
    }

    private void refuse(Permit permit, Refusal why) {
        leaveLine(permit);
        permit.gone();
        permit.account().withdraw(permit.reservedTokens(), timers.nanoTime());
        count(why);
        permit.promise().fail(new GatewayException(why.error(config.retryAfter())));
    }

    /**
     * Takes a permit back.
     *
     * @param unused whether nothing was done with it
     */
    void leave(Permit permit, boolean unused, LongSupplier usedTokens) {
        Account account = permit.account();
        long used = account.countsTokens() && !unused ? usedTokens.getAsLong() : 0;
        synchronized (lock) {
            long now = timers.nanoTime();
            switch (permit.state()) {
                case GONE -> {
                    return;
                }
                case WAITING -> {
                    leaveLine(permit);
                    account.withdraw(permit.reservedTokens(), now);
                }
                case RUNNING -> {
                    running--;
                    account.ended();
                    if (unused) {
                        account.withdraw(permit.reservedTokens(), now);
                    } else {
                        account.settle(permit.reservedTokens(), used, now);
                    }
                }
            }
            permit.gone();
            serve();
        }
    }

    /** Gives free places away. Who is told only sets itself a task, so it may be told at once. */
    private void serve() {
        while (!lines.isEmpty() && running < maxStreams && !memory.shedding()) {
            Account next = lines.stream().filter(Account::hasRoom).findFirst().orElse(null);
            if (next == null) {
                return;
            }
            Permit permit = next.waiting().getFirst();
            leaveLine(permit);
            if (!next.waiting().isEmpty()) {
                lines.addLast(next);
            }
            run(permit);
        }
    }

    private void run(Permit permit) {
        running++;
        permit.account().started();
        permit.runs();
        permit.promise().complete();
    }

    private void leaveLine(Permit permit) {
        Account account = permit.account();
        account.waiting().remove(permit);
        if (account.waiting().isEmpty()) {
            lines.remove(account);
        }
        waiting--;
    }

    private Account account(Allowance allowance, long now) {
        return accounts.computeIfAbsent(allowance.account(), name -> {
            meters.gauge("sluice.admission.streams", limit("caller", name), this, gate -> gate.inUse(name));
            return new Account(allowance, now);
        });
    }

    private int inUse(String name) {
        synchronized (lock) {
            Account account = accounts.get(name);
            return account == null ? 0 : account.running();
        }
    }

    private void forgetIdle(long now) {
        if (now - forgotNanos >= FORGET_NANOS) {
            forgotNanos = now;
            accounts.values().removeIf(account -> account.idle(now));
        }
    }

    private Admission refused(Refusal why, Duration retryAfter) {
        count(why);
        return new Admission.Refused(why.error(retryAfter));
    }

    private void count(Refusal why) {
        meters.counter("sluice.admission.refused", "reason", why.tag()).increment();
    }

    private static Tags limit(String limit, String caller) {
        return Tags.of("limit", limit, "caller", caller);
    }
}
