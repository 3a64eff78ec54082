package dev.sluice.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.stream.TokenUsage;
import org.junit.jupiter.api.Test;

class BeginningTest {

    private static final String ASKED =
            "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"max_tokens\":20,\"seed\":1}";

    private final ChatRequest request = ChatRequest.of(read(ASKED));
    private final Beginning beginning = new Beginning("Hello, wor", 3);

    @Test
    void comesAfterTheConversationAsTheAssistantsWords() {
        assertThat(beginning.asPrefill(request).body())
                .hasToString("{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"},"
                        + "{\"role\":\"assistant\",\"content\":\"Hello, wor\"}],\"max_tokens\":17,\"seed\":1}");
    }

    @Test
    void isFollowedByAnInstructionWhereAModelTakesTurns() {
        ChatRequest turn = beginning.asTurn(request);

        assertThat(turn.messages()).hasSize(3);
        assertThat(turn.messages().get(2).path("role").asText()).isEqualTo("user");
        assertThat(turn.messages().get(2).path("content").asText())
                .startsWith("Your answer was cut off")
                .doesNotContain("\n");
    }

    @Test
    void leavesTheRequestAsItWas() {
        beginning.asTurn(request);

        assertThat(request.body()).isEqualTo(read(ASKED));
    }

    @Test
    void leavesRoomForOneTokenAtLeast() {
        assertThat(new Beginning("Hello", 30)
                        .asPrefill(request)
                        .body()
                        .path("max_tokens")
                        .asInt())
                .isEqualTo(1);
    }

    @Test
    void tellsNothingOfItsContent() {
        assertThat(beginning).hasToString("Beginning[10 characters]");
    }

    @Test
    void usageOfTwoCallsAddsUp() {
        assertThat(new TokenUsage(1, 2, 3L, null).plus(new TokenUsage(10, 20, 30L, 4L)))
                .isEqualTo(new TokenUsage(11, 22, 33L, 4L));
        assertThat(TokenUsage.of(1, 2).plus(TokenUsage.of(1, 2))).isEqualTo(TokenUsage.of(2, 4));
    }

    private static ObjectNode read(String json) {
        try {
            return (ObjectNode) new ObjectMapper().readTree(json);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }
}
