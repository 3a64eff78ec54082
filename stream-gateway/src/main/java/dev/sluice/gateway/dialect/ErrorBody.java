package dev.sluice.gateway.dialect;

import dev.sluice.gateway.generation.ErrorCode;
import dev.sluice.gateway.generation.GatewayError;

/** OpenAI's error object, which every endpoint answers with before the first byte. */
public final class ErrorBody {

    private ErrorBody() {}

    /** Returns the whole JSON body. */
    public static byte[] of(GatewayError error) {
        return append(error, new Utf8Buffer(256)).toBytes();
    }

    /** Appends the whole JSON body. */
    public static Utf8Buffer append(GatewayError error, Utf8Buffer out) {
        return appendObject(error, out.raw("{\"error\":")).raw("}");
    }

    /** Appends the error object alone. All four keys are always there, since clients rely on them. */
    public static Utf8Buffer appendObject(GatewayError error, Utf8Buffer out) {
        out.raw("{\"message\":").string(error.message());
        out.raw(",\"type\":").string(error.code().type());
        out.raw(",\"param\":").string(error.param());
        out.raw(",\"code\":").string(error.code().name());
        if (error.upstreamCode() != null) {
            out.raw(",\"upstream_code\":").string(error.upstreamCode());
        }
        ErrorCode cause = error.lastCause();
        if (cause != null) {
            out.raw(",\"cause\":").string(cause.name());
        }
        if (error.phase() != null && error.code() == ErrorCode.TIMEOUT) {
            out.raw(",\"phase\":").string(error.phase().wireName());
        }
        return out.raw("}");
    }
}
