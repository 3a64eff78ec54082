package dev.sluice.bench.figures;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/** What a process costs while something is measured: its CPU time, and its memory where Linux tells. */
public final class ProcessMeter {

    private static final double UNKNOWN = Double.NaN;

    private final ProcessHandle process;
    private final Duration cpuBefore;
    private final double mebibytesBefore;
    private double peakMebibytes;

    /** Begins to measure. */
    public ProcessMeter(ProcessHandle process) {
        this.process = process;
        this.cpuBefore = cpu();
        this.mebibytesBefore = mebibytes();
        this.peakMebibytes = mebibytesBefore;
    }

    /** Looks at the memory; to be called now and then, since the peak is what was seen. */
    public void sample() {
        peakMebibytes = Math.max(peakMebibytes, mebibytes());
    }

    /** Returns the CPU time since the beginning in microseconds, not a number where the system does not tell. */
    public double cpuMicros() {
        Duration now = cpu();
        return now.isZero() ? UNKNOWN : now.minus(cpuBefore).toNanos() / 1e3;
    }

    /** Returns the largest resident memory that was seen, in MiB. */
    public double peakMebibytes() {
        return peakMebibytes;
    }

    /** Returns by how much the resident memory grew, in MiB. */
    public double grownMebibytes() {
        return peakMebibytes - mebibytesBefore;
    }

    private Duration cpu() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    private double mebibytes() {
        return field("status", "VmRSS:") / 1024;
    }

    /** Returns how many files the process may open, not a number where the system does not tell. */
    public double maxFiles() {
        return field("limits", "Max open files");
    }

    /** Returns how many sockets the process has, not a number where the system does not tell. */
    public double sockets() {
        try (Stream<Path> files = Files.list(proc("fd"))) {
            return files.filter(ProcessMeter::isSocket).count();
        } catch (IOException _) {
            return UNKNOWN;
        }
    }

    /** Returns how many threads the process has, not a number where the system does not tell. */
    public double threads() {
        return field("status", "Threads:");
    }

    private double field(String file, String name) {
        try (Stream<String> lines = Files.lines(proc(file), StandardCharsets.ISO_8859_1)) {
            return lines.filter(line -> line.startsWith(name))
                    .map(line -> line.substring(name.length()).strip().split("\\s+", 2)[0])
                    .mapToDouble(Double::parseDouble)
                    .findFirst()
                    .orElse(UNKNOWN);
        } catch (IOException | java.io.UncheckedIOException _) {
            return UNKNOWN;
        }
    }

    private Path proc(String file) {
        return Path.of("/proc", Long.toString(process.pid()), file);
    }

    private static boolean isSocket(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
        } catch (IOException _) {
            return false;
        }
    }
}
