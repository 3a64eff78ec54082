package dev.sluice.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.admission.Admission.Admitted;
import dev.sluice.gateway.admission.Admission.Refused;
import dev.sluice.gateway.generation.ErrorCode;
import dev.sluice.gateway.testing.Configured;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AdmissionGateTest {

    private final AdmissionGate gate = new AdmissionGate(Configured.with(
            AdmissionConfig.class, Map.of("sluice.admission.max-streams", "2", "sluice.admission.retry-after", "3s")));

    @Test
    void admitsAsManyAsMayRunAndRefusesOneMore() {
        admit();
        admit();

        assertThat(gate.enter()).isInstanceOfSatisfying(Refused.class, refused -> {
            assertThat(refused.error().code()).isEqualTo(ErrorCode.OVERLOADED);
            assertThat(refused.error().retryAfter()).isEqualTo(Duration.ofSeconds(3));
        });
        assertThat(gate.inUse()).as("a refusal takes no place").isEqualTo(2);
    }

    @Test
    void admitsAgainWhenAPermitComesBack() {
        Permit first = admit();
        admit();

        first.close();

        admit();
        assertThat(gate.inUse()).isEqualTo(2);
    }

    @Test
    void countsAPermitThatComesBackTwiceOnce() {
        Permit first = admit();
        admit();

        first.close();
        first.close();

        assertThat(gate.inUse()).isEqualTo(1);
    }

    private Permit admit() {
        Admission admission = gate.enter();
        assertThat(admission).isInstanceOf(Admitted.class);
        return ((Admitted) admission).permit();
    }
}
