package dev.sluice.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.admission.HeapLevel.Reading;
import org.junit.jupiter.api.Test;

class HeapLevelTest {

    @Test
    @SuppressWarnings("ExplicitGC")
    void tellsWhatACollectionLeft() {
        Reading before = HeapLevel.ofThisProcess().orElseThrow().get();

        System.gc();
        Reading after = HeapLevel.ofThisProcess().orElseThrow().get();

        assertThat(after.collections()).isGreaterThan(before.collections());
        assertThat(after.used()).isBetween(0.001, 0.99);
    }
}
