package dev.sluice.gateway.dialect;

import dev.sluice.gateway.generation.Answer;
import dev.sluice.gateway.generation.GenerationInfo;

/** A format in which clients get an answer either as a stream or whole. Of a failure they expect a real HTTP status in both. */
public interface AnswerDialect extends Dialect {

    @Override
    default boolean holdsHead() {
        return true;
    }

    /** Returns a whole answer as the JSON body of one response. */
    byte[] whole(GenerationInfo info, Answer answer);
}
