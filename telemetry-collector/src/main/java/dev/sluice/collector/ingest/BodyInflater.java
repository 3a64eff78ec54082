package dev.sluice.collector.ingest;

import dev.sluice.collector.api.ApiException;
import dev.sluice.collector.api.ErrorCode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** Undoes a content coding, never producing more than the limit. */
record BodyInflater(int maxBytes) {

    /**
     * The plain body.
     *
     * @throws ApiException for an unknown coding, a broken or truncated stream, or a body over the limit
     */
    byte[] inflate(byte[] body, @Nullable String coding) {
        if (coding == null || isIdentity(coding)) {
            return checked(body);
        }
        if (!isGzip(coding)) {
            throw ApiException.of(
                    ErrorCode.UNSUPPORTED_MEDIA_TYPE, "Content-Encoding must be gzip or absent", "Content-Encoding");
        }
        try (var gzip = new GZIPInputStream(new ByteArrayInputStream(body), 4096)) {
            return checked(gzip.readNBytes(maxBytes + 1));
        } catch (IOException broken) {
            throw ApiException.of(ErrorCode.INVALID_REQUEST, "The body is not a complete gzip stream", null);
        }
    }

    private byte[] checked(byte[] body) {
        if (body.length > maxBytes) {
            throw ApiException.of(ErrorCode.PAYLOAD_TOO_LARGE, "The body must not exceed " + maxBytes + " bytes", null);
        }
        return body;
    }

    private static boolean isIdentity(String coding) {
        return coding.isBlank() || coding.strip().equalsIgnoreCase("identity");
    }

    private static boolean isGzip(String coding) {
        var name = coding.strip().toLowerCase(Locale.ROOT);
        return name.equals("gzip") || name.equals("x-gzip");
    }
}
