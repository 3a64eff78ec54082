package dev.sluice.provider.simulator;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Counts the attempts of each request.
 *
 * <p>By the identity of what all attempts share, since equal requests are not the same, and weakly, so that a count lives no
 * longer than its request. Thread-safe.
 */
final class AttemptCounter {

    private final Map<Key, AtomicInteger> counts = new ConcurrentHashMap<>();
    private final ReferenceQueue<Object> forgotten = new ReferenceQueue<>();

    /** Returns 1 for the first attempt of this request, 2 for the second, and so on. */
    int next(Object request) {
        forget();
        return counts.computeIfAbsent(new Key(request, forgotten), _ -> new AtomicInteger())
                .incrementAndGet();
    }

    /** Returns how many requests are remembered. */
    int size() {
        forget();
        return counts.size();
    }

    private void forget() {
        for (Reference<?> key = forgotten.poll(); key != null; key = forgotten.poll()) {
            counts.remove(key);
        }
    }

    private static final class Key extends WeakReference<Object> {

        private final int hash;

        Key(Object request, ReferenceQueue<Object> queue) {
            super(request, queue);
            this.hash = System.identityHashCode(request);
        }

        @Override
        public int hashCode() {
            return hash;
        }

        /** A key whose request is gone equals only itself, which is how it is still found and removed. */
        @Override
        public boolean equals(@Nullable Object other) {
            if (this == other) {
                return true;
            }
            Object request = get();
            return request != null && other instanceof Key key && key.refersTo(request);
        }
    }
}
