package dev.sluice.gateway.generation;

import java.security.SecureRandom;
import java.util.Optional;

/**
 * The public name of a stream, unique among the streams of one caller.
 *
 * @param value 1 to 128 characters of {@code A–Z a–z 0–9 _ -}
 */
public record StreamId(String value) {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
    private static final int RANDOM_CHARACTERS = 26;
    private static final int MAX_LENGTH = 128;

    public StreamId {
        if (!valid(value)) {
            throw new IllegalArgumentException("not a stream id");
        }
    }

    /** Mints an id with 130 random bits, which nobody can guess. */
    public static StreamId random() {
        byte[] bits = new byte[RANDOM_CHARACTERS];
        RANDOM.nextBytes(bits);
        StringBuilder id = new StringBuilder(4 + RANDOM_CHARACTERS).append("str_");
        for (byte five : bits) {
            id.append(ALPHABET.charAt(five & 31));
        }
        return new StreamId(id.toString());
    }

    /** Reads an id that a caller chose; empty where it is not one. */
    public static Optional<StreamId> parse(String text) {
        return valid(text) ? Optional.of(new StreamId(text)) : Optional.empty();
    }

    private static boolean valid(String text) {
        return !text.isEmpty() && text.length() <= MAX_LENGTH && text.chars().allMatch(StreamId::allowed);
    }

    private static boolean allowed(int character) {
        return (character >= 'a' && character <= 'z')
                || (character >= 'A' && character <= 'Z')
                || (character >= '0' && character <= '9')
                || character == '_'
                || character == '-';
    }

    @Override
    public String toString() {
        return value;
    }
}
