package dev.sluice.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class OpenFilesTest {

    @Test
    void asManyStreamsRunAsTheirSocketsMayBeOpened() {
        assertThat(maxStreams(Optional.empty(), 1_024)).isEqualTo(384);
        assertThat(maxStreams(Optional.empty(), 1_000_000)).isEqualTo(20_000);
        assertThat(maxStreams(Optional.empty(), 10)).isEqualTo(1);
    }

    @Test
    void whoeverMayWaitNeedsASocketToo() {
        OpenFiles files = OpenFiles.limitedTo(OptionalLong.of(20_000));

        assertThat(files.maxStreams(Optional.empty(), 500)).isEqualTo(9_622);
        assertThat(files.maxStreams(Optional.empty(), Integer.MAX_VALUE)).isEqualTo(1);
        assertThat(files.maxStreams(Optional.of(9_900), 500)).isEqualTo(9_900);
    }

    @Test
    void whatIsConfiguredHoldsWhateverTheFiles() {
        assertThat(maxStreams(Optional.of(5_000), 1_024)).isEqualTo(5_000);
        assertThat(maxStreams(Optional.of(50_000), 1_000_000)).isEqualTo(50_000);
    }

    @Test
    void whereTheLimitIsNotKnownItDoesNotCount() {
        assertThat(OpenFiles.limitedTo(OptionalLong.empty()).maxStreams(Optional.empty(), 500))
                .isEqualTo(20_000);
    }

    private static int maxStreams(Optional<Integer> configured, long files) {
        return OpenFiles.limitedTo(OptionalLong.of(files)).maxStreams(configured, 0);
    }
}
