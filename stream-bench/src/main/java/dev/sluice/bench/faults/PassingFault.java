package dev.sluice.bench.faults;

import dev.sluice.bench.upstream.Script;

/** What goes wrong before the first chunk and may go right the next time. */
enum PassingFault {
    ERROR_500 {
        @Override
        Script in(Script script) {
            return script.failing(500, 0);
        }
    },
    ERROR_503 {
        @Override
        Script in(Script script) {
            return script.failing(503, 0);
        }
    },
    ERROR_429 {
        @Override
        Script in(Script script) {
            return script.failing(429, 0);
        }
    },
    RESET {
        @Override
        Script in(Script script) {
            return script.dying(0);
        }
    },
    SILENCE {
        @Override
        Script in(Script script) {
            return script.stalling(0);
        }
    };

    /** Returns the script in which it happens. */
    abstract Script in(Script script);
}
