package dev.sluice.gateway.generation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.generation.ErrorCode.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Holds the codes to the table that callers read, in the streaming guide. */
class ErrorCodeTest {

    private static final Path GUIDE = Path.of("..", "docs", "guides", "streaming.md");
    private static final Pattern CODE = Pattern.compile("`([A-Z_]+)`");

    private static final Map<String, Fault> FAULTS = Map.of(
            "caller", Fault.CALLER,
            "nobody: it was aborted", Fault.CALLER,
            "too much at once", Fault.CAPACITY,
            "the provider", Fault.UPSTREAM,
            "the provider, or the caller", Fault.UPSTREAM,
            "Sluice", Fault.GATEWAY);

    private record Row(ErrorCode code, String status, String whoActs, String again) {}

    @Test
    void standsInTheGuideOnce() throws IOException {
        assertThat(table()).extracting(Row::code).containsExactlyInAnyOrder(ErrorCode.values());
    }

    @Test
    void hasTheStatusThatTheGuideSays() throws IOException {
        for (Row row : table()) {
            if (row.code() != ErrorCode.MAX_RETRIES_EXCEEDED) {
                assertThat(row.status())
                        .as(row.code().name())
                        .startsWith(String.valueOf(row.code().status()));
            }
        }
        assertThat(table())
                .filteredOn(row -> row.code() == ErrorCode.MAX_RETRIES_EXCEEDED)
                .extracting(Row::status)
                .containsExactly("that of the last cause");
    }

    @Test
    void blamesWhomTheGuideBlames() throws IOException {
        for (Row row : table()) {
            assertThat(FAULTS.get(row.whoActs()))
                    .as(row.code().name())
                    .isEqualTo(row.code().fault());
        }
    }

    /** A closed door is told with its time, but a retry of the same request is not what opens it. */
    @Test
    void isRetryableWhereTheGuideSaysSo() throws IOException {
        for (Row row : table()) {
            boolean expected = switch (row.again()) {
                case "no" -> false;
                case "yes" -> true;
                case "after `Retry-After`" -> row.code() != ErrorCode.CIRCUIT_OPEN;
                default -> throw new AssertionError("the guide says " + row);
            };
            assertThat(row.code().retryable()).as(row.code().name()).isEqualTo(expected);
        }
    }

    private static List<Row> table() throws IOException {
        List<Row> rows = new ArrayList<>();
        String guide = Files.readString(GUIDE);
        for (String line : guide.substring(guide.indexOf("\n## Errors")).lines().toList()) {
            String[] cells = line.split("\\|", -1);
            if (cells.length == 6) {
                CODE.matcher(cells[1])
                        .results()
                        .map((MatchResult match) -> ErrorCode.valueOf(match.group(1)))
                        .forEach(code -> rows.add(new Row(code, cells[2].strip(), cells[3].strip(), cells[4].strip())));
            }
        }
        return rows;
    }
}
