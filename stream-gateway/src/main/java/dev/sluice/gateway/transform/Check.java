package dev.sluice.gateway.transform;

/** Looks closer at what a pattern matched. */
enum Check {
    /** Every match counts. */
    NONE,
    /** The longest beginning counts that is a payment card's number: 13 to 19 digits whose Luhn sum is right. */
    CARD_NUMBER,
    /** The longest beginning counts that is an IBAN: 15 to 34 characters whose remainder by 97 is right. */
    IBAN,
    /** An IPv6 address has eight groups, or fewer and once a double colon. What has no colon counts. */
    IP_ADDRESS;

    /**
     * Looks at a match.
     *
     * @return the end of what counts of it, {@code from} where nothing does
     */
    int accept(CharSequence text, int from, int to) {
        return switch (this) {
            case NONE -> to;
            case CARD_NUMBER -> cardNumber(text, from, to);
            case IBAN -> iban(text, from, to);
            case IP_ADDRESS -> ipAddress(text, from, to);
        };
    }

    private static int cardNumber(CharSequence text, int from, int to) {
        for (int end = to; end > from; end--) {
            boolean whole = isDigit(text.charAt(end - 1)) && (end == text.length() || !isDigit(text.charAt(end)));
            if (whole && luhn(text, from, end)) {
                return end;
            }
        }
        return from;
    }

    private static int iban(CharSequence text, int from, int to) {
        for (int end = to; end > from; end--) {
            boolean whole = text.charAt(end - 1) != ' ' && (end == text.length() || !isUpperOrDigit(text.charAt(end)));
            if (whole && modulo97(text, from, end)) {
                return end;
            }
        }
        return from;
    }

    private static int ipAddress(CharSequence text, int from, int to) {
        int colons = 0;
        int doubles = 0;
        int groups = 0;
        boolean dotted = false;
        for (int i = from; i < to; i++) {
            char character = text.charAt(i);
            if (character == ':') {
                colons++;
                doubles += i > from && text.charAt(i - 1) == ':' ? 1 : 0;
            } else if (i == from || text.charAt(i - 1) == ':') {
                groups++;
            }
            dotted |= character == '.';
        }
        if (colons == 0) {
            return to;
        }
        int all = groups + (dotted ? 1 : 0);
        boolean open = (text.charAt(from) == ':' && text.charAt(from + 1) != ':')
                || (text.charAt(to - 1) == ':' && text.charAt(to - 2) != ':');
        boolean address = !open && (doubles == 0 ? all == 8 : doubles == 1 && all >= 1 && all <= 7);
        return address ? to : from;
    }

    private static boolean luhn(CharSequence text, int from, int to) {
        int digits = 0;
        int sum = 0;
        for (int i = to - 1; i >= from; i--) {
            if (isDigit(text.charAt(i))) {
                int digit = text.charAt(i) - '0';
                int weighted = digits++ % 2 == 0 ? digit : 2 * digit;
                sum += weighted > 9 ? weighted - 9 : weighted;
            }
        }
        return digits >= 13 && digits <= 19 && sum > 0 && sum % 10 == 0;
    }

    private static boolean modulo97(CharSequence text, int from, int to) {
        StringBuilder compact = new StringBuilder(34);
        for (int i = from; i < to; i++) {
            if (text.charAt(i) != ' ') {
                compact.append(text.charAt(i));
            }
        }
        if (compact.length() < 15 || compact.length() > 34) {
            return false;
        }
        int remainder = 0;
        for (int i = 0; i < compact.length(); i++) {
            int value = Character.digit(compact.charAt((i + 4) % compact.length()), 36);
            remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
        }
        return remainder == 1;
    }

    private static boolean isDigit(char character) {
        return character >= '0' && character <= '9';
    }

    private static boolean isUpperOrDigit(char character) {
        return isDigit(character) || (character >= 'A' && character <= 'Z');
    }
}
