package dev.sluice.gateway.dialect;

import dev.sluice.gateway.generation.Answer;
import dev.sluice.gateway.generation.GenerationInfo;

/** A format in which clients get an answer either as a stream or whole. */
public interface AnswerDialect extends Dialect {

    /** Returns a whole answer as the JSON body of one response. */
    byte[] whole(GenerationInfo info, Answer answer);
}
