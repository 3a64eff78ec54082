package dev.sluice.gateway.dialect.responses;

import dev.sluice.gateway.dialect.AnswerDialect;
import dev.sluice.gateway.dialect.StreamEncoder;
import dev.sluice.gateway.dialect.Utf8Buffer;
import dev.sluice.gateway.generation.Answer;
import dev.sluice.gateway.generation.GenerationInfo;

/**
 * The events of OpenAI's Responses API, for one request.
 *
 * @param echo what the response repeats of the request
 */
public record ResponsesDialect(RequestEcho echo) implements AnswerDialect {

    @Override
    public StreamEncoder encoder(GenerationInfo info) {
        return new ResponsesEncoder(info, echo);
    }

    @Override
    public byte[] whole(GenerationInfo info, Answer answer) {
        Utf8Buffer out = new Utf8Buffer(1_024 + answer.text().length());
        new ResponseObject(info, echo).ended(answer, OutputItem.of(info.key().id(), answer), out);
        return out.toBytes();
    }
}
