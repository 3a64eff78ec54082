package dev.sluice.provider;

/**
 * Text that must not be shown.
 *
 * @param value the secret itself, for the one place that sends it
 */
public record Secret(String value) {

    /** Hides the value, so that no log line and no error message can show it. */
    @Override
    public String toString() {
        return "***";
    }
}
