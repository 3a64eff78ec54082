package dev.sluice.bench;

import dev.sluice.bench.faults.Faults;
import dev.sluice.bench.soak.Soak;
import dev.sluice.bench.upstream.Upstream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** What {@code ./dev} starts: {@code bench}, {@code soak}, {@code faults}, {@code train}, or the provider that each of them starts for itself. */
final class Main {

    private static final int FAILED = 1;
    private static final int MISUSED = 2;

    private Main() {}

    /**
     * Runs a tool.
     *
     * @param arguments its name, its options, {@code --}, and the command that starts a gateway
     */
    public static void main(String[] arguments) throws InterruptedException {
        List<String> all = Arrays.asList(arguments);
        int border = all.indexOf("--");
        if (all.isEmpty() || border < 0) {
            System.err.println(
                    "usage: bench|soak|faults|train [options] -- <command of a gateway>, as ./dev starts it");
            System.exit(MISUSED);
        }
        List<String> options = all.subList(1, border);
        List<String> gateway = all.subList(border + 1, all.size());
        try {
            System.exit(
                    switch (all.getFirst()) {
                        case "bench" -> Bench.run(BenchOptions.parse(options), gateway);
                        case "soak" -> Soak.run(options, gateway);
                        case "faults" -> Faults.run(options, gateway);
                        case "train" -> Training.run(options, gateway);
                        case "upstream" -> {
                            Upstream.serve();
                            yield 0;
                        }
                        default -> throw new IllegalArgumentException("There is no tool " + all.getFirst() + ".");
                    });
        } catch (IOException e) {
            System.err.println(e.getMessage());
            System.exit(FAILED);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(MISUSED);
        }
    }
}
