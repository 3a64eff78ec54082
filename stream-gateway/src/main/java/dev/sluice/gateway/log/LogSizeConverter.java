package dev.sluice.gateway.log;

import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import java.math.BigInteger;
import org.eclipse.microprofile.config.spi.Converter;
import org.jspecify.annotations.Nullable;

/** Reads how large logs may be: from one byte to a tebibyte, since a log that may hold nothing tells its readers nothing. */
public final class LogSizeConverter implements Converter<MemorySize> {

    private static final long serialVersionUID = 1L;

    private static final BigInteger MOST = BigInteger.ONE.shiftLeft(40);
    private static final MemorySizeConverter SIZES = new MemorySizeConverter();

    @Override
    public @Nullable MemorySize convert(String value) {
        MemorySize size = SIZES.convert(value);
        if (size != null
                && (size.asBigInteger().signum() == 0 || size.asBigInteger().compareTo(MOST) > 0)) {
            throw new IllegalArgumentException("must be from 1 to 1024G");
        }
        return size;
    }
}
