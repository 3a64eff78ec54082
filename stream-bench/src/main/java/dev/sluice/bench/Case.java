package dev.sluice.bench;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** What can be measured. The seconds are what one way to the provider takes, roughly; broadcast has one way only. */
enum Case {
    PACED(11, 2),
    BURST(8, 1),
    SHORT(8, 1),
    WIDE(11, 5),
    FIRST(8, 1),
    GONE(5, 1),
    BROADCAST(21, 4);

    private final int seconds;
    private final int quickSeconds;

    Case(int seconds, int quickSeconds) {
        this.seconds = seconds;
        this.quickSeconds = quickSeconds;
    }

    /** Returns how long it takes on so many ways. */
    int seconds(int ways, boolean quick) {
        return (this == BROADCAST ? 1 : ways) * (quick ? quickSeconds : seconds);
    }

    /** All of them, or the quick ones. */
    static Set<Case> usual(boolean quick) {
        return quick ? EnumSet.complementOf(EnumSet.of(WIDE)) : EnumSet.allOf(Case.class);
    }

    /**
     * Reads names with commas between them.
     *
     * @throws IllegalArgumentException with a sentence for the user
     */
    static Set<Case> parse(String names) {
        Set<Case> cases = EnumSet.noneOf(Case.class);
        for (String name : names.split(",", -1)) {
            cases.add(Arrays.stream(values())
                    .filter(known -> known.toString().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("There is no case " + name + "; there are "
                            + Arrays.stream(values()).map(Case::toString).collect(Collectors.joining(", ")) + ".")));
        }
        return cases;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
