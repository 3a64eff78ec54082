package dev.sluice.gateway.dialect.responses;

import dev.sluice.gateway.generation.Answer;
import dev.sluice.gateway.generation.StreamId;
import java.util.Optional;

/** What the streams of one caller answered, for requests that refer to an item instead of repeating it. */
@FunctionalInterface
public interface EarlierAnswers {

    /** Finds the whole answer of a stream that has ended and is still kept. */
    Optional<Answer> find(StreamId stream);
}
